import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { CHROMIUM_HINT, findChromium, launchChromium } from './chromium.js';

const PICTURES = join('.data', 'pictures', 'playground');

/** The tabs of a first visit that are run once, and a text that is in the answer of each on the demo. Live follows. */
export const TABS = {
  Recall: 'Cedar Wholesale',
  Where: 'Dogwood Pharmacy',
  Journey: 'commissioning',
  Lineage: 'Alderolate, active substance',
  Stock: 'Fir Hospital pharmacy',
  Handoffs: 'Elm Pharmacy',
  Events: 'destroying',
  MasterData: 'Alderol 500 mg tablets',
  Capture: '"captured": 2',
} as const;

const executable = findChromium();
if (executable === undefined)
  process.stderr.write(`The playground was not tested in a browser: ${CHROMIUM_HINT}\n`);

/** `describe`, or without a Chromium `describe.skip`. */
export const inChromium = executable === undefined ? describe.skip : describe;

/** Opens the playground in a browser that starts before the tests around and ends after them. A page ends with its test. */
export function chromiumVisits(
  origin: () => string,
): (options?: VisitOptions) => Promise<PlaygroundPage> {
  let browser: Browser;
  let open: PlaygroundPage[] = [];
  beforeAll(async () => {
    browser = await launchChromium(executable!);
  });
  afterAll(() => browser.close());
  afterEach(async () => {
    for (const one of open) await one.context.close();
    open = [];
  });
  return async (options = {}) => {
    const one = await openPlayground(browser, origin(), options);
    open.push(one);
    return one;
  };
}

interface VisitOptions {
  width?: number;
  height?: number;
  /** With its `#`. */
  fragment?: string;
}

/** A browser's first visit to the playground, as a test sees and moves it. */
export interface PlaygroundPage {
  page: Page;
  context: BrowserContext;
  /** The frames that the page's sockets sent. */
  socketFrames: string[];
  /** The server has acknowledged the connection and the operation is on its way. */
  subscribed: Promise<void>;
  /** Bodies of the POSTs of the page. */
  posts: string[];
  /** Requests to anybody else, policy violations, console errors, exceptions. */
  wrong: string[];
  openTab: (name: string) => Promise<void>;
  /** Presses the run button. */
  run: () => Promise<void>;
  /** Runs the open tab; what the server answered. */
  answer: () => Promise<unknown>;
  /** Presses a button of the toolbar that copies; what the clipboard holds then. */
  copied: (button: string) => Promise<string>;
  /** Writes a text into one of the editors, instead of what it held. */
  write: (editor: 'Operation' | 'Variables' | 'Headers', text: string) => Promise<void>;
  /** Whether the answer shows a text, within `timeout` milliseconds. */
  shows: (text: string, timeout?: number) => Promise<boolean>;
  /** What the page says went wrong, or that it did. */
  notice: (kind: 'status' | 'alert') => Promise<string>;
  /** Keeps a picture of the page in `.data/pictures/playground`. */
  picture: (name: string) => Promise<void>;
}

async function openPlayground(
  browser: Browser,
  origin: string,
  { width = 1280, height = 844, fragment = '' }: VisitOptions,
): Promise<PlaygroundPage> {
  const context = await browser.newContext({
    viewport: { width, height },
    permissions: ['clipboard-read', 'clipboard-write'],
    ...(width < 700 ? { deviceScaleFactor: 2, hasTouch: true } : {}),
  });
  const page = await context.newPage();
  const seen = await watch(page, origin);
  await page.goto(`${origin}/graphql${fragment}`);
  await page.locator('.graphiql-query-editor .view-line').first().waitFor();
  await page.getByRole('tab').first().waitFor();

  const editorOf = { Operation: '.graphiql-query-editor', Variables: '', Headers: '' };
  const run = (): Promise<void> => page.getByRole('button', { name: /^Execute query/ }).click();
  return {
    page,
    context,
    ...seen,
    run,
    openTab: (name) => page.getByRole('tablist').getByRole('button', { name, exact: true }).click(),
    answer: async () => {
      const [response] = await Promise.all([
        page.waitForResponse((one) => isAsked(one.request().postData())),
        run(),
      ]);
      return (await response.json()) as unknown;
    },
    copied: async (button) => {
      await page.getByRole('button', { name: button, exact: true }).click();
      await page.locator('.notice[role=status] span', { hasText: 'Copied' }).waitFor();
      return page.evaluate<string>('navigator.clipboard.readText()');
    },
    write: async (editor, text) => {
      if (editorOf[editor] === '')
        await page.getByRole('button', { name: editor, exact: true }).click();
      const box = editorOf[editor] || '.graphiql-editor-tool .graphiql-editor:not(.hidden)';
      await page.locator(`${box} .view-lines`).click();
      await page.keyboard.press('Control+A');
      // Monaco closes quotes and brackets that are typed, but not what is pasted.
      await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
      await page.keyboard.press('Control+V');
    },
    shows: (text, timeout = 10_000) =>
      page
        .locator('.result-window .view-lines', { hasText: spaced(text) })
        .waitFor({ timeout })
        .then(
          () => true,
          () => false,
        ),
    notice: (kind) => page.locator(`.notice[role=${kind}] span`).innerText(),
    picture: async (name) => {
      mkdirSync(PICTURES, { recursive: true });
      await page.screenshot({ path: join(PICTURES, `${name}.png`) });
    },
  };
}

async function watch(
  page: Page,
  origin: string,
): Promise<Pick<PlaygroundPage, 'socketFrames' | 'subscribed' | 'posts' | 'wrong'>> {
  const [wrong, posts, socketFrames] = [[], [], []] as [string[], string[], string[]];
  const address = (url: string): void => {
    const own =
      /^(data|blob):/.test(url) ||
      url.startsWith(`${origin}/`) ||
      url === `${origin.replace('http', 'ws')}/graphql`;
    if (!own) wrong.push(url);
  };
  page.on('request', (request) => {
    address(request.url());
    const body = request.postData();
    if (body !== null) posts.push(body);
  });
  page.on('pageerror', (error) => wrong.push(String(error)));
  page.on('console', (message) => {
    const text = message.text();
    if (message.type() === 'error' || text.includes('Content Security Policy')) wrong.push(text);
  });
  await page.exposeFunction('reportViolation', (text: string) => wrong.push(text));
  await page.addInitScript(`addEventListener('securitypolicyviolation', (violation) =>
    reportViolation('policy: ' + violation.violatedDirective + ' ' + violation.blockedURI))`);
  const subscribed = new Promise<void>((settle) => {
    page.on('websocket', (socket) => {
      address(socket.url());
      socket.on('framesent', ({ payload }) => {
        socketFrames.push(payload.toString());
        if (payload.includes('"subscribe"')) settle();
      });
    });
  });
  return { socketFrames, subscribed, posts, wrong };
}

/** Whether a body is of an operation that the user runs. */
function isAsked(body: string | null): boolean {
  return body !== null && !/query (IntrospectionQuery|FirstVisit|WhoAsks|Organisations)/.test(body);
}

/** Monaco writes its spaces as no-break spaces. */
function spaced(text: string): RegExp {
  return new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(' ', '\\s'));
}
