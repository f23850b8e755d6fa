import type { Browser, BrowserContext, Page } from 'playwright-core';
import { PLAYGROUND_CSP } from '../../src/server/playground.http.js';
import { CHROMIUM_HINT, findChromium, launchChromium } from '../support/chromium.js';
import { startServerForPlayground } from '../support/playground-server.js';
import type { ServerForPlayground } from '../support/playground-server.js';

const HTML = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
const executable = findChromium();

let server: ServerForPlayground;
beforeAll(async () => {
  server = await startServerForPlayground();
});
afterAll(() => server.stop());

describe('the playground over HTTP', () => {
  const get = (path: string, accept: string): Promise<Response> =>
    fetch(server.origin + path, { headers: { accept } });

  it('is the page under a strict policy where a browser opens /graphql', async () => {
    const page = await get('/graphql', HTML);

    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toBe(PLAYGROUND_CSP);
    expect(page.headers.get('cache-control')).toBe('no-cache');
    expect(page.headers.get('vary')).toBe('Accept');
    expect(await page.text()).toContain('<title>Custody Graph playground</title>');
  });

  it('leaves a GET that asks for JSON to the API', async () => {
    const answer = await fetch(`${server.origin}/graphql?query=%7B__typename%7D`, {
      headers: { accept: 'application/json', 'apollo-require-preflight': 'true' },
    });

    expect(await answer.json()).toEqual({ data: { __typename: 'Query' } });
  });

  it('serves its files for ever, under the same policy', async () => {
    const html = await (await get('/graphql', HTML)).text();
    const files = [...html.matchAll(/(?:src|href)="(\/playground\/[^"]+)"/g)].map(
      ([, path]) => path!,
    );
    const answers = await Promise.all(files.map((path) => get(path, '*/*')));
    await Promise.all(answers.map((file) => file.arrayBuffer()));

    expect(files.length).toBeGreaterThanOrEqual(2);
    expect(answers.map((file) => file.status)).toEqual(files.map(() => 200));
    expect(answers.map((file) => file.headers.get('cache-control'))).toEqual(
      files.map(() => 'public, max-age=31536000, immutable'),
    );
    expect(answers.map((file) => file.headers.get('content-security-policy'))).toEqual(
      files.map(() => PLAYGROUND_CSP),
    );
  });

  it('serves nothing outside its files', async () => {
    const paths = ['/playground/assets/', '/playground/assets/..%2findex.html', '/playground/'];
    const answers = await Promise.all(paths.map((path) => get(path, '*/*')));

    expect(answers.map((answer) => answer.status >= 400)).toEqual([true, true, true]);
  });
});

