/** What a start tells while it waits, and how it ends when that comes to nothing. In place of Neo4j runs a script. */
import { readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import WebSocket from 'ws';
import { readConfig } from '../../src/config.js';
import { startEmbeddedNeo4j } from '../../src/neo4j-child/embedded-neo4j.js';
import { processIdentity } from '../../src/neo4j-child/process-identity.js';
import { startService } from '../../src/service.js';
import { silentLogger } from '../../src/shared/logger.js';
import { fakeJava } from '../support/fake-java.js';
import type { FakeJava } from '../support/fake-java.js';
import { neo4jOfTests } from '../support/neo4j-for-tests.js';
import { freePort } from '../support/free-port.js';
import { rawRequest } from '../support/raw-http.js';
import { runCommand, spawnCommand } from '../support/service-process.js';
import type { RunningCommand } from '../support/service-process.js';

const javas: FakeJava[] = [];
async function fakeJavaThat(script: string): Promise<FakeJava> {
  const java = await fakeJava(script);
  javas.push(java);
  return java;
}
afterAll(async () => {
  for (const { DATA_DIR } of javas) await rm(dirname(DATA_DIR), { recursive: true, force: true });
});

async function answered(url: string): Promise<Response> {
  for (;;) {
    const answer = await fetch(url).catch(() => null);
    if (answer !== null) return answer;
    await sleep(20);
  }
}

const socketStatus = (url: string): Promise<string> =>
  new Promise((resolve) => {
    new WebSocket(url, 'graphql-transport-ws').on('error', ({ message }) => {
      resolve(message);
    });
  });

describe('while Neo4j starts', () => {
  let url: string;
  let service: RunningCommand;
  let java: FakeJava;
  beforeAll(async () => {
    java = await fakeJavaThat('echo Recovery is at 12 %; exec sleep 600');
    const PORT = String(await freePort());
    url = `http://127.0.0.1:${PORT}`;
    service = await spawnCommand(['start'], { ...java, PORT });
    await answered(`${url}/health/live`);
  });

  test.each(['/health/live', '/livez'])('%s is 200', async (path) => {
    const answer = await fetch(url + path);

    expect([answer.status, await answer.json()]).toEqual([
      200,
      { status: 'live', waitsFor: 'neo4j' },
    ]);
  });

  test.each(['/health/ready', '/readyz'])('%s is 503 and says what it waits for', async (path) => {
    const answer = await fetch(url + path);

    expect([answer.status, await answer.json()]).toEqual([
      503,
      { status: 'not ready', reason: 'the service is starting', waitsFor: 'neo4j' },
    ]);
  });

  test.each([
    ['GET', '/'],
    ['POST', '/graphql'],
    ['POST', '/epcis/capture'],
    ['POST', '/health/ready'],
  ])('%s %s is 503 with a problem, and when to try again', async (method, path) => {
    const body = method === 'POST' ? { body: 'x'.repeat(1_000_000) } : {};
    const answer = await fetch(url + path, { method, ...body });

    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await answer.text()).toContain('The service is starting and waits for: neo4j.');
  });

  test('a WebSocket is refused with 503', async () => {
    expect(await socketStatus(`${url.replace('http', 'ws')}/graphql`)).toContain('503');
  });

  test('a foreign host is refused as ever', async () => {
    const { status } = await rawRequest(url, [
      'GET /health/live HTTP/1.1',
      'Host: evil.example',
      'Connection: close',
    ]);

    expect(status).toBe(421);
  });

  test('the terminal gets a line every ten seconds, with what the log says', async () => {
    const line = await service.untilSaid(/^Starting for .*$/m);

    expect(line).toMatch(
      /^Starting for \d+ s; waiting for neo4j: its log says "Recovery is at 12 %"$/,
    );
  });

  test('SIGTERM ends it with exit code 0, and what it started too', async () => {
    const running = await readFile(join(java.DATA_DIR, 'neo4j', 'running.json'), 'utf8');
    const { pid } = JSON.parse(running) as { pid: number };
    await expect(processIdentity(pid)).resolves.toBeDefined();

    service.kill('SIGTERM');

    await expect(service.ended).resolves.toBe(0);
    await expect(processIdentity(pid)).resolves.toBeUndefined();
    await expect(fetch(`${url}/livez`)).rejects.toThrow();
  });
});

test('a Neo4j that does not answer in time is told with the last line of its log', async () => {
  const java = await fakeJavaThat(
    'echo Reading the moon; echo "  at moon.Reader"; printf "\\006\\n"; exec sleep 600',
  );

  const { code, err } = await runCommand(['start'], { ...java, NEO4J_START_TIMEOUT_S: '2' });

  const root = `${java.DATA_DIR}/neo4j`;
  expect([code, err]).toEqual([
    1,
    `Neo4j did not start: no answer within NEO4J_START_TIMEOUT_S=2. Its log said last: "Reading the moon". All of it is in ${root}/console.log and ${root}/home/logs.\n`,
  ]);
});

test.each([
  ['stands still is given up before its time', 'exec sleep 600', 'its log has not moved for 1 s'],
  [
    'moves is waited for',
    'while sleep 0.2; do echo still busy; done',
    'no answer within NEO4J_START_TIMEOUT_S=4',
  ],
])('a Neo4j whose log %s', async (_what, script, why) => {
  const { JAVA_HOME, DATA_DIR } = await fakeJavaThat(script);

  const neo4j = startEmbeddedNeo4j({
    ...{ dataDir: DATA_DIR, javaHome: JAVA_HOME, log: silentLogger },
    ...{ startTimeoutS: 4, quietTimeoutS: 1 },
  });

  await expect(neo4j).rejects.toThrow(why);
});

test('a wrong password is told at once', async () => {
  const { uri: NEO4J_URI } = neo4jOfTests();
  const config = readConfig({ NEO4J_URI, NEO4J_PASSWORD: 'wrong', PORT: '0' });
  const began = performance.now();

  const service = startService(config, { logger: silentLogger, onProgress: () => undefined });

  await expect(service).rejects.toMatchObject({
    code: 'SETUP',
    message: `Neo4j at NEO4J_URI=${NEO4J_URI} refuses the login of NEO4J_USER=neo4j. Set NEO4J_USER and NEO4J_PASSWORD to those of that Neo4j.`,
  });
  expect(performance.now() - began).toBeLessThan(20_000);
});
