import { rmSync, statfsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { execFileSync } from 'node:child_process';
import { cypher } from '../../src/graph/cypher.js';
import { openGraph } from '../../src/graph/graph.js';
import { findRunningNeo4j } from '../../src/neo4j-child/embedded-neo4j.js';
import { signalProcess } from '../../src/neo4j-child/process-identity.js';
import { runStart } from '../support/service-process.js';
import type { StartedService } from '../support/service-process.js';
import { nightly } from '../support/test-settings.js';

const grow = cypher('test.grow')`
UNWIND range(1, 20000) AS i CREATE (:Lot {id: randomUUID() + i})`;
const jars = fileURLToPath(new URL('../../.data/neo4j', import.meta.url));

const onNights = nightly ? test : test.skip;
/** A small disk of its own needs a tmpfs, and that needs root. */
const onSmallDisk = nightly && process.getuid?.() === 0 ? test : test.skip;

const folders: string[] = [];
const services: StartedService[] = [];
afterAll(async () => {
  for (const service of services) service.kill('SIGKILL');
  for (const folder of folders)
    await rm(folder, { recursive: true, force: true, maxRetries: 50, retryDelay: 200 });
});

/** The service with a Neo4j of its own, in a folder of its own that shares the jars. */
async function start(
  env: Record<string, string>,
  prepare: (folder: string) => void = () => undefined,
): Promise<StartedService> {
  const folder = await mkdtemp(join(tmpdir(), 'custody-trouble-'));
  folders.push(folder);
  prepare(folder);
  await mkdir(join(folder, 'neo4j'));
  for (const name of await readdir(jars))
    if (name.startsWith('lib-')) await symlink(join(jars, name), join(folder, 'neo4j', name));
  const service = await runStart(undefined, { DATA_DIR: folder, NEO4J_HEAP_MB: '512', ...env });
  services.push(service);
  return service;
}

const dataDir = (): string => folders.at(-1) ?? '';

async function neo4jPid(): Promise<number> {
  const running = await readFile(join(dataDir(), 'neo4j', 'running.json'), 'utf8');
  return (JSON.parse(running) as { pid: number }).pid;
}

async function parentOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8');
  return Number(status.slice(status.lastIndexOf(')') + 2).split(' ')[1]);
}

interface Timed {
  readonly status: number;
  readonly ms: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

async function timed(url: string, init?: RequestInit): Promise<Timed> {
  const began = performance.now();
  const answer = await fetch(url, init);
  const body = (await answer.json()) as Timed['body'];
  return { status: answer.status, ms: performance.now() - began, headers: answer.headers, body };
}

const json = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});
const capture = (url: string, name: string): Promise<Timed> =>
  timed(`${url}/epcis/capture`, json(documentOf(name)));
const ask = (url: string): Promise<Timed> =>
  timed(`${url}/graphql`, json({ query: '{ events { edges { node { id: eventId } } } }' }));

function documentOf(name: string): object {
  return {
    '@context': ['https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld'],
    type: 'EPCISDocument',
    schemaVersion: '2.0',
    creationDate: '2026-03-14T10:00:00Z',
    epcisBody: {
      eventList: [
        {
          type: 'ObjectEvent',
          eventID: `urn:x:event:${name}`,
          eventTime: '2026-03-14T09:00:00Z',
          eventTimeZoneOffset: '+00:00',
          action: 'OBSERVE',
          epcList: ['urn:epc:id:sgtin:9506000.013435.T1'],
        },
      ],
    },
  };
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds().catch(() => false))) await sleep(100);
}

