import type { TestApp } from '../support/app-for-tests.js';
import { AccessClient, MAKER, REGISTER } from '../support/access-client.js';
import { chromiumVisits, inChromium } from '../support/playground-page.js';
import type { PlaygroundPage } from '../support/playground-page.js';
import { startPlayground } from '../support/playground-server.js';

inChromium('the playground of a service that asks for keys', () => {
  let app: TestApp;
  let administrator = '';
  beforeAll(async () => {
    app = await startPlayground('empty', {
      env: { ACCESS: 'required' },
      onFirstKey: (secret) => (administrator = secret),
    });
    await new AccessClient(app, administrator).ask(administrator, REGISTER);
  });
  afterAll(() => app.stop());
  const visit = chromiumVisits(() => app.url);

  async function use(
    { page }: PlaygroundPage,
    chosen: { key?: string; as?: string },
  ): Promise<void> {
    await page.getByRole('button', { name: 'Who asks' }).click();
    const dialog = page.getByRole('dialog', { name: 'Who asks' });
    if (chosen.key !== undefined) await dialog.getByLabel('Key or token').fill(chosen.key);
    if (chosen.as !== undefined) await dialog.getByLabel('Look as').selectOption(chosen.as);
    await Promise.all([
      page.waitForEvent('load'),
      dialog.getByText('Use', { exact: true }).click(),
    ]);
    await page.getByRole('tab').first().waitFor();
  }

  async function said({ page }: PlaygroundPage): Promise<string> {
    await page.getByRole('button', { name: 'Who asks' }).click();
    return page.getByRole('dialog', { name: 'Who asks' }).locator('p').first().innerText();
  }

  it('asks for a key, and answers with it over HTTP and by the socket', async () => {
    const one = await visit();
    const asked = await one.notice('alert');
    await use(one, { key: administrator });
    await one.openTab('Capture');
    const captured = JSON.stringify(await one.answer());
    await one.openTab('Live');
    await one.run();

    expect(asked).toContain('asks for a key');
    expect(captured).toContain('"captured":2');
    expect(await one.shows('01/09506000134352/21/PLAY')).toBe(true);
    expect(await said(one)).toBe('You ask for the host, as administrator.');
  });

  it.each([1280, 360])(
    'lets an administrator look as an organisation does, at %d px',
    async (width) => {
      const one = await visit({ width });
      await use(one, { key: administrator });
      await use(one, { as: MAKER });
      const answer = JSON.stringify(await one.answer());
      const told = await said(one);
      await one.picture(`${String(width)}-who`);

      expect(answer).toContain('"data"');
      expect(answer).not.toContain('"errors"');
      expect(told).toBe('You look as Alder does.');
      expect(await one.page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    },
  );
});