const chromiumTests = (): void => {
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let seen: Seen;

  beforeAll(async () => {
    browser = await launchChromium(executable!);
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
    page = await context.newPage();
    seen = await watch(page);
    await page.goto(`${server.origin}/graphql`);
    await ready();
  });
  afterEach(() => context.close());

  const ready = async (): Promise<void> => {
    await page.locator('.graphiql-query-editor .view-lines', { hasText: 'locate' }).waitFor();
    await page.locator('.graphiql-editor-tool .view-lines', { hasText: '"id"' }).waitFor();
  };
  const openTab = (name: string): Promise<void> =>
    page.getByRole('tab', { name, exact: true }).click();
  const run = (): Promise<void> => page.getByRole('button', { name: /^Execute query/ }).click();
  const typeHeaders = async (json: string): Promise<void> => {
    await page.getByRole('button', { name: 'Headers', exact: true }).click();
    await page.locator('.graphiql-editor-tool .graphiql-editor:not(.hidden) .view-lines').click();
    await page.keyboard.insertText(json);
  };
  const shows = (text: string, timeout = 10_000): Promise<boolean> =>
    page
      .locator('.result-window .view-lines', { hasText: spaced(text) })
      .waitFor({ timeout })
      .then(
        () => true,
        () => false,
      );
  // The page cannot know when the server has begun to listen, so the first move may come too early for it.
  const showsAfterMove = async (text: string): Promise<boolean> => {
    for (let moves = 0; moves < 5; moves += 1) {
      await server.movePackage();
      if (await shows(text, 2_000)) return true;
    }
    return false;
  };

  it('opens on five tabs with real operations', async () => {
    expect(await page.getByRole('tab').allInnerTexts()).toEqual([
      'Locate',
      'Journey',
      'Lineage',
      'RecallScope',
      'WatchLocations',
    ]);
  });

  it('has the explorer and the history at hand', async () => {
    await page.getByRole('button', { name: 'Show GraphiQL Explorer' }).click();
    await page.locator('.graphiql-explorer-root').waitFor();
    await page.getByRole('button', { name: 'Show History' }).click();
    await page.locator('.graphiql-history').waitFor();

    expect(seen.wrong(server.origin)).toEqual([]);
  });

  it('answers the first tab as it stands', async () => {
    await run();

    expect(await shows(server.located)).toBe(true);
    expect(seen.wrong(server.origin)).toEqual([]);
  });

  it('answers the first tab after a reload too', async () => {
    await page.reload();
    await ready();
    await run();

    expect(await shows(server.located)).toBe(true);
  });

  it('shows a change to the subscriber of the last tab after a package moved', async () => {
    await openTab('WatchLocations');
    await run();
    await seen.subscribed;

    expect(await showsAfterMove(server.moved)).toBe(true);
    expect(seen.wrong(server.origin)).toEqual([]);
  });

  it('gives the headers of the editor to HTTP', async () => {
    await typeHeaders('{"authorization":"Bearer toy"}');
    const sent = page.waitForRequest((request) => request.postData()?.includes('Locate') ?? false);
    await run();

    expect((await sent).headers()['authorization']).toBe('Bearer toy');
  });

  it('gives the headers of the editor to the socket as connection parameters', async () => {
    await openTab('WatchLocations');
    await typeHeaders('{"authorization":"Bearer toy"}');
    await run();
    await seen.subscribed;

    expect(seen.socketFrames[0]).toBe(
      '{"type":"connection_init","payload":{"authorization":"Bearer toy"}}',
    );
  });

  it('opens a socket for a subscription that was typed a moment ago', async () => {
    await page.locator('.graphiql-query-editor .view-lines').click();
    await page.keyboard.press('Control+A');
    await page.keyboard.insertText('subscription Typed { locationChanges { seq } }');
    await run();
    await seen.subscribed;

    expect(seen.socketFrames[1]).toContain('subscription Typed');
  });
};

if (executable === undefined) {
  process.stderr.write(`The playground was not tested in a browser: ${CHROMIUM_HINT}\n`);
}
(executable === undefined ? describe.skip : describe)(
  executable === undefined
    ? `the playground in Chromium (${CHROMIUM_HINT})`
    : 'the playground in Chromium',
  chromiumTests,
);

/** What a page did, collected while it runs. */
interface Seen {
  socketFrames: string[];
  /** The server has acknowledged the connection and the operation is on its way. */
  subscribed: Promise<void>;
  /** Requests to anybody but `origin`, policy violations, console errors, exceptions. */
  wrong: (origin: string) => string[];
}

async function watch(page: Page): Promise<Seen> {
  const addresses: string[] = [];
  const complaints: string[] = [];
  const socketFrames: string[] = [];
  page.on('request', (request) => addresses.push(request.url()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    const text = message.text();
    if (message.type() === 'error' || text.includes('Content Security Policy'))
      complaints.push(text);
  });
  await page.exposeFunction('reportViolation', (text: string) => complaints.push(text));
  await page.addInitScript(`addEventListener('securitypolicyviolation', (violation) =>
    reportViolation('policy: ' + violation.violatedDirective + ' ' + violation.blockedURI))`);
  const subscribed = new Promise<void>((settle) => {
    page.on('websocket', (socket) => {
      addresses.push(socket.url());
      socket.on('framesent', ({ payload }) => {
        socketFrames.push(payload.toString());
        if (payload.includes('"subscribe"')) settle();
      });
    });
  });
  const own = (address: string, origin: string): boolean =>
    /^(data|blob):/.test(address) ||
    address.startsWith(`${origin}/`) ||
    address === `${origin.replace('http', 'ws')}/graphql`;
  return {
    socketFrames,
    subscribed,
    wrong: (origin) => [...addresses.filter((address) => !own(address, origin)), ...complaints],
  };
}

/** Monaco writes its spaces as no-break spaces. */
function spaced(text: string): RegExp {
  return new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(' ', '\\s'));
}
