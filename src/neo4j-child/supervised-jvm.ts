import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What the supervisor is to run. */
export interface JvmOrder {
  readonly java: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** File that takes what the JVM prints. */
  readonly log: string;
  /** From asking it to stop to killing it. */
  readonly stopMs: number;
  /** How often it is started again when it dies by itself; begins anew after a minute of health. */
  readonly restarts: number;
}

/** A JVM that dies with this process. */
export interface SupervisedJvm {
  /** Process id of the JVM; changes when it had to be started again. */
  readonly pid: number | undefined;
  readonly supervisorPid: number;
  /** Resolves when it is gone for good. */
  readonly gone: Promise<string>;
  /** Calls with the new process id at every start. */
  onStart(listener: (pid: number) => void): void;
  /** Calls when it ended by itself and is started again, with how it ended and the how-manieth time that is. */
  onRestart(listener: (how: string, again: number) => void): void;
  /** Ends it so that it is started again. */
  restart(): void;
  stop(): Promise<void>;
}

interface Message {
  readonly pid?: number;
  readonly ended?: string | number | null;
  readonly again?: number;
  readonly exit?: string | number | null;
}

// Beside package.json, two folders up from src/neo4j-child and from dist/neo4j-child alike.
const supervisor = fileURLToPath(new URL('../../bin/neo4j-supervisor.js', import.meta.url));

/** Starts the JVM under `bin/neo4j-supervisor.js`. Neither keeps this process alive. */
export function superviseJvm(order: JvmOrder): SupervisedJvm {
  const child: ChildProcess = fork(supervisor, [JSON.stringify(order)], {
    detached: true,
    execArgv: [],
    // Not the parent's: a test run's or a debugger's NODE_OPTIONS would apply to it as well.
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
