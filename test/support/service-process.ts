import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { compiledSources } from './compiled-sources.js';

/** A service as a process of its own. */
export interface ServiceProcess {
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
}

/** A process that has loaded the service and waits to be told to start it. */
export interface StandbyService extends ServiceProcess {
  /** Starts the service; gives its address. */
  readonly start: () => Promise<string>;
}

/** The Neo4j a service is to use. */
export interface Neo4jToUse {
  readonly uri: string;
  readonly user: string;
  readonly password: string;
}

const STAND_BY = 'test/support/serve-when-told';

interface Spawned extends ServiceProcess {
  readonly write: (line: string) => void;
  readonly nextLine: () => Promise<string>;
}

/** The settings by which a service finds a Neo4j. */
export function useNeo4j({ uri, user, password }: Neo4jToUse): Record<string, string> {
  return { NEO4J_URI: uri, NEO4J_USER: user, NEO4J_PASSWORD: password };
}

async function spawnService(
  script: string,
  args: readonly string[],
  env: Record<string, string>,
): Promise<Spawned> {
  const main = join(await compiledSources(), `${script}.js`);
  const child = spawn(process.execPath, [main, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: environmentWith(env),
  });
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.once('exit', (code, signal) => {
      resolve(code ?? signal);
    });
  });
  // A process that ended does not take the line it is sent.
  child.stdin.on('error', () => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    ended,
    kill: (signal) => {
      child.kill(signal);
    },
    write: (line) => {
      child.stdin.write(`${line}\n`);
    },
    nextLine: async () => {
      const line: IteratorResult<string, unknown> = await lines.next();
      if (line.done === true) throw new Error(`The service ended: ${String(await ended)}`);
      return line.value;
    },
  };
}

/** Spawns a service that is loaded but not started, on a free port. */
export async function standBy(neo4j: Neo4jToUse): Promise<StandbyService> {
  const { ended, kill, write, nextLine } = await spawnService(STAND_BY, [], useNeo4j(neo4j));
  await nextLine();
  return {
    ended,
    kill,
    start: () => {
      write('start');
      return nextLine();
    },
  };
}

/** `custody-graph start` as a process of its own. */
export interface StartedService extends ServiceProcess {
  readonly url: string;
}

/** Runs `custody-graph start` with these settings, on a free port; resolves when it says that it is ready. */
export async function runStart(
  neo4j: Neo4jToUse | undefined,
  settings: Record<string, string> = {},
): Promise<StartedService> {
  const env = { ...(neo4j === undefined ? {} : useNeo4j(neo4j)), ...settings };
  const { ended, kill, nextLine } = await spawnService('src/cli/main', ['start'], env);
  for (;;) {
    const url = /(http:\S+)\/epcis\/capture$/.exec(await nextLine())?.[1];
    if (url !== undefined) return { ended, kill, url };
  }
}

/** A command that ended. */
export interface EndedCommand {
  readonly code: number | NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

/** Runs `custody-graph` with these arguments and settings, on a free port unless they say otherwise; with this on standard input. */
export async function runCommand(
  args: readonly string[],
  settings: Record<string, string> = {},
  { cwd, input = '' }: { readonly cwd?: string; readonly input?: string } = {},
): Promise<EndedCommand> {
  const { ended, said } = await spawnCommand(args, settings, { cwd, input });
  return { code: await ended, ...said };
}

/** A command that runs. */
export interface RunningCommand extends ServiceProcess {
  readonly said: { out: string; err: string };
  /** What it says on standard error, as soon as that matches. */
  readonly untilSaid: (expected: RegExp) => Promise<string>;
}

/** Like {@link runCommand}, without waiting for the end. */
export async function spawnCommand(
  args: readonly string[],
  settings: Record<string, string>,
  { cwd, input }: { readonly cwd?: string | undefined; readonly input?: string } = {},
): Promise<RunningCommand> {
  const main = join(await compiledSources(), 'src/cli/main.js');
  const child = spawn(process.execPath, [main, ...args], { cwd, env: environmentWith(settings) });
  if (input !== undefined) child.stdin.end(input);
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.err += text));
  const ended = once(child, 'close').then(() => child.exitCode ?? child.signalCode);
  return {
    ...{ said, ended },
    kill: (signal) => child.kill(signal),
    untilSaid: async (expected) => {
      for (;;) {
        const [found] = expected.exec(said.err) ?? [];
        if (found !== undefined) return found;
        await once(child.stderr, 'data');
      }
    },
  };
}

function environmentWith(settings: Record<string, string>): NodeJS.ProcessEnv {
  return {
    // eslint-disable-next-line no-restricted-properties -- handed on, nothing is read
    ...process.env,
    NODE_OPTIONS: '',
    PORT: '0',
    DEMO: 'false',
    LOG_LEVEL: 'silent',
    PREPARE_PLANS: 'false',
    ...settings,
  };
}
