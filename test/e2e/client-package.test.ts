/** The packed client kit: installed by itself, in a program of ten lines and in the portal. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { PAGE_CSP } from '../../src/server/security-headers.js';
import { PLANT, now, startWithPartners } from '../support/access-client.js';
import type { AccessClient, PartnerKeys } from '../support/access-client.js';
import { startApp } from '../support/app-for-tests.js';
import type { TestApp } from '../support/app-for-tests.js';
import { findChromium, launchChromium } from '../support/chromium.js';
import { clientPackage, installClientPackage } from '../support/client-package.js';
import { inChromium } from '../support/playground-page.js';

const FOLDER = resolve('.data/test', String(process.pid), 'consumer');
const PICTURES = join('.data', 'pictures', 'portal');
const GTIN = '09506000134352';

let app: TestApp;
let client: AccessClient;
let keys: PartnerKeys;
beforeAll(async () => {
  await clientPackage();
  ({ app, client, keys } = await startWithPartners(undefined, { HEARTBEAT_S: '1' }));
});
afterAll(async () => {
  await app.stop();
  await rm(FOLDER, { recursive: true, force: true });
});

let made = 0;
/** Alder makes a pack at its plant; its serial and its event. */
async function happen(): Promise<{ serial: string; eventID: string }> {
  const serial = `KIT${++made}`;
  const eventID = `urn:x:kit:${made}`;
  const told = { action: 'ADD', bizStep: 'commissioning', disposition: 'active', eventID };
  const epcList = [`https://id.gs1.org/01/${GTIN}/21/${serial}`];
  const event = client.event({ bizLocation: PLANT });
  await client.send(keys.host, { ...event, ...told, epcList, eventTime: now(made - 60_000) });
  return { serial, eventID };
}

describe('the consumer of ten lines', () => {
  const lines: string[] = [];
  let consumer: ChildProcess | undefined;
  afterAll(() => consumer?.kill('SIGKILL'));

  function launch(): ChildProcess {
    // Node.js has WebSocket without a flag from 22 on.
    const flags = typeof WebSocket === 'undefined' ? ['--experimental-websocket'] : [];
    const child = spawn(process.execPath, [...flags, 'consumer.js'], {
      cwd: FOLDER,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { CUSTODY_URL: app.url, CUSTODY_KEY: keys.alder },
    });
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      lines.push(...text.split('\n').filter((line) => line !== ''));
    });
    return child;
  }

  const cursor = async (): Promise<unknown> =>
    (await client.ask(keys.alder, '{ committedCursor(name: "my-consumer") { cursor } }')).data?.[
      'committedCursor'
    ]?.['cursor'];

  async function committed(): Promise<void> {
    const { data } = await client.ask(keys.alder, '{ feedCursor }');
    while ((await cursor()) !== data!['feedCursor']) await sleep(20);
  }

  test('is the one that docs/clients.md shows, and has ten lines', () => {
    const program = readFileSync('docs/consumer.js', 'utf8');
    const page = readFileSync('docs/clients.md', 'utf8');
    const [, shown] = /^```js\n(import \{ COMMIT_CURSOR[^]*?)^```/m.exec(page) ?? [];

    expect(shown).toBe(program);
    expect(program.trim().split('\n').length).toBeLessThanOrEqual(10);
  });

  test('runs with nothing but the packed kit, and goes on where it was when it was killed', async () => {
    await installClientPackage(FOLDER);
    await copyFile('docs/consumer.js', join(FOLDER, 'consumer.js'));
    consumer = launch();
    while ((await cursor()) === undefined) await sleep(20);
    const events = [await happen(), await happen()];
    await committed();
    consumer.kill('SIGKILL');
    await once(consumer, 'exit');
    events.push(await happen(), await happen());
    consumer = launch();
    events.push(await happen());
    await committed();

    const seen = lines.map((line) => JSON.parse(line) as { seq: number; eventId: string });
    expect(seen.map(({ seq }) => seq)).toEqual(seen.map((_, i) => seen[0]!.seq + i));
    expect([...new Set(seen.map(({ eventId }) => eventId))]).toEqual(
      events.map(({ eventID }) => eventID),
    );
    expect(readdirSync(join(FOLDER, 'node_modules'))).toEqual([
      ...['.package-lock.json', '@custody-graph'],
    ]);
  });
});

test('the kit imports nothing but itself, so that a browser can load it', async () => {
  const folder = await clientPackage();
  const files = readdirSync(folder).filter((name) => /\.(js|d\.ts)$/.test(name));
  const imported = files.flatMap((name) =>
    [...readFileSync(join(folder, name), 'utf8').matchAll(/(?:from|import\() ?'([^']+)'/g)].map(
      ([, path]) => path!,
    ),
  );
  const packed = files.join().replaceAll(/\.(js|d\.ts)/g, '');

  expect(imported.length).toBeGreaterThan(10);
  expect(imported.filter((path) => !path.startsWith('./'))).toEqual([]);
  expect(packed).toContain('client');
});