onNights(
  'a Neo4j that hangs is told within the limits, on every way; when it goes on so does the service, and SIGTERM ends it in time',
  async () => {
    const { url, kill, ended } = await start({
      QUERY_TIMEOUT_MS: '2500',
      WRITE_TIMEOUT_MS: '4000',
      SHUTDOWN_TIMEOUT_MS: '3000',
    });
    const modes = [];
    for (const name of ['', 'neo4j', 'neo4j/home', 'neo4j/home/data', 'neo4j/password'])
      modes.push((await stat(join(dataDir(), name))).mode & 0o077);
    expect(modes).toEqual([0, 0, 0, 0, 0]);
    // A cold Neo4j on a busy machine may need longer than the limit.
    await until(async () => (await capture(url, 'before')).status === 202);

    signalProcess(await neo4jPid(), 'SIGSTOP');
    const [live, ready, asked, queried, captured] = await Promise.all([
      timed(`${url}/health/live`),
      timed(`${url}/health/ready`),
      ask(url),
      timed(`${url}/epcis/events`),
      capture(url, 'hanging'),
    ]);
    expect(live).toMatchObject({ status: 200, body: { status: 'live' } });
    expect(ready).toMatchObject({ status: 503, body: { reason: 'Neo4j does not answer' } });
    expect(asked.body['errors']).toMatchObject([{ extensions: { code: 'SERVICE_UNAVAILABLE' } }]);
    for (const problem of [queried, captured]) {
      expect(problem).toMatchObject({ status: 503, body: { code: 'SERVICE_UNAVAILABLE' } });
      expect(problem.headers.get('retry-after')).toMatch(/^\d+$/);
    }
    // Limits of 2, 2.5 and 4 s; the rest is for a busy machine.
    expect([ready, asked, queried].filter(({ ms }) => ms > 5000)).toEqual([]);
    expect(captured.ms).toBeLessThan(6500);

    signalProcess(await neo4jPid(), 'SIGCONT');
    await until(async () => (await timed(`${url}/health/ready`)).status === 200);
    await until(async () => (await capture(url, 'after')).status === 202);

    const pid = await neo4jPid();
    signalProcess(pid, 'SIGSTOP');
    const hanging = capture(url, 'at the end').catch(() => undefined);
    await sleep(100);
    const began = performance.now();
    kill('SIGTERM');
    await expect(ended).resolves.toBe(1);
    expect(performance.now() - began).toBeLessThan(5000);
    await hanging;
    // Its Neo4j goes with it.
    await until(() =>
      parentOf(pid).then(
        () => false,
        () => true,
      ),
    );
  },
  300_000,
);

onNights(
  'a Neo4j that is gone for good ends the service with exit code 1',
  async () => {
    const { ended } = await start({});

    signalProcess(await parentOf(await neo4jPid()), 'SIGKILL');

    await expect(ended).resolves.toBe(1);
    const pid = await neo4jPid();
    await until(() =>
      parentOf(pid).then(
        () => false,
        () => true,
      ),
    );
  },
  600_000,
);

onSmallDisk(
  'a full disk: captures are refused before Neo4j breaks, and a database that stopped is started again',
  async () => {
    const mount = (folder: string): void => {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=700m', 'tmpfs', folder]);
    };
    const { url, kill, ended } = await start(
      { MIN_FREE_MB: '200', SHUTDOWN_TIMEOUT_MS: '120000' },
      mount,
    );
    const filler = join(dataDir(), 'filler');
    /** Leaves so many MB free. */
    const leave = (mb: number): void => {
      rmSync(filler, { force: true });
      const { bavail, bsize } = statfsSync(dataDir());
      execFileSync('fallocate', ['-l', String(bavail * bsize - mb * 2 ** 20), filler]);
    };
    try {
      await until(async () => (await capture(url, 'before')).status === 202);

      leave(100);
      await expect(capture(url, 'full')).resolves.toMatchObject({
        status: 507,
        body: { code: 'INSUFFICIENT_STORAGE' },
      });
      await expect(ask(url)).resolves.toMatchObject({ body: { data: {} } });

      // What refuses captures is taken away, so that Neo4j itself meets the full disk.
      rmSync(filler);
      const pid = await neo4jPid();
      const running = await findRunningNeo4j(dataDir());
      const graph = openGraph({ ...running!, retryMs: 100 });
      leave(1);
      const fill = (): Promise<boolean> =>
        graph
          .write((tx) => tx.run(grow))
          .then(
            () => true,
            () => false,
          );
      for (let fits = true; fits;) fits = await fill();
      await graph.close();
      await until(async () => (await timed(`${url}/health/ready`)).status === 503);
      const { body } = await timed(`${url}/health/live`);
      expect(body['waitsFor']).toContain('is started again when there is space');
      await expect(capture(url, 'stopped')).resolves.toMatchObject({ status: 507 });

      rmSync(filler);
      await until(async () => (await timed(`${url}/health/ready`)).status === 200);
      expect(await neo4jPid()).not.toBe(pid);
      await until(async () => (await capture(url, 'again')).status === 202);
      await expect(timed(`${url}/epcis/events/urn:x:event:before`)).resolves.toMatchObject({
        status: 200,
      });
      kill('SIGTERM');
      await expect(ended).resolves.toBe(0);

      leave(20);
      await expect(runStart(undefined, { DATA_DIR: dataDir() })).rejects.toThrow(
        'The service ended: 1',
      );
    } finally {
      kill('SIGKILL');
      await ended;
      await until(async () => (await findRunningNeo4j(dataDir())) === undefined);
      execFileSync('umount', ['-l', dataDir()]);
    }
  },
  1_800_000,
);
