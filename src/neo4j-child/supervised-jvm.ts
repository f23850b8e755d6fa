import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What the supervisor must run. */
export interface JvmOrder {
  readonly java: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** File for the output of the JVM. */
  readonly log: string;
  /** Time between asking it to stop and killing it, ms. */
  readonly stopMs: number;
  /** How often it is started again after a crash; counts from 0 again after a healthy minute. */
  readonly restarts: number;
}

/** A JVM that dies with this process. */
export interface SupervisedJvm {
  /** Process id of the JVM; it changes with each restart. */
  readonly pid: number | undefined;
  readonly supervisorPid: number;
  /** Resolves when it has ended and will not be started again. */
  readonly gone: Promise<string>;
  /** Calls the listener with the new process id at every start. */
  onStart(listener: (pid: number) => void): void;
  /** Calls the listener at each start after a crash, with how it ended and the count of tries. */
  onRestart(listener: (how: string, again: number) => void): void;
  /** Ends it, so that it is started again. */
  restart(): void;
  stop(): Promise<void>;
}

interface Message {
  readonly pid?: number;
  readonly ended?: string | number | null;
  readonly again?: number;
  readonly exit?: string | number | null;
}

// In the project root, two folders up from src/neo4j-child and from dist/neo4j-child.
const supervisor = fileURLToPath(new URL('../../bin/neo4j-supervisor.js', import.meta.url));

/** Starts the JVM under `bin/neo4j-supervisor.js`. Neither of them keeps this process alive. */
export function superviseJvm(order: JvmOrder): SupervisedJvm {
  const child: ChildProcess = fork(supervisor, [JSON.stringify(order)], {
    detached: true,
    execArgv: [],
    // Not inherited, because NODE_OPTIONS of a test run or a debugger would apply here too.
    env: { ...inheritedForJava(), NODE_OPTIONS: '' },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const listeners: ((pid: number) => void)[] = [];
  const restartListeners: ((how: string, again: number) => void)[] = [];
  let pid: number | undefined;
  let end = 'the supervisor ended';
  child.on('message', (message: Message) => {
    if (message.pid !== undefined) {
      pid = message.pid;
      for (const listener of listeners) listener(message.pid);
    }
    if (message.again !== undefined)
      for (const listener of restartListeners) listener(String(message.ended), message.again);
    if (message.exit !== undefined) end = `exit ${String(message.exit)}`;
  });
  const gone = new Promise<string>((resolve) => {
    child.once('error', (error) => {
      resolve(error.message);
    });
    child.once('exit', () => {
      resolve(end);
    });
  });
  child.unref();
  child.channel?.unref();
  return {
    get pid() {
      return pid;
    },
    supervisorPid: child.pid ?? 0,
    gone,
    onStart: (listener) => {
      listeners.push(listener);
    },
    onRestart: (listener) => {
      restartListeners.push(listener);
    },
    restart: () => {
      if (child.connected) child.send('restart', () => undefined);
    },
    stop: async () => {
      child.ref();
      child.channel?.ref();
      if (child.connected) child.send('stop', () => undefined);
      await gone;
    },
  };
}

function inheritedForJava(): Record<string, string | undefined> {
  // eslint-disable-next-line no-restricted-properties -- handed on to the JVM (PATH, LANG, JAVA_TOOL_OPTIONS), nothing is read
  return process.env;
}
