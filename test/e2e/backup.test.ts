/** Backup and restore of the store that the service itself runs, with processes as an operator starts them. */
import {
  access,
  copyFile,
  mkdir,
  mkdtemp,
  open,
  readFile,
  readdir,
  rm,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { openBackup, writeBackup } from '../../src/backup/backup-file.js';
import { runCommand, runStart, spawnCommand } from '../support/service-process.js';
import { nightly } from '../support/test-settings.js';
import type { EndedCommand, StartedService } from '../support/service-process.js';

const jars = fileURLToPath(new URL('../../.data/neo4j', import.meta.url));

/** Only against hanging: each test starts Neo4j three times, and a busy machine takes a minute for each. */
const HANGING_MS = 900_000;

let folder: string;
let settings: Record<'DATA_DIR' | 'NEO4J_HEAP_MB', string>;
let backup: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'custody-backup-'));
  const DATA_DIR = join(folder, 'data');
  settings = { DATA_DIR, NEO4J_HEAP_MB: '512' };
  backup = join(folder, 'night.backup');
  await mkdir(join(DATA_DIR, 'neo4j'), { recursive: true });
  for (const name of await readdir(jars))
    if (/^lib-|^classes-.*\.jsa$/.test(name))
      await symlink(join(jars, name), join(DATA_DIR, 'neo4j', name));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const run = (...args: string[]): Promise<EndedCommand> => runCommand(args, settings);
const start = (): Promise<StartedService> => runStart(undefined, settings);
const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

async function stop(service: StartedService): Promise<void> {
  service.kill('SIGTERM');
  await service.ended;
}

/** Captures an event of its own for each name, in one document. */
async function capture({ url }: StartedService, ...names: string[]): Promise<void> {
  const eventList = names.map((name, i) => ({
    type: 'ObjectEvent',
    eventID: `urn:x:event:${name}`,
    eventTime: `2026-03-14T09:00:0${i}Z`,
    eventTimeZoneOffset: '+00:00',
    action: 'OBSERVE',
    bizStep: 'storing',
    bizLocation: { id: 'urn:epc:id:sgln:9506000.13435.0' },
    epcList: [`urn:epc:id:sgtin:9506000.013435.${name}`],
  }));
  const answer = await fetch(`${url}/epcis/capture`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      '@context': ['https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld'],
      type: 'EPCISDocument',
      schemaVersion: '2.0',
      creationDate: '2026-03-14T10:00:00Z',
      epcisBody: { eventList },
    }),
  });
  expect(answer.status).toBe(202);
}

/** The events that the service answers with, with their record times. */
async function eventsOf({ url }: StartedService): Promise<unknown> {
  const answer = (await (await fetch(`${url}/epcis/events`)).json()) as {
    epcisBody: { queryResults: { resultsBody: { eventList: unknown[] } } };
  };
  return answer.epcisBody.queryResults.resultsBody.eventList;
}

/** Address of the second page of events. */
async function secondPage({ url }: StartedService): Promise<string> {
  const { headers } = await fetch(`${url}/epcis/events?perPage=1`);
  return /nextPageToken=([^&>]+)/.exec(headers.get('link') ?? '')?.[1] ?? '';
}

async function feedCursor({ url }: StartedService): Promise<string> {
  const answer = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ feedCursor }' }),
  });
  return ((await answer.json()) as { data: { feedCursor: string } }).data.feedCursor;
}

interface Told {
  readonly data?: {
    readonly locationChanges: {
      readonly change: { readonly package: { readonly key: string } } | null;
    };
  };
  readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
}

const answerOf = ({ data, errors }: Told): string | undefined =>
  errors?.[0]?.extensions.code ?? data?.locationChanges.change?.package.key;

/** The package of the first message after a cursor, or the code of the refusal. */
async function firstAfter({ url }: StartedService, after: string): Promise<string | undefined> {
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
  });
  const query = `subscription ($after: Cursor) { locationChanges(after: $after) { change { package { key } } } }`;
  try {
    for await (const told of client.iterate({ query, variables: { after } })) {
      const answer = answerOf(told as unknown as Told);
      if (answer !== undefined) return answer;
    }
    return 'completed';
  } catch (errors) {
    return (errors as Told['errors'])?.[0]?.extensions.code;
  } finally {
    await client.dispose();
  }
}

const RIGHT = (events: number): RegExp => new RegExp(`^The projection is right: ${events} events`);

/** What the service said at the backup, and gave out after it. */
let told: { events: unknown; cursor: string; cursorSince: string; page: string };

