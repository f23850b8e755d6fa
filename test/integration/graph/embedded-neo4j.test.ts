import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { cypher } from '../../../src/graph/cypher.js';
import { openGraph } from '../../../src/graph/graph.js';
import { findRunningNeo4j } from '../../../src/neo4j-child/embedded-neo4j.js';
import { processIdentity, signalProcess } from '../../../src/neo4j-child/process-identity.js';
import { compiledSources } from '../../support/compiled-sources.js';

interface Held {
  readonly uri: string;
  readonly user: string;
  readonly password: string;
  readonly pid: number;
}

const jars = fileURLToPath(new URL('../../../.data/neo4j', import.meta.url));
const remember = cypher('test.rememberMark')`MERGE (l:Lot {id: $id})`;
const marks = cypher<{ id: string }>(
  'test.marks',
)`MATCH (l:Lot) WHERE l.id IS NOT NULL RETURN l.id AS id ORDER BY id`;

let folder: string;
const holders: ChildProcess[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'embedded-'));
});
afterAll(async () => {
  for (const holder of holders) holder.kill('SIGKILL');
  await until(async () => (await findRunningNeo4j(folder)) === undefined);
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 });
});

async function hold(): Promise<{ process: ChildProcess; said: Held & { refused?: string } }> {
  const script = join(await compiledSources(), 'test/support/hold-neo4j.js');
  const holder = spawn(process.execPath, [script, folder, jars], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  holders.push(holder);
  const [line] = (await once(createInterface({ input: holder.stdout }), 'line')) as [string];
  return { process: holder, said: JSON.parse(line) as Held & { refused?: string } };
}

async function mark(at: Held, id: string): Promise<string[]> {
  const graph = openGraph(at);
  try {
    await graph.write((tx) => tx.run(remember, { id }));
    return (await graph.read(marks)).map((row) => row.id);
  } finally {
    await graph.close();
  }
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(50);
}

const isGone = async (pid: number): Promise<boolean> => (await processIdentity(pid)) === undefined;

test('it ends with its parent, is started again, and loses nothing', async () => {
  const first = await hold();
  expect(first.said.uri).toMatch(/^bolt:\/\/127\.0\.0\.1:\d+$/);
  await expect(mark(first.said, 'a')).resolves.toEqual(['a']);

  const { mode } = await stat(join(folder, 'neo4j', 'password'));
  expect(mode & 0o777).toBe(0o600);
  const held = await findRunningNeo4j(folder);
  expect(held).toEqual({ uri: first.said.uri, user: 'neo4j', password: first.said.password });

  const second = await hold();
  expect(second.said.refused).toContain(`(${String(first.process.pid)}) already runs Neo4j`);
  await once(second.process, 'exit');
  expect(second.process.exitCode).toBe(1);

  first.process.kill('SIGKILL');
  const third = await hold();
  await expect(isGone(first.said.pid)).resolves.toBe(true);
  expect(third.said.password).toBe(first.said.password);
  await expect(mark(third.said, 'b')).resolves.toEqual(['a', 'b']);

  // The JVM is killed: its supervisor starts it again at the same address.
  signalProcess(third.said.pid, 'SIGKILL');
  await until(() => isGone(third.said.pid));
  const graph = openGraph(third.said);
  await until(() => graph.ready());
  await graph.close();
  await expect(mark(third.said, 'c')).resolves.toEqual(['a', 'b', 'c']);

  // Parent and supervisor are killed at once: the orphan is found by the next start.
  const orphan = JSON.parse(await readFile(join(folder, 'neo4j', 'running.json'), 'utf8')) as {
    pid: number;
  };
  expect(orphan.pid).not.toBe(third.said.pid);
  signalProcess(await parentOf(orphan.pid), 'SIGKILL');
  third.process.kill('SIGKILL');
  await sleep(200);
  await expect(isGone(orphan.pid)).resolves.toBe(false);
  const fourth = await hold();
  await expect(isGone(orphan.pid)).resolves.toBe(true);
  await expect(mark(fourth.said, 'd')).resolves.toEqual(['a', 'b', 'c', 'd']);
}, 600_000);

async function parentOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8');
  return Number(status.slice(status.lastIndexOf(')') + 2).split(' ')[1]);
}
