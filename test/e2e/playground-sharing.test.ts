import { nightly } from '../support/test-settings.js';
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestApp } from '../support/app-for-tests.js';
import type { PlaygroundPage } from '../support/playground-page.js';
import { TABS, chromiumVisits, inChromium } from '../support/playground-page.js';
import { startPlayground } from '../support/playground-server.js';

inChromium('what the playground gives away', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startPlayground('demo');
  });
  afterAll(() => app.stop());

  const visit = chromiumVisits(() => app.url);

  describe('copying', () => {
    const ASKED = "https://shop.example/o'clock/$HOME";
    const QUERY = `# It's \`\${HOME}\` and $(id) \\n "Ünïcode" !!
query Copied($id: ID!) { locate(id: $id) { package { key } } __type(name: "it's \\\\ \`") { name } }`;
    const ANSWER = { data: { locate: { package: { key: ASKED } }, __type: null } };

    const tricky = async (): Promise<PlaygroundPage> => {
      const one = await visit();
      await one.write('Operation', QUERY);
      await one.write('Variables', `// A comment, as GraphiQL allows it.\n{"id": "${ASKED}"}`);
      await one.write('Headers', `{"x-note": "it's \`$HOME\`"}`);
      return one;
    };

    it('as curl gives a command that a shell runs', async () => {
      const command = await (await tricky()).copied('Copy as curl');
      const { stdout } = await promisify(execFile)('bash', ['-c', command]);

      expect(JSON.parse(stdout)).toEqual(ANSWER);
      expect(command).toContain(`-H 'x-note: it'\\''s \`$HOME\`'`);
    });

    it('as TypeScript gives a module that runs', async () => {
      const text = await (await tricky()).copied('Copy as TypeScript');

      expect(JSON.parse(await output(text, (all) => all.endsWith('}\n')))).toEqual(ANSWER);
      expect(text).toContain(`"x-note": "it's \`$HOME\`"`);
    });

    it('as TypeScript gives a subscription that prints its messages', async () => {
      const { openTab, answer, copied } = await visit();
      await openTab('Capture');
      await answer();
      await openTab('Live');
      const text = await copied('Copy as TypeScript');

      expect(await output(text, (all) => all.includes('in_transit'))).toContain('"units": 1');
    });

    it('as curl says that curl cannot follow a subscription, and leaves the clipboard alone', async () => {
      const { page, openTab, copied, notice } = await visit();
      const before = await copied('Copy as curl');
      await openTab('Live');
      await page.getByRole('button', { name: 'Copy as curl' }).click();

      expect(await notice('alert')).toContain('curl cannot follow');
      expect(await page.evaluate<string>('navigator.clipboard.readText()')).toBe(before);
    });

    it('works from the keyboard', async () => {
      const { page, notice } = await visit();
      await page.getByRole('button', { name: 'Copy as TypeScript' }).focus();
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');

      expect(await notice('status')).toContain('Copied a link');
    });

    it('says what is wrong with variables that are not JSON', async () => {
      const { page, write, notice } = await visit();
      await write('Variables', '{"id": oops}');
      await page.getByRole('button', { name: 'Copy as curl' }).click();

      expect(await notice('alert')).toContain('Variables are invalid JSON');
    });
  });

  describe('a link', () => {
    const CUT = '#tab=eyJxdWVyeSI6Im';
    const QUERY = 'query Linked($id: ID!) { locate(id: $id) { known } } # “it’s” 100 %';
    const VARIABLES = '{"id": "https://id.gs1.org/00/395060001000000012"}';

    const linked = async (): Promise<string> => {
      const one = await visit();
      await one.write('Operation', QUERY);
      await one.write('Variables', VARIABLES);
      await one.write('Headers', '{"authorization":"Bearer secret"}');
      return one.copied('Copy link');
    };
    const shown = async ({ page }: PlaygroundPage): Promise<string[]> => {
      await page.locator('.graphiql-tab-active', { hasText: 'Linked' }).waitFor();
      return Promise.all(
        ['.graphiql-query-editor', '.graphiql-editor-tool'].map(async (box) =>
          (await page.locator(`${box} .view-lines`).first().innerText()).replaceAll('\u00a0', ' '),
        ),
      );
    };

    it('opens its tab beside the default ones in another browser, sends nothing of it and runs nothing', async () => {
      const link = new URL(await linked());
      const one = await visit({ fragment: link.hash });
      const texts = (await shown(one)).map((text) => text.replaceAll('\n', ''));
      const tabs = await one.page.getByRole('tab').count();
      const unrun = await one.page.locator('.result-window .view-lines').innerText();

      expect(texts).toEqual([QUERY, VARIABLES]);
      expect(tabs).toBe(Object.keys(TABS).length + 2);
      expect(unrun.trim()).toBe('');
      expect(one.posts.map((post) => /query (\w+)/.exec(post)?.[1])).toEqual([
        'WhoAsks',
        'FirstVisit',
        'IntrospectionQuery',
      ]);
      expect(one.page.url()).toBe(`${app.url}/graphql`);
      expect(Buffer.from(link.hash.slice('#tab='.length), 'base64url').toString()).not.toContain(
        'secret',
      );
    });

    it('opens in a page that is open already, and keeps the tabs of its user', async () => {
      const link = await linked();
      const one = await visit();
      await one.page.goto(link);
      await shown(one);

      expect(await one.page.getByRole('tab').allInnerTexts()).toEqual([
        ...Object.keys(TABS),
        'Live',
        'Linked',
      ]);
    });

    it.each(nightly ? ['#tab=%%%', '#query=%7Bx%7D', '#tab=bnVsbA', CUT] : [CUT])(
      'that is broken is said: %s',
      async (fragment) => {
        const { page, notice } = await visit({ fragment });

        expect(await notice('alert')).toContain('This link is broken');
        expect(await page.getByRole('tab').count()).toBe(Object.keys(TABS).length + 1);
      },
    );
  });
});

/** What a copied module prints until `enough`. Node.js 20 has WebSocket behind a flag. */
async function output(text: string, enough: (all: string) => boolean): Promise<string> {
  const folder = mkdtempSync(join('.data', 'copied-'));
  const file = join(folder, 'copied.mts');
  writeFileSync(file, text);
  const module = spawn(
    process.execPath,
    ['--import', 'tsx', '--experimental-websocket', '--no-warnings', file],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let all = '';
  for await (const part of module.stdout) {
    all += String(part);
    if (enough(all)) break;
  }
  module.kill();
  rmSync(folder, { recursive: true });
  return all;
}
