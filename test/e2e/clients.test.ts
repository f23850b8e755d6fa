import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { transform } from '@swc/core';
import { startApp } from '../support/app-for-tests.js';
import type { TestApp } from '../support/app-for-tests.js';
import { freePort } from '../support/free-port.js';
import { epcisDocument, toEpcisEvent } from '../support/history-document.js';
import { graphForTests } from '../support/neo4j-for-tests.js';
import { A, B, PALLET, receive } from '../support/projection-case.js';
import { cutLog } from '../support/server-for-tests.js';

/** Has `gql` of Python where somebody installed it; see docs/clients.md. Nothing else needs it. */
const PYTHON = resolve('.data/clients-venv/bin/python');
const FOLDER = resolve('.data/test', String(process.pid), 'clients');

/** The programs of the page, by file name. */
function programs(): ReadonlyMap<string, string> {
  const page = readFileSync('docs/clients.md', 'utf8');
  const blocks = page.matchAll(/^```(?:ts|python)\n(?:\/\/|#) (\S+)\n([^]*?)^```/gm);
  return new Map([...blocks].map(([, name = '', code = '']) => [name, code]));
}

const CLIENTS = [...programs().keys()].filter((name) => name !== 'yours.ts');
const RUN = CLIENTS.filter((name) => name.endsWith('.ts') || existsSync(PYTHON));

const EVENTS_BEGIN = Date.UTC(2026, 2, 1);
let n = 0;
/** Captures one event more; its id. */
async function happen(app: TestApp): Promise<string> {
  const eventID = `urn:x:moved-${++n}`;
  const fact = receive(eventID, n, [PALLET], { site: n % 2 === 0 ? A : B });
  const event = toEpcisEvent({
    ...fact,
    t: EVENTS_BEGIN + n * 1000,
    id: eventID,
    eventId: eventID,
  });
  const { status, body } = await app.capture(epcisDocument([event] as never));
  expect([status, body]).toEqual([202, expect.anything()]);
  return eventID;
}

/** Starts a program of the page in a folder of its own, with this cursor kept from before. */
async function launch(name: string, port: number, cursor: string): Promise<ChildProcess> {
  const folder = join(FOLDER, name);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'cursor.txt'), cursor);
  const of = (file: string): string =>
    (programs().get(file) ?? '').replaceAll('127.0.0.1:4000', `127.0.0.1:${port}`);
  const isPython = name.endsWith('.py');
  for (const file of isPython ? [] : ['yours.ts', name]) {
    const { code } = await transform(of(file), { filename: file, swcrc: false, ...SWC });
    await writeFile(join(folder, file.replace(/ts$/, 'js')), code);
  }
  if (isPython) await writeFile(join(folder, name), of(name));
  const [program, file] = isPython ? [PYTHON, name] : [process.execPath, name.replace(/ts$/, 'js')];
  return spawn(program, [file], { cwd: folder, stdio: 'inherit' });
}

const SWC = { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } } as const;

function seenBy(name: string): string[] {
  const file = join(FOLDER, name, 'changes.ndjson');
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => (JSON.parse(line) as { eventId: string }).eventId);
}

const running: ChildProcess[] = [];

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) {
    const ended = running.filter(({ exitCode }) => exitCode !== null);
    if (ended.length > 0) throw new Error(`Ended: ${ended.map((one) => one.spawnargs).join()}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

const apps = new Set<TestApp>();
/** Like `startApp`, and stopped at the end if the test does not. */
async function serve(options: Parameters<typeof startApp>[0]): Promise<TestApp> {
  const app = await startApp(options);
  apps.add(app);
  return app;
}
async function stop(app: TestApp): Promise<void> {
  apps.delete(app);
  await app.stop();
}
afterAll(async () => {
  for (const app of apps) await app.stop();
  for (const client of running.filter(({ exitCode }) => exitCode === null)) {
    client.kill('SIGKILL');
    await once(client, 'exit');
  }
  await rm(FOLDER, { recursive: true, force: true });
});

test('the page has a program for each client', () => {
  expect(CLIENTS).toEqual([
    ...['graphql-ws.ts', 'apollo.ts', 'urql.ts', 'graphql-sse.ts', 'client.py'],
  ]);
});

test('every program of the page gets each message once and in order, with an expired cursor at first and a restart in between', async () => {
  const env = { PORT: String(await freePort()), HEARTBEAT_S: '1' };
  let app = await serve({ env });
  await happen(app);
  const { feedCursor } = (await app.graphql('{ feedCursor }')).data as { feedCursor: string };
  for (let i = 0; i < 3; i++) await happen(app);
  const graph = await graphForTests();
  await cutLog(graph, 4);
  await graph.close();
  const kept = (name: string): string => readFileSync(join(FOLDER, name, 'cursor.txt'), 'utf8');

  for (const name of RUN) running.push(await launch(name, Number(env.PORT), feedCursor));
  await until(() => RUN.every((name) => kept(name) !== feedCursor));
  const happened = [await happen(app), await happen(app)];
  await until(() => RUN.every((name) => seenBy(name).length >= happened.length));

  await stop(app);
  const elsewhere = await serve({ keep: true });
  for (let i = 0; i < 3; i++) happened.push(await happen(elsewhere));
  await stop(elsewhere);
  app = await serve({ keep: true, env });
  for (let i = 0; i < 2; i++) happened.push(await happen(app));
  await until(() => RUN.every((name) => seenBy(name).at(-1) === happened.at(-1)));
  const heard = RUN.map(kept);
  // Heartbeats move cursors on.
  await until(() => RUN.every((name, i) => kept(name) !== heard[i]));
  await stop(app);

  expect(Object.fromEntries(RUN.map((name) => [name, seenBy(name)]))).toEqual(
    Object.fromEntries(RUN.map((name) => [name, happened])),
  );
}, 120_000);
