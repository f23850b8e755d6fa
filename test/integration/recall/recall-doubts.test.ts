import { startApp } from '../../support/app-for-tests.js';
import type { TestApp } from '../../support/app-for-tests.js';
import { epcisDocument } from '../../support/history-document.js';
import { emptyGraph } from '../../support/neo4j-for-tests.js';

const GTIN = '09506000134352';
const SITE = '414/9506000134352';
const DRUM = '00/095060001343520000';
const PALLET = '00/095060001343520017';
const BULK = '01/09506000134369/10/BULK';
const uri = (key: string): string => `https://id.gs1.org/${key}`;
const unit = (n: number | string): string => `01/${GTIN}/21/${n}`;
const lot = (number: string): string => `01/${GTIN}/10/${number}`;

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(async () => {
  await app.stop();
});

const idOf = (second: number): string =>
  `urn:uuid:00000000-0000-4000-8000-${String(second).padStart(12, '0')}`;
const at = (second: number): string => new Date(Date.UTC(2025, 0, 1, 0, 0, second)).toISOString();

const event = (second: number, type: string, more: object): never =>
  ({
    ...{ type, eventID: idOf(second), eventTime: at(second), eventTimeZoneOffset: '+00:00' },
    ...{ bizLocation: { id: uri(SITE) }, ...more },
  }) as never;
const made = (second: number, keys: readonly string[], number?: string): never =>
  event(second, 'ObjectEvent', {
    ...{ action: 'ADD', bizStep: 'commissioning', epcList: keys.map(uri) },
    ...(number === undefined ? {} : { ilmd: { 'cbvmda:lotNumber': number } }),
  });
const quantity = (id: string, amount: number): object => ({
  ...{ epcClass: uri(id), quantity: amount, uom: 'KGM' },
});

async function capture(events: readonly never[]): Promise<void> {
  await emptyGraph(app.graph);
  const { status, body } = await app.capture(epcisDocument(events));
  if (status !== 202) throw new Error(JSON.stringify(body));
}

async function ask(input: object, fields: string): Promise<Record<string, unknown>> {
  const query = `query ($input: RecallScopeInput!) { recallScope(input: $input) { ${fields} } }`;
  const { data, errors } = await app.graphql(query, { input });
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return data['recallScope'] as Record<string, unknown>;
}