test('the portal and its modules are served to anybody, under the policy of our pages, and nothing else', async () => {
  const get = (path: string): Promise<Response> => fetch(app.url + path);
  const served = await Promise.all(['/portal', '/portal/portal.js', '/portal/client.js'].map(get));
  const others = await Promise.all(
    ['/portal/package.json', '/portal/..%2f.built', '/portal/none.js'].map(get),
  );

  expect(served.map(({ status, headers }) => [status, headers.get('content-type')])).toEqual([
    [200, 'text/html; charset=utf-8'],
    [200, 'text/javascript; charset=utf-8'],
    [200, 'text/javascript; charset=utf-8'],
  ]);
  expect(served.map(({ headers }) => headers.get('content-security-policy'))).toEqual(
    served.map(() => PAGE_CSP),
  );
  expect(others.map(({ status }) => status)).toEqual([404, 404, 404]);
});

inChromium('the portal in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium(findChromium()!);
    await mkdir(PICTURES, { recursive: true });
  });
  afterAll(() => browser.close());

  async function visit(
    width: number,
    at: Pick<TestApp, 'url'> = app,
  ): Promise<{ page: Page; wrong: string[] }> {
    const context = await browser.newContext({ viewport: { width, height: 844 } });
    const page = await context.newPage();
    const wrong: string[] = [];
    page.on('pageerror', (error) => wrong.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') wrong.push(message.text());
    });
    await page.goto(`${at.url}/portal`);
    return { page, wrong };
  }

  async function enter(page: Page, key: string): Promise<void> {
    await page.getByLabel('Your key').fill(key);
    await page.getByRole('button', { name: 'Use' }).click();
  }

  test.each([1280, 360])(
    'shows a partner who it is, what changes, and where a package is, at %d px',
    async (width) => {
      const { page, wrong } = await visit(width);
      await enter(page, keys.alder);
      await page.getByText('You are Alder.').waitFor();
      // The feed begins when the page is connected, and its first pack may come before.
      const item = page.getByRole('listitem').first();
      let { serial } = await happen();
      while (!(await item.isVisible())) {
        await sleep(100);
        ({ serial } = await happen());
      }
      await page.getByLabel('As scanned').fill(`(01)${GTIN}(21)${serial}`);
      await page.getByRole('button', { name: 'Find' }).click();
      const found = page.locator('#found');
      await found.getByText('Plant').waitFor();
      await page.screenshot({ path: join(PICTURES, `${width}.png`) });

      expect(await found.innerText()).toBe(
        `01/${GTIN}/21/${serial} is at Plant (active), with Alder`,
      );
      expect(await item.innerText()).toMatch(
        /01\/09506000134352\/21\/KIT\d+ is at Plant \(active\)/,
      );
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      expect(wrong).toEqual([]);
    },
  );

  test.each([
    ['unknown', () => Promise.resolve('cg_no')],
    ['revoked', revoked],
  ])('says so when a key is %s, and shows nothing', async (reason, key) => {
    const { page } = await visit(360);
    await enter(page, await key());
    const alert = page.getByRole('alert');
    await alert.getByText('Your key was refused.').waitFor();
    await page.screenshot({ path: join(PICTURES, `360-${reason}.png`) });

    expect(await page.locator('main').isVisible()).toBe(false);
  });

  test('asks an open service without a key, and says that it is open', async () => {
    const open = await startApp({ keep: true, env: { ACCESS: 'open' } });
    const { page } = await visit(360, open);
    await enter(page, '');
    await page.getByText('You are the host. This service is open to all').waitFor();

    expect(await page.locator('main').isVisible()).toBe(true);
    await open.stop();
  });

  test('says so when a key is revoked while the page is open', async () => {
    const { page } = await visit(1280);
    const { key, secret } = await client.partner();
    await enter(page, secret);
    await page.getByText('You are Alder.').waitFor();
    await client.ask(client.administrator, `mutation { revokeKey(id: "${key.keyId}") { keyId } }`);
    await page.getByText('Your key was refused. This key or token was revoked.').waitFor();

    expect(await page.locator('main').isVisible()).toBe(false);
  });

  async function revoked(): Promise<string> {
    const { key, secret } = await client.partner();
    await client.ask(client.administrator, `mutation { revokeKey(id: "${key.keyId}") { keyId } }`);
    return secret;
  }
});
