import { nightly } from '../support/test-settings.js';
import { PAGE_CSP } from '../../src/server/security-headers.js';
import type { TestApp } from '../support/app-for-tests.js';
import { TABS, chromiumVisits, inChromium } from '../support/playground-page.js';
import { MOVED_PACK, movePack, startPlayground } from '../support/playground-server.js';

const HTML = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

let app: TestApp;

describe('the playground over HTTP', () => {
  beforeAll(async () => {
    app = await startPlayground('empty');
  });
  afterAll(() => app.stop());

  const get = (path: string, accept: string): Promise<Response> =>
    fetch(app.url + path, { headers: { accept } });

  it('is the page under a strict policy where a browser opens /graphql', async () => {
    const page = await get('/graphql', HTML);

    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toBe(PAGE_CSP);
    expect(page.headers.get('cache-control')).toBe('no-cache');
    expect(page.headers.get('vary')).toBe('Accept');
    expect(await page.text()).toContain('<title>Custody Graph playground</title>');
  });

  it('leaves a GET that asks for JSON to the API', async () => {
    const answer = await fetch(`${app.url}/graphql?query=%7B__typename%7D`, {
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
      files.map(() => PAGE_CSP),
    );
  });

  it('serves nothing outside its files', async () => {
    const paths = ['/playground/assets/', '/playground/assets/..%2findex.html', '/playground/'];
    const answers = await Promise.all(paths.map((path) => get(path, '*/*')));

    expect(answers.map((answer) => answer.status >= 400)).toEqual([true, true, true]);
  });
});

inChromium('the playground in Chromium', () => {
  const visit = chromiumVisits(() => app.url);

  describe('on the demo', () => {
    beforeAll(async () => {
      app = await startPlayground('demo');
    });
    afterAll(() => app.stop());

    it.each(nightly ? [1280, 390] : [390])(
      'answers every tab as it stands, at %d px',
      async (width) => {
        const { page, openTab, answer, shows, picture, wrong } = await visit({ width });
        const names = await page.getByRole('tab').allInnerTexts();
        const answers: [string, string][] = [];
        for (const name of Object.keys(TABS)) {
          await openTab(name);
          answers.push([name, JSON.stringify(await answer(), null, 1)]);
          await shows('"data"');
          await picture(`${String(width)}-${name}`);
        }

        const badge = await page.locator('.graphiql-logo .open').textContent();

        expect(badge).toBe('open to all');
        expect(names).toEqual([...Object.keys(TABS), 'Live']);
        for (const [name, text] of answers) {
          expect(text).not.toContain('"errors"');
          expect(text).toContain(TABS[name as keyof typeof TABS]);
        }
        expect(wrong).toEqual([]);
      },
    );

    it('names the sites, products and lots of a lineage', async () => {
      const { openTab, answer } = await visit();
      await openTab('Lineage');
      const { data } = (await answer()) as { data: { lineage: { nodes: { kind: string }[] } } };
      const nameless = data.lineage.nodes.filter(
        (node) => node.kind !== 'CONTAINER' && !JSON.stringify(node).includes('"name":"'),
      );

      expect(data.lineage.nodes.length).toBeGreaterThan(5);
      expect(nameless).toEqual([]);
    });

    it('shows in Live what was captured in the tab beside it, then what comes', async () => {
      const { openTab, answer, run, shows, subscribed, picture, wrong } = await visit();
      await openTab('Capture');
      await answer();
      await openTab('Live');
      await run();
      await subscribed;
      const captured = await shows('01/09506000134352/21/PLAY');
      await picture('1280-Live');
      await movePack(app);
      const moved = await shows(MOVED_PACK);

      expect([captured, moved, wrong]).toEqual([true, true, []]);
    });

    it('answers the open tab after a reload too', async () => {
      const { page, openTab, answer } = await visit();
      await openTab('Where');
      // GraphiQL stores the tabs half a second after a change.
      const stored = `JSON.parse(localStorage.getItem('graphiql:tabState')).activeTabIndex`;
      while ((await page.evaluate(stored)) !== 1);
      await page.reload();
      await page.locator('.graphiql-tab-active', { hasText: 'Where' }).waitFor();

      expect(JSON.stringify(await answer())).toContain('Dogwood Pharmacy');
    });

    it('gives the headers of the editor to HTTP', async () => {
      const { page, write, run } = await visit();
      await write('Headers', '{"authorization":"Bearer toy"}');
      const sent = page.waitForRequest(
        (request) => request.postData()?.includes('Recall') ?? false,
      );
      await run();

      expect((await sent).headers()['authorization']).toBe('Bearer toy');
    });

    it('gives the headers of the editor to the socket as connection parameters', async () => {
      const { openTab, write, run, subscribed, socketFrames } = await visit();
      await openTab('Live');
      await write('Headers', '{"x-note":"toy"}');
      await run();
      await subscribed;

      expect(socketFrames[0]).toBe('{"type":"connection_init","payload":{"x-note":"toy"}}');
    });

    it('opens a socket for a subscription that was typed a moment ago', async () => {
      const { write, run, subscribed, socketFrames } = await visit();
      await write('Operation', 'subscription Typed { locationChanges { seq } }');
      await run();
      await subscribed;

      expect(socketFrames[1]).toContain('subscription Typed');
    });

    it('has the explorer and the history at hand', async () => {
      const { page, wrong } = await visit();
      await page.getByRole('button', { name: 'Show GraphiQL Explorer' }).click();
      await page.locator('.graphiql-explorer-root').waitFor();
      await page.getByRole('button', { name: 'Show History' }).click();
      await page.locator('.graphiql-history').waitFor();

      expect(wrong).toEqual([]);
    });

    it('opens the docs at the questions of the tabs, with barcode behind them', async () => {
      const { page, picture } = await visit();
      await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
      await page.locator('.graphiql-doc-explorer-title', { hasText: 'Query' }).waitFor();
      const fields = await page.locator('.graphiql-doc-explorer-field-name').allInnerTexts();
      await picture('1280-docs');

      expect(fields.slice(0, 5)).toEqual([
        'recallScope',
        'locate',
        'journey',
        'lineage',
        'inventory',
      ]);
      expect(fields.indexOf('barcode')).toBeGreaterThan(fields.indexOf('parties'));
    });
  });

  describe('on an empty store', () => {
    beforeAll(async () => {
      app = await startPlayground('empty');
    });
    afterAll(() => app.stop());

    it('has no dead tab: each runs, says that Capture comes first, and answers after it', async () => {
      const { page, openTab, answer, run, shows, picture, wrong } = await visit();
      const asking = Object.keys(TABS).filter((name) => name !== 'Capture');
      const ask = async (): Promise<[string, string][]> => {
        const answers: [string, string][] = [];
        for (const name of asking) {
          await openTab(name);
          await page
            .locator('.graphiql-query-editor .view-line', { hasText: /Run\sCapture\sfirst/ })
            .waitFor();
          answers.push([name, JSON.stringify(await answer())]);
        }
        return answers;
      };
      const empty = await ask();
      await openTab('Capture');
      const captured = await answer();
      const filled = await ask();
      await openTab('Live');
      await run();
      const live = await shows('01/09506000134352/21/PLAY');
      await picture('1280-empty-Live');

      expect(empty.filter(([, text]) => text.includes('"errors"'))).toEqual([]);
      expect(captured).toMatchObject({ data: { captureEvents: { captured: 2 } } });
      expect(filled.filter(([, text]) => text.includes('"errors"'))).toEqual([]);
      expect(
        filled.filter(([, text]) => !/9506000|0614141/.test(text)).map(([name]) => name),
      ).toEqual([]);
      expect([live, wrong]).toEqual([true, []]);
    });
  });
});