describe('a drum that holds a lot by class', () => {
  const bulk = { gtin: BULK.slice(3, 17), lot: 'BULK' };
  const fields = `completeness { complete gaps { code } } totals { units }
    lots { role madeFrom lot { key } } classLevel { role quantity uom left container lot { key } }`;
  beforeAll(async () => {
    const packing = { type: 'AggregationEvent', bizStep: 'packing' };
    await capture([
      event(1, 'AggregationEvent', {
        ...{ ...packing, action: 'ADD', parentID: uri(DRUM) },
        childQuantityList: [quantity(BULK, 50)],
      }),
      event(2, 'AggregationEvent', {
        ...{ ...packing, action: 'ADD', parentID: uri(PALLET), childEPCs: [uri(DRUM)] },
      }),
      event(3, 'AggregationEvent', {
        ...{ bizStep: 'unpacking', action: 'DELETE', parentID: uri(DRUM) },
        childQuantityList: [quantity(BULK, 20)],
      }),
      event(4, 'TransformationEvent', {
        ...{ bizStep: 'commissioning', inputQuantityList: [quantity(BULK, 20)] },
        ...{ outputEPCList: [uri(unit(1))], ilmd: { 'cbvmda:lotNumber': 'BYCLASS' } },
      }),
      event(5, 'TransformationEvent', {
        ...{ bizStep: 'commissioning', inputEPCList: [uri(DRUM)] },
        ...{ outputEPCList: [uri(unit(2))], ilmd: { 'cbvmda:lotNumber': 'BYDRUM' } },
      }),
    ]);
  });

  test.each([
    ['container', { container: uri(DRUM) }],
    ['serial', { serials: [uri(DRUM)] }],
    ['container around it', { container: uri(PALLET) }],
    ['window at its site', { siteWindow: { site: uri(SITE), from: at(0), until: at(9) } }],
  ])(
    'asked for by its %s tells the lot, what is left and what was made of it',
    async (_, input) => {
      const found = await ask(input, fields);

      expect(found).toMatchObject({ completeness: { complete: false }, totals: { units: 2 } });
      expect(JSON.stringify(found['completeness'])).toContain('CLASS_LEVEL');
      expect(found['classLevel']).toContainEqual({
        ...{ role: 'childQuantity', quantity: 50, uom: 'KGM', left: 30 },
        ...{ container: DRUM, lot: { key: BULK } },
      });
      expect(found['lots']).toEqual(
        expect.arrayContaining([
          { role: 'CONTENTS', madeFrom: null, lot: { key: BULK } },
          { role: 'MADE_FROM', madeFrom: BULK, lot: { key: lot('BYCLASS') } },
        ]),
      );
      const lots = found['lots'] as { lot: { key: string } }[];
      expect(lots.map((one) => one.lot.key).sort()).toEqual(
        [BULK, lot('BYCLASS'), lot('BYDRUM')].sort(),
      );
    },
  );

  test('is found by the lot as a source, with what was made of the drum and what is left in it', async () => {
    const found = await ask({ sourceLots: [bulk] }, fields);

    expect(found).toMatchObject({ completeness: { complete: false }, totals: { units: 2 } });
    expect(found['classLevel']).toContainEqual(
      expect.objectContaining({ quantity: 50, left: 30, container: DRUM }),
    );
  });

  test('as of before it was partly emptied has all of it left', async () => {
    const found = await ask({ container: uri(DRUM), asOf: at(2) }, 'classLevel { left }');

    expect(found['classLevel']).toEqual([{ left: 50 }]);
  });

  test('counts in what the pallet around it holds', async () => {
    const { data } = await app.graphql(
      `{ package: packageById(id: "${uri(PALLET)}") { contentsSummary { packages classes { quantity uom lot { key } } } } }`,
    );

    expect(data['package']).toEqual({
      contentsSummary: {
        packages: 1,
        classes: [{ quantity: 30, uom: 'KGM', lot: { key: BULK } }],
      },
    });
  });

  test('has a lineage forward to the lot and what was made of it, and back from there', async () => {
    const edges = async (id: string, direction: string): Promise<string[]> => {
      const { data } = await app.graphql(
        `{ lineage(id: "${uri(id)}", direction: ${direction}) { edges { kind from to } } }`,
      );
      const found = data['lineage'] as {
        edges: { kind: string; from: string; to: string }[];
      };
      return found.edges.map(({ kind, from, to }) => `${kind} ${from} ${to}`);
    };

    expect(await edges(PALLET, 'FORWARD')).toEqual(
      expect.arrayContaining([
        `CONTAINMENT ${PALLET} ${DRUM}`,
        `CONTAINMENT ${DRUM} ${BULK}`,
        `TRANSFORMATION ${BULK} ${unit(1)}`,
        `TRANSFORMATION ${DRUM} ${unit(2)}`,
      ]),
    );
    expect(await edges(unit(2), 'BACK')).toEqual(
      expect.arrayContaining([
        `TRANSFORMATION ${DRUM} ${unit(2)}`,
        `TRANSFORMATION ${BULK} ${unit(2)}`,
        `CONTAINMENT ${DRUM} ${BULK}`,
      ]),
    );
  });

  test('is explained by what it holds', async () => {
    const { explain } = (await ask(
      { container: uri(DRUM) },
      `explain(id: "${uri(DRUM)}") { inScope links { kind text } }`,
    )) as { explain: { inScope: boolean; links: { text: string }[] } };

    expect(explain.inScope).toBe(true);
    expect(explain.links.map(({ text }) => text)).toContain(
      `It holds 30 KGM of lot ${BULK} without serials.`,
    );
  });
});

test('a drum that was emptied holds nothing of what was in it, and is told to have held it', async () => {
  const packing = { type: 'AggregationEvent', bizStep: 'packing', parentID: uri(DRUM) };
  const fill = (second: number, amount: number): never =>
    event(second, 'AggregationEvent', {
      ...{ ...packing, action: 'ADD', childQuantityList: [quantity(BULK, amount)] },
    });
  await capture([
    fill(1, 50),
    event(2, 'AggregationEvent', { ...packing, action: 'DELETE', bizStep: 'unpacking' }),
    fill(3, 7),
  ]);
  const fields = 'classLevel { quantity left }';

  expect((await ask({ container: uri(DRUM), asOf: at(2) }, fields))['classLevel']).toEqual([
    { quantity: 50, left: 0 },
  ]);
  expect((await ask({ container: uri(DRUM) }, fields))['classLevel']).toEqual([
    { quantity: 50, left: 7 },
    { quantity: 7, left: 7 },
  ]);
});

