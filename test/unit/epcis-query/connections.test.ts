import { HOST } from '../../../src/access/principal.js';
import type { View } from '../../../src/access/view.js';
import { findEvents } from '../../../src/epcis-query/event-query.read-model.js';
import { parseEventQuery } from '../../../src/epcis-query/query-parameters.rules.js';

test('a query of many filters takes no more than two connections at a time', async () => {
  let open = 0;
  let most = 0;
  let reads = 0;
  const view = {
    principal: HOST,
    log: { read: () => Promise.resolve(1) },
    read: async () => {
      reads++;
      most = Math.max(most, ++open);
      await new Promise((resolve) => setImmediate(resolve));
      open--;
      return [];
    },
  } as unknown as View;
  const site = 'https://id.gs1.org/414/9506000134352';
  const query = parseEventQuery(
    new Map([
      ['WD_bizLocation', [site]],
      ['WD_readPoint', [site]],
      ...Array.from({ length: 40 }, (_, i): [string, string[]] => [
        `EQATTR_urn:epcglobal:epcis:vtype:BusinessLocation_https://example.com/${i}`,
        ['x'],
      ]),
      ...Array.from({ length: 40 }, (_, i): [string, string[]] => [
        `EQ_bizTransaction_urn:x:${i}`,
        [`urn:x:transaction:${i}`],
      ]),
    ]),
  );

  await findEvents(view, query, { perPage: 10, nowMs: 1 });

  expect(reads).toBeGreaterThan(20);
  expect(most).toBeLessThanOrEqual(2);
});