test(
  'a backup is a new file, made while no service runs',
  async () => {
    let service = await start();
    await capture(service, 'A1', 'A2');
    const [events, cursor] = [await eventsOf(service), await feedCursor(service)];
    const running = await run('backup', backup);
    expect([running.code, await exists(backup)]).toEqual([1, false]);
    expect(running.err).toMatch(/^Another process \(\d+\) already runs Neo4j .* stop that process/);
    await stop(service);

    const made = await run('backup', backup);
    const bytes = await readFile(backup);
    const again = await run('backup', backup);

    expect([made.code, made.out]).toEqual([
      0,
      `${backup}: 2 events, up to position 1 of the log.\n`,
    ]);
    expect([again.code, again.err]).toEqual([1, expect.stringContaining('exists already')]);
    expect((await readFile(backup)).equals(bytes)).toBe(true);

    service = await start();
    await capture(service, 'B1');
    await capture(service, 'B2');
    told = {
      ...{ events, cursor },
      cursorSince: await feedCursor(service),
      page: await secondPage(service),
    };
    await stop(service);
  },
  HANGING_MS,
);

(nightly ? test : test.skip)(
  'what is no whole backup, and a store that is there, are refused with the remedy',
  async () => {
    const size = (await readFile(backup)).length;
    const [cut, altered, foreign, newer] = ['cut', 'altered', 'foreign', 'newer'].map((name) =>
      join(folder, name),
    ) as [string, string, string, string];
    for (const copy of [cut, altered]) await copyFile(backup, copy);
    await truncate(cut, size - 1000);
    const file = await open(altered, 'r+');
    await file.write(Buffer.from([0xff, 0, 0xff, 0]), 0, 4, size - 1000);
    await file.close();
    await writeFile(foreign, 'something else');
    const { facts, dump } = await openBackup(backup);
    const migrations = [...facts.migrations, '9999_of_tomorrow'];
    await writeBackup(newer, { ...facts, migrations }, dump() as AsyncIterable<Buffer>);
    const uri = { NEO4J_URI: 'bolt://127.0.0.1:7687' };

    const refused = [
      await run('restore', backup),
      await run('restore', cut, '--replace'),
      await run('restore', altered, '--replace'),
      await run('restore', foreign, '--replace'),
      await run('restore', newer, '--replace'),
      await run('restore', join(folder, 'missing'), '--replace'),
      await runCommand(['restore', backup], { ...settings, ...uri }),
      await runCommand(['backup', join(folder, 'other')], { ...settings, ...uri }),
    ];
    expect(refused.map(({ err }) => err)).toEqual(
      [
        'Use --replace',
        'is not complete',
        'was altered: its SHA-256',
        'is no backup of custody-graph',
        'has migration 9999_of_tomorrow, which this version does not know',
        'no such file',
        '"neo4j-admin database load"',
        '"neo4j-admin database dump"',
      ].map((cause) => expect.stringContaining(cause) as string),
    );
    expect(refused.every((ended) => ended.code === 1 && !ended.err.includes('    at '))).toBe(true);
  },
  HANGING_MS,
);

(nightly ? test : test.skip)(
  'a kill leaves the store as it is',
  async () => {
    const killed = await spawnCommand(['restore', backup, '--replace'], settings);
    const loading = join(settings.DATA_DIR, 'neo4j/restoring/data/databases/neo4j');
    while (!(await exists(loading))) await sleep(5);
    killed.kill('SIGKILL');
    await killed.ended;
    const { code, out } = await run('verify');

    expect([code, out]).toEqual([0, expect.stringMatching(RIGHT(4))]);
  },
  HANGING_MS,
);

test(
  'a restored store answers as at the backup, and what was given out since has expired',
  async () => {
    const restored = await run('restore', backup, '--replace');
    const verified = nightly ? await run('verify') : { code: 0, out: '' };

    expect([restored.code, restored.out]).toEqual([
      0,
      expect.stringContaining('restored 2 events'),
    ]);
    expect([verified.code, verified.out]).toEqual([
      0,
      nightly ? expect.stringMatching(RIGHT(2)) : '',
    ]);

    const service = await start();
    const { url } = service;
    expect(await eventsOf(service)).toEqual(told.events);
    expect(await firstAfter(service, told.cursorSince)).toBe('CURSOR_EXPIRED');
    const page = await fetch(`${url}/epcis/events?perPage=1&nextPageToken=${told.page}`);
    expect(await page.text()).toContain('the store was restored from a backup');

    // The log now has the position of that cursor again, with other content.
    for (const name of ['C1', 'C2', 'C3']) await capture(service, name);
    expect(await firstAfter(service, told.cursorSince)).toBe('CURSOR_EXPIRED');
    expect(await firstAfter(service, told.cursor)).toBe('01/09506000134352/21/C1');
    await stop(service);
  },
  HANGING_MS,
);
