/** What partners are told by the EPCIS query interface over SOAP; see test/support/epcis-partners.ts for what happened. */
import type { AccessClient } from '../support/access-client.js';
import type { TestApp } from '../support/app-for-tests.js';
import { epcis } from '../support/epcis-client.js';
import type { EpcisAnswer } from '../support/epcis-client.js';
import { KEPT, eventID, tellOfPartners } from '../support/epcis-partners.js';
import { envelopeOf, faultOf, pollOf, resultsOf, strings } from '../support/soap-client.js';

let app: TestApp;
let client: AccessClient;
let birch: string;
beforeAll(async () => {
  ({ app, client, birch } = await tellOfPartners());
});
afterAll(() => app.stop());

const call = (
  key: string | null,
  operation: string,
  inside = '',
  soap: '1.1' | '1.2' = '1.1',
): Promise<EpcisAnswer> =>
  epcis(app, 'POST', '/soap', {
    body: envelopeOf(operation, inside, { soap }),
    headers: {
      'content-type': soap === '1.1' ? 'text/xml; charset=utf-8' : 'application/soap+xml',
      ...(key === null ? {} : { 'x-api-key': key }),
    },
  });

it('a partner polls the same events', async () => {
  const answer = await call(
    birch,
    'Poll',
    pollOf('SimpleEventQuery', { EQ_bizStep: ['https://example.com/ns/weighing'] }),
  );
  const results = resultsOf(answer);
  expect(results).toContain(eventID('mixed'));
  expect(results).toContain('redacted>true<');
  for (const one of [KEPT, 'S2', 'order', 'probe'])
    expect([one, results.includes(one)]).toEqual([one, false]);
  const hidden = await call(birch, 'Poll', pollOf('SimpleEventQuery', { MATCH_anyEPC: [KEPT] }));
  expect(resultsOf(hidden)).not.toContain('<ObjectEvent>');
});

it('a partner reads the register and learns of no stored query', async () => {
  const created = await fetch(`${app.url}/epcis/queries`, {
    method: 'POST',
    headers: { 'x-api-key': client.administrator, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'ours', query: { EQ_bizStep: ['receiving'] } }),
  });
  expect(created.status).toBe(201);
  const asked = { includeAttributes: 'xsd:boolean true', includeChildren: 'xsd:boolean false' };
  const registered = resultsOf(await call(birch, 'Poll', pollOf('SimpleMasterDataQuery', asked)));
  expect(registered).toContain('Depot');
  expect(registered).not.toContain('/254/9');
  expect(strings(await call(birch, 'GetQueryNames'))).toEqual([
    'SimpleEventQuery',
    'SimpleMasterDataQuery',
  ]);
  expect(strings(await call(client.administrator, 'GetQueryNames'))).toContain('ours');
  const [there, nowhere] = [
    await call(birch, 'Poll', pollOf('ours')),
    await call(birch, 'Poll', pollOf('theirs')),
  ];
  expect(there.text).toBe(nowhere.text);
  expect(faultOf(there)).toMatchObject({ status: 500, exception: 'SecurityException' });
});

it.each(['1.1', '1.2'] as const)('who may not ask is told by a fault of SOAP %s', async (soap) => {
  const sends = (await client.partner({ scopes: ['CAPTURE'] })).secret;
  const nobody = await call(null, 'GetQueryNames', '', soap);
  const bad = await call('cg_x_y', 'GetQueryNames', '', soap);
  const refused = await call(sends, 'GetQueryNames', '', soap);
  const exception = 'SecurityException';
  const code = soap === '1.1' ? 'Client' : 'Sender';
  expect(faultOf(nobody)).toMatchObject({ status: 401, code, exception });
  expect(faultOf(bad)).toMatchObject({ status: 401, code, exception });
  expect(faultOf(refused)).toMatchObject({
    status: soap === '1.1' ? 500 : 400,
    code,
    exception,
  });
  expect(nobody.headers.get('www-authenticate')).toMatch(/^Bearer/);
  expect(nobody.headers.get('content-type')).toMatch(
    soap === '1.1' ? /^text\/xml/ : /^application\/soap\+xml/,
  );
});
