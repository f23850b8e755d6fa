import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Problem } from '../shared/problem.js';
import type { Neo4jPrograms } from './embedded-neo4j.js';
import type { Folders } from './folders.js';

/** The one database of Neo4j Community that has our data. */
const DATABASE = 'neo4j';

/** A dump and a load are streams: measured, the process took 195 MB at 200,000 events (a store of 1.5 GB). */
const HEAP = '-Xmx512m';

/** How far a dump or a load is, in percent. */
export type OnPercent = (percent: number) => void;

/** A home that no Neo4j runs in, and what runs the programs of Neo4j. */
export interface OfflineNeo4j {
  readonly programs: Neo4jPrograms;
  readonly folders: Pick<Folders, 'home' | 'conf'>;
}

/**
 * The parts of a dump of the database, as `neo4j-admin database dump` writes it. The home must have been stopped normally.
 *
 * @throws Problem `SETUP` with what Neo4j said
 */
export async function* dumpDatabase(
  neo4j: OfflineNeo4j,
  onPercent: OnPercent,
): AsyncGenerator<Buffer> {
  const child = runAdmin(neo4j, ['dump', DATABASE, '--to-stdout']);
  const ended = endOf(child, onPercent);
  let isRead = false;
  try {
    for await (const part of child.stdout) yield part as Buffer;
    isRead = true;
  } finally {
    // Nobody takes the rest.
    if (!isRead) child.kill();
  }
  const failure = await ended;
  if (failure !== undefined) throw failed('dumped', failure);
}

/**
 * Loads a dump into a home that has no such database yet.
 *
 * @throws Problem `SETUP` with what Neo4j said
 */
export async function loadDatabase(
  neo4j: OfflineNeo4j,
  dump: Readable,
  onPercent: OnPercent,
): Promise<void> {
  const child = runAdmin(neo4j, ['load', DATABASE, '--from-stdin', '--overwrite-destination=true']);
  const ended = endOf(child, onPercent);
  child.stdout.resume();
  // Why it did not read to the end, it says itself.
  await pipeline(dump, child.stdin).catch(() => undefined);
  const failure = await ended;
  if (failure !== undefined) throw failed('loaded', failure);
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

function runAdmin(
  { programs: { java, classPath }, folders: { home, conf } }: OfflineNeo4j,
  args: readonly string[],
): Child {
  return spawn(
    java.path,
    [HEAP, `@${classPath}`, 'org.neo4j.cli.AdminTool', 'database', ...args],
    // eslint-disable-next-line no-restricted-properties -- handed on, nothing is read
    { env: { ...process.env, NEO4J_HOME: home, NEO4J_CONF: conf }, stdio: 'pipe' },
  );
}

/** What it said last, when it failed. */
async function endOf(child: Child, onPercent: OnPercent): Promise<string | undefined> {
  let [line, last] = ['', 'nothing'];
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    // The progress comes with a carriage return, or in lines.
    const lines = (line + text).split(/[\r\n]+/);
    line = lines.pop() ?? '';
    for (const each of lines) {
      const percent = /data:\s*([\d.]+)%/.exec(each)?.[1];
      if (percent !== undefined) onPercent(Number(percent));
      else if (/^\S.*\w/.test(each) && !/^(Caused by|\tat|Run with)/.test(each)) last = each;
    }
  });
  const code = await new Promise<number | NodeJS.Signals | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exit, signal) => {
      resolve(exit ?? signal);
    });
  });
  return code === 0 ? undefined : `"${last}" (exit ${String(code)})`;
}

function failed(what: string, said: string): Problem {
  return new Problem('SETUP', `The database could not be ${what}. Neo4j said last: ${said}`);
}
