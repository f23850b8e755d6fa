import { EVERYBODY, HOST } from '../../../src/access/principal.js';
import type { View } from '../../../src/access/view.js';
import { CompanyPrefixes } from '../../../src/epcis-query/index.js';
import { systemClock } from '../../../src/shared/clock.js';

test('a partner is not told by the form of an identifier what others captured', async () => {
  const view = {
    principal: HOST,
    log: { read: () => Promise.resolve(1) },
    read: () => Promise.resolve([{ gcp: '9506000' }]),
  } as unknown as View;
  const prefixes = new CompanyPrefixes({ view, clock: systemClock }, new Map([['4012345', 7]]));
  const partner = { ...EVERYBODY, kind: 'PARTY', organisation: '417/9506000134352' } as const;
  const [ofHost, ofPartner] = [
    await prefixes.knownFor('Always_EPC_URN', view),
    await prefixes.knownFor('Always_EPC_URN', { principal: partner }),
  ];
  const told = [ofHost, ofPartner].map((one) =>
    ['950600013435', '401234567890'].map((digits) => one.lengthFor(digits)),
  );
  expect(told).toEqual([
    [7, 7],
    [undefined, 7],
  ]);
});