describe('a serial commissioned under two lots', () => {
  const doubt = `completeness { gaps { code detail } } totals { units } rows { units }
    packages(first: 10) { nodes { key possibly } } explain(id: "${uri(unit(2))}") { inScope possibly links { text } }`;
  const of = (...numbers: string[]): object => ({
    lots: numbers.map((number) => ({ gtin: GTIN, lot: number })),
  });
  beforeAll(async () => {
    await capture([made(1, [unit(1), unit(2)], 'OLD'), made(2, [unit(2), unit(3)], 'NEW')]);
  });

  test.each([
    ['OLD', [1, 2]],
    ['NEW', [2, 3]],
  ])('counts in the recall of each, possibly, with the events: %s', async (number, units) => {
    const found = await ask(of(number), doubt);

    expect(found).toMatchObject({
      completeness: { gaps: [{ code: 'LOT_CONTRADICTED' }] },
      totals: { units: 2 },
      rows: [{ units: 2 }],
      explain: { inScope: true, possibly: true },
    });
    const { nodes } = found['packages'] as { nodes: { key: string; possibly: boolean }[] };
    expect([...nodes].sort((a, b) => (a.key < b.key ? -1 : 1))).toEqual(
      units.map((n) => ({ key: unit(n), possibly: n === 2 })),
    );
    expect(JSON.stringify(found['explain'])).toContain(`Event ${idOf(1)} stated lot ${lot('OLD')}`);
    expect(JSON.stringify(found['explain'])).toContain(`Event ${idOf(2)} stated lot ${lot('NEW')}`);
  });

  test('is no doubt when both are asked for', async () => {
    const found = await ask(of('OLD', 'NEW'), doubt);

    expect(found).toMatchObject({
      completeness: { gaps: [] },
      totals: { units: 3 },
      explain: { inScope: true, possibly: false },
    });
  });

  test('is told beside the stock of each lot, and is stock of the newest', async () => {
    const { data } = await app.graphql(
      '{ inventory(filter: {}, by: [LOT]) { units contradicted lot { lot } } }',
    );

    expect(data['inventory']).toEqual([
      { units: 2, contradicted: 1, lot: { lot: 'NEW' } },
      { units: 1, contradicted: 1, lot: { lot: 'OLD' } },
    ]);
  });

  test('is told of in the watch of each when it moves', async () => {
    const { data } = await app.graphql('{ feedCursor }');
    const watch = (number: string): AsyncIterableIterator<unknown> =>
      app.webSocket().iterate({
        query: `subscription ($input: RecallScopeInput!, $after: Cursor) {
          recallScopeChanges(input: $input, after: $after) { change { key units totals { units } complete } } }`,
        variables: { input: of(number), after: data['feedCursor'] },
      });
    const watches = ['OLD', 'NEW'].map(watch);
    const moved = { action: 'OBSERVE', bizStep: 'shipping', epcList: [uri(unit(2))] };
    await app.capture(epcisDocument([event(3, 'ObjectEvent', moved)]));

    for (const changes of watches) {
      const { value } = (await changes.next()) as { value: unknown };
      expect(value).toEqual({
        data: {
          recallScopeChanges: {
            change: { key: unit(2), units: 1, totals: { units: 2 }, complete: false },
          },
        },
      });
      await changes.return?.();
    }
  });
});

test('of two expiries of a lot the earlier decides what is about to expire', async () => {
  const born = (second: number, n: number, expiry: string): never =>
    event(second, 'ObjectEvent', {
      ...{ action: 'ADD', bizStep: 'commissioning', epcList: [uri(unit(n))] },
      ilmd: { 'cbvmda:lotNumber': 'X', 'cbvmda:itemExpirationDate': expiry },
    });
  await capture([born(1, 1, '2028-01-31'), born(2, 2, '2029-01-31')]);
  const stock = async (before: string): Promise<unknown> => {
    const filter = `{expiresUntil: "${before}"}`;
    const query = `{ inventory(filter: ${filter}, by: [LOT, EXPIRY_MONTH]) { units expiryMonth lot { expiry expiries } } }`;
    return (await app.graphql(query)).data['inventory'];
  };
  const lotShown = { expiry: '2028-01-31', expiries: ['2028-01-31', '2029-01-31'] };

  expect(await stock('2028-01-31')).toEqual([]);
  expect(await stock('2028-02-01')).toEqual([{ units: 2, expiryMonth: '2028-01', lot: lotShown }]);
  expect(
    await ask({ lots: [{ gtin: GTIN, lot: 'X' }] }, 'lots { lot { expiry expiries } }'),
  ).toEqual({
    lots: [{ lot: lotShown }],
  });
});
