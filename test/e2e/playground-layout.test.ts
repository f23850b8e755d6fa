import { nightly } from '../support/test-settings.js';
import type { Locator } from 'playwright-core';
import type { TestApp } from '../support/app-for-tests.js';
import { TABS, chromiumVisits, inChromium } from '../support/playground-page.js';
import { startPlayground } from '../support/playground-server.js';

inChromium('the layout of the playground', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startPlayground('demo');
  });
  afterAll(() => app.stop());

  const visit = chromiumVisits(() => app.url);

  describe.each(nightly ? [390, 360] : [360])('at %d px', (width) => {
    it('has the editor above the answer, each as wide as the screen, and nothing beside it', async () => {
      const { page, answer, shows, picture } = await visit({ width, height: 640 });
      await answer();
      await shows('"data"');
      await picture(`${String(width)}-stacked`);
      const [editor, result] = await Promise.all(
        ['.graphiql-editors', '.graphiql-response'].map((box) => page.locator(box).boundingBox()),
      );

      expect([editor!.width, result!.width]).toEqual([width, width]);
      expect(result!.y).toBeGreaterThanOrEqual(editor!.y + editor!.height);
      expect(Math.min(editor!.height, result!.height)).toBeGreaterThan(180);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    });

    it('wraps no comment, in any tab', async () => {
      const { page, openTab } = await visit({ width });
      for (const name of [...Object.keys(TABS), 'Live']) {
        await openTab(name);
        await page
          .locator('.graphiql-query-editor .view-line', {
            hasText: new RegExp(`(query|mutation|subscription)\\s${name}`),
          })
          .waitFor();
        const texts = await page.evaluate<string[]>(LINES);
        const comment = texts.slice(
          0,
          texts.findIndex((text) => !text.startsWith('#')),
        );

        expect(texts[comment.length]).toMatch(/^(query|mutation|subscription)/);
        expect(comment.length).toBeGreaterThanOrEqual(3);
      }
    });

    it('has buttons that a finger can hit', async () => {
      const { page, picture, notice } = await visit({ width });
      await page.getByRole('button', { name: 'Copy link' }).click();
      await notice('status');
      const small = await buttonsUnder(page.locator('button:visible'), 44);
      await page.getByRole('button', { name: 'Open settings dialog' }).click();
      await page.getByRole('dialog').waitFor();
      await picture(`${String(width)}-settings`);

      expect(small).toEqual([]);
      expect(await buttonsUnder(page.getByRole('dialog').locator('button'), 44)).toEqual([]);
    });

    it('opens the docs over all the rest, and closes them', async () => {
      const { page, picture } = await visit({ width });
      await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
      const docs = (await page.locator('.graphiql-plugin').boundingBox())!;
      await page.locator('.graphiql-doc-explorer-title', { hasText: 'Query' }).waitFor();
      await picture(`${String(width)}-docs`);
      await page.getByRole('button', { name: 'Hide Documentation Explorer' }).click();

      expect(docs.width).toBe(width);
      expect(docs.height).toBeGreaterThan(700);
      await page.locator('.graphiql-editors').waitFor();
    });
  });

  it('has the editor beside the answer at 1280 px', async () => {
    const { page } = await visit();
    const [editor, result] = await Promise.all(
      ['.graphiql-editors', '.graphiql-response'].map((box) => page.locator(box).boundingBox()),
    );

    expect(result!.x).toBeGreaterThanOrEqual(editor!.x + editor!.width);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(1280);
    expect(await page.evaluate('document.documentElement.scrollHeight')).toBe(844);
  });

  it.each(['light', 'dark'] as const)(
    'has a name on every button, and texts that can be read, in the %s theme',
    async (colorScheme) => {
      const { page, picture } = await visit();
      await page.emulateMedia({ colorScheme });
      await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
      await page.locator('.graphiql-doc-explorer-field-name').first().waitFor();
      await picture(`1280-${colorScheme}`);
      const nameless = await page.evaluate<number>(
        `[...document.querySelectorAll('button')].filter((one) => one.offsetWidth > 0 &&
          !(one.ariaLabel || one.innerText.trim())).length`,
      );

      expect(nameless).toBe(0);
      expect(await page.evaluate(PALE)).toEqual([]);
    },
  );
});

/** The buttons that are narrower or lower than so many pixels. */
async function buttonsUnder(buttons: Locator, px: number): Promise<string[]> {
  const small: string[] = [];
  for (const button of await buttons.all()) {
    const { width, height } = (await button.boundingBox())!;
    const name = (await button.getAttribute('aria-label')) ?? (await button.innerText());
    if (Math.min(width, height) < px) small.push(`${name}: ${String(width)} x ${String(height)}`);
  }
  return small;
}

/** The lines of the operation from top to bottom, read at one moment. Monaco has them in any order. */
const LINES = `[...document.querySelectorAll('.graphiql-query-editor .view-line')]
  .map((one) => [one.getBoundingClientRect().top, one.innerText])
  .sort(([a], [b]) => a - b)
  .map(([, text]) => text)`;

/** Texts of buttons, links, editors and the docs whose contrast with what is behind them is under 4.5 (WCAG AA). */
const PALE = `(() => {
  const parse = (text) => text.match(/[\\d.]+/g).map(Number);
  const over = ([r, g, b, a = 1], below) => [r, g, b].map((part, i) => part * a + below[i] * (1 - a));
  const behind = (one) => {
    if (!one) return [255, 255, 255];
    return over(parse(getComputedStyle(one).backgroundColor), behind(one.parentElement));
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.map((part) => part / 255).map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const pale = [];
  for (const one of document.querySelectorAll('button, .view-line span, .word, .graphiql-doc-explorer a, .graphiql-doc-explorer p, .graphiql-logo')) {
    if (!one.innerText?.trim() || !one.offsetWidth) continue;
    const back = behind(one);
    const [a, b] = [light(over(parse(getComputedStyle(one).color), back)), light(back)];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < 4.5) pale.push(one.className + ' ' + one.innerText.slice(0, 20) + ' ' + contrast.toFixed(1));
  }
  return [...new Set(pale)];
})()`;
