import fc from 'fast-check';
import { rebuildProjection } from '../../../src/rebuild/index.js';
import { cypher } from '../../../src/graph/cypher.js';
import type { RecallSelectors } from '../../../src/recall/recall-scope.js';
import { startApp } from '../../support/app-for-tests.js';
import type { TestApp } from '../../support/app-for-tests.js';
import { diceFrom } from '../../support/dice.js';
import type { Dice } from '../../support/dice.js';
import { lawful, LOT_IDS, shuffle, UNITS, wild } from '../../support/histories.js';
import type { History } from '../../support/histories.js';
import { epcisDocument } from '../../support/history-document.js';
import { naiveRecall } from '../../support/naive-recall.js';
import { emptyGraph } from '../../support/neo4j-for-tests.js';
import {
  declaredInError,
  EVENTS_BEGIN,
  PLANT,
  rawEvents,
  READ_POINTS,
} from '../../support/recall-events.js';
import type { RawEvent } from '../../support/recall-events.js';
import { historiesToTry, nightly, seed } from '../../support/test-settings.js';

const UNTIE = cypher('test.untieMaking')`MATCH (:Event)-[m:MADE_FROM]->(:Lot) DELETE m`;
const SELECTORS_EACH = nightly ? 60 : 15;

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(async () => {
  await app.stop();
});

const NOTHING: RecallSelectors = {
  lots: [],
  products: [],
  serials: [],
  serialRanges: [],
  sourceLots: [],
  siteWindow: null,
  container: null,
  asOf: null,
};
const GTINS = ['09506000134352', '09506000134369', '19506000134359', '09506000134390'];
const BOXES = ['00/095060001343520000', '8003/09506000134352T1', '01/19506000134359/21/K0'];
const LOTS = [...LOT_IDS.filter((id) => id.includes('/10/')), '01/09506000134390/10/M0'];

/** One to three kinds of selectors, now or as of a past instant; one in ten asks for what is not there. */
function randomSelectors(dice: Dice, events: readonly RawEvent[]): RecallSelectors {
  const moment = (): number => EVENTS_BEGIN + dice.below((events.length + 2) * 1000);
  const span = (): { from: number; until: number } => {
    const [a, b] = [moment(), moment()];
    return { from: Math.min(a, b), until: Math.max(a, b) };
  };
  const some = (known: readonly string[], unknown: string): string[] =>
    [dice.one(known), ...(dice.chance(0.3) ? [dice.one(known)] : [])].map((one) =>
      dice.chance(0.1) ? unknown : one,
    );
  const kinds: readonly (() => Partial<RecallSelectors>)[] = [
    () => ({ lots: some(LOTS, '01/09506000134352/10/NONE') }),
    () => {
      const { from, until } = span();
      const gtin = dice.chance(0.1) ? '09506000134321' : dice.one(GTINS);
      const isOpen = dice.chance(0.5);
      return { products: [{ gtin, madeFrom: isOpen ? null : from, madeUntil: until }] };
    },
    () => ({ serials: some([...UNITS, ...BOXES], '01/09506000134352/21/NONE') }),
    () => ({ serialRanges: [{ gtin: dice.one(GTINS), from: 'U0', to: dice.one(['U0', 'U4']) }] }),
    () => ({ sourceLots: some(LOTS, '01/09506000134352/10/NONE') }),
    () => ({
      siteWindow: { site: dice.one([...READ_POINTS, PLANT, '414/9506000134376']), ...span() },
    }),
    () => ({ container: some(BOXES, '00/095060001343529997')[0]! }),
  ];
  const chosen = Array.from({ length: 1 + dice.below(3) }, () => dice.one(kinds)());
  const asOf = dice.chance(0.3) ? moment() : null;
  return Object.assign({}, NOTHING, ...chosen, { asOf }) as RecallSelectors;
}

const lotInput = (id: string): object => ({ gtin: id.slice(3, 17), lot: id.slice(21) });
const uri = (key: string): string => `https://id.gs1.org/${key}`;
/** The end of a window as a bound, which is not part of it. */
const behind = (t: number | null): number | null => (t === null ? null : t + 1);
const iso = (t: number | null): string | null => (t === null ? null : new Date(t).toISOString());

function toInput(asked: RecallSelectors): object {
  const { siteWindow, container } = asked;
  return {
    lots: asked.lots.map(lotInput),
    products: asked.products.map((one) => ({
      gtin: one.gtin,
      madeFrom: iso(one.madeFrom),
      madeUntil: iso(behind(one.madeUntil)),
    })),
    serials: asked.serials.map(uri),
    serialRanges: asked.serialRanges,
    sourceLots: asked.sourceLots.map(lotInput),
    siteWindow: siteWindow && {
      site: uri(siteWindow.site),
      from: iso(siteWindow.from),
      until: iso(behind(siteWindow.until)),
    },
    container: container && uri(container),
    asOf: iso(asked.asOf),
  };
}

interface Answer {
  readonly completeness: { complete: boolean; gaps: { code: string; detail: string }[] };
  readonly totals: { units: number };
  readonly packages: { nodes: { key: string }[] };
}

async function ask(asked: RecallSelectors): Promise<Answer> {
  const { data, errors } = await app.graphql(
    `query ($input: RecallScopeInput!) { recallScope(input: $input) {
      completeness { complete gaps { code detail } } totals { units } packages(first: 1000) { nodes { key } } } }`,
    { input: toInput(asked) },
  );
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return data['recallScope'] as Answer;
}

const RIGHTLY = JSON.stringify({ unknown: [], more: [], fewer: [], counted: 0 });

const counts = { asked: 0, complete: 0, withUnits: 0, unknown: 0 };

async function holds(history: History): Promise<void> {
  const dice = diceFrom(history.seed);
  const all = rawEvents(history, dice);
  const wrong = new Set(history.retract.map((i) => all[i % all.length]!));
  const arriving = shuffle(
    [...all.map(({ json }) => json), ...[...wrong].map(declaredInError)],
    history.seed,
  );
  await emptyGraph(app.graph);
  const { status, body } = await app.capture(epcisDocument(arriving));
  if (status !== 202) throw new Error(JSON.stringify(body));
  const inForce = all.filter((event) => !wrong.has(event));
  for (let n = 0; n < SELECTORS_EACH; n++) {
    const asked = randomSelectors(dice, all);
    const found = await ask(asked);
    counts.asked++;
    const expected = naiveRecall(inForce, asked);
    if (expected.unknown.length > 0) counts.unknown++;
    if (!found.completeness.complete) continue;
    counts.complete++;
    const units = found.packages.nodes.map(({ key }) => key).sort();
    if (units.length > 0) counts.withUnits++;
    const wrongly = {
      unknown: expected.unknown,
      more: units.filter((key) => !expected.units.includes(key)),
      fewer: expected.units.filter((key) => !units.includes(key)),
      counted: found.totals.units - units.length,
    };
    if (JSON.stringify(wrongly) !== RIGHTLY)
      throw new Error(`${JSON.stringify(wrongly)} for ${JSON.stringify(asked)}`);
  }
}

describe('a recall that says it is complete', () => {
  test.each([
    ['lawful', lawful, historiesToTry({ daily: 3, nightly: 120 })],
    ['wild', wild, historiesToTry({ daily: 3, nightly: 120 })],
  ] as const)(
    'has exactly the units that a naive search of the raw events finds: any selectors over %s histories',
    async (_, histories, numRuns) => {
      await fc.assert(fc.asyncProperty(histories, holds), { numRuns, seed, endOnFailure: true });
    },
    nightly ? 7_200_000 : 240_000,
  );

  // Otherwise the property above would say nothing.
  test('is no rare thing, and never one that was asked for what nobody reported', () => {
    expect(counts.complete).toBeGreaterThan(counts.asked / 20);
    expect(counts.withUnits).toBeGreaterThan(counts.complete / 2);
    expect(counts.unknown).toBeGreaterThan(0);
  });
});

test('a word that can never match anything is refused by every filter that takes words', async () => {
  const recall = '(input: {serials: ["01/09506000134352/21/R1"]})';
  const asked = [
    '{ events(filter: {bizSteps: ["shiping"]}) { nodes { id: eventId } } }',
    '{ events(filter: {types: ["AgregationEvent"]}) { nodes { id: eventId } } }',
    '{ inventory(filter: {statuses: ["recaled"]}, by: []) { units } }',
    `{ recallScope${recall} { packages(filter: {status: "recaled"}) { nodes { key } } } }`,
  ];
  const answers = await Promise.all(asked.map((query) => app.graphql(query)));

  expect(answers.map(({ errors }) => errors?.[0]?.extensions['code'])).toEqual(
    asked.map(() => 'BAD_USER_INPUT'),
  );
  expect(
    answers.map(({ errors }) => /Did you mean "(.*)"/.exec(errors?.[0]?.message ?? '')?.[1]),
  ).toEqual(['shipping', 'AggregationEvent', 'recalled', 'recalled']);
  const watch = app.webSocket().iterate({
    query: 'subscription { handoffChanges(filter: {statuses: [SENT]}) { seq } }',
  });
  const refusal: unknown = await watch.next().then(
    ({ value }) => value as unknown,
    (e: unknown) => e,
  );

  expect(JSON.stringify(refusal)).toContain('does not exist in \\"HandoffStatus\\" enum');
});

interface Change {
  readonly change: string;
  readonly units: number;
  readonly totals: { readonly units: number };
  readonly complete: boolean;
}

describe('a window at a place that only read points name', () => {
  const pallet = '00/095060001343520000';
  const dock = `${PLANT}/254/DOCK1`;
  const unit = (n: number): string => `01/09506000134352/21/R${n}`;
  const event = (second: number, more: object): never =>
    ({
      ...{ eventTime: new Date(EVENTS_BEGIN + second * 1000).toISOString() },
      ...{ eventTimeZoneOffset: '+00:00', readPoint: { id: uri(dock) }, ...more },
    }) as never;
  const window = (from: number, until: number, site = dock): RecallSelectors => ({
    ...NOTHING,
    siteWindow: { site, from: EVENTS_BEGIN + from * 1000, until: EVENTS_BEGIN + until * 1000 },
  });
  const keysOf = ({ packages }: Answer): string[] => packages.nodes.map(({ key }) => key).sort();
  beforeAll(async () => {
    await emptyGraph(app.graph);
    const of = (n: readonly number[]): string[] => n.map((one) => uri(unit(one)));
    const readPoint = { id: uri(`${PLANT}/254/LINE1`) };
    const packed = { type: 'AggregationEvent', action: 'ADD', parentID: uri(pallet) };
    const emptied = { type: 'AggregationEvent', action: 'DELETE', parentID: uri(pallet) };
    const seen = { type: 'ObjectEvent', action: 'OBSERVE', epcList: [uri(pallet)] };
    const made = { type: 'ObjectEvent', action: 'ADD', bizStep: 'commissioning' };
    const ilmd = { 'cbvmda:lotNumber': 'R' };
    const { status } = await app.capture(
      epcisDocument([
        event(1, { ...made, epcList: of([1, 2, 3, 4]), ilmd, readPoint }),
        event(2, { ...packed, childEPCs: of([1, 2]), bizStep: 'packing', readPoint }),
        event(3, { ...seen, bizStep: 'loading' }),
        event(4, { ...packed, childEPCs: of([3]), bizStep: 'packing', readPoint }),
        event(5, { ...emptied, bizStep: 'unpacking' }),
      ]),
    );
    expect(status).toBe(202);
  });

  test('has what was read there, and what was in it at that instant', async () => {
    expect(keysOf(await ask(window(3, 3)))).toEqual([1, 2].map(unit));
    expect(keysOf(await ask(window(1, 2)))).toEqual([]);
  });

  test('has what an event there emptied out of a container', async () => {
    expect(keysOf(await ask(window(5, 9)))).toEqual([1, 2, 3].map(unit));
  });

  test('a whole GLN has the read points of all its parts', async () => {
    const found = await ask(window(0, 9, PLANT));

    expect(keysOf(found)).toEqual([1, 2, 3, 4].map(unit));
    expect(found.completeness).toEqual({ complete: true, gaps: [] });
  });

  test('is not complete when nothing was read within it', async () => {
    const { completeness } = await ask(window(6, 9));

    expect(completeness.gaps.map(({ code }) => code)).toEqual(['SITE_WINDOW_EMPTY']);
  });
});

test('a watch of a lot and of the pallet that holds it counts each unit once, in the message as in the totals', async () => {
  await emptyGraph(app.graph);
  const pallet = uri('00/095060001343520000');
  const units = Array.from({ length: 10 }, (_, n) => uri(`01/09506000134352/21/W${n}`));
  const event = (second: number, more: object): object => ({
    ...{ eventTime: new Date(EVENTS_BEGIN + second * 1000).toISOString() },
    ...{ eventTimeZoneOffset: '+00:00', bizLocation: { id: uri(PLANT) }, ...more },
  });
  const made = { type: 'ObjectEvent', action: 'ADD', bizStep: 'commissioning', epcList: units };
  const packed = { type: 'AggregationEvent', action: 'ADD', parentID: pallet, childEPCs: units };
  const sent = { type: 'ObjectEvent', action: 'OBSERVE', bizStep: 'shipping', epcList: [pallet] };
  await app.capture(
    epcisDocument([
      event(1, { ...made, ilmd: { 'cbvmda:lotNumber': 'W' } }) as never,
      event(2, { ...packed, bizStep: 'packing' }) as never,
    ]),
  );
  const { data } = await app.graphql('{ feedCursor }');
  const changes = app.webSocket().iterate({
    query: `subscription ($after: Cursor) { recallScopeChanges(after: $after,
      input: {lots: [{gtin: "09506000134352", lot: "W"}], container: "${pallet}", serials: ["${units[0]!}", "${pallet}"]})
      { change { change units totals { units } complete } } }`,
    variables: { after: data['feedCursor'] },
  }) as AsyncIterableIterator<{ data: { recallScopeChanges: { change: Change } } }>;

  await app.capture(epcisDocument([event(3, sent) as never]));
  const { value } = (await changes.next()) as {
    value: { data: { recallScopeChanges: { change: Change } } };
  };
  await changes.return?.();

  expect(value.data.recallScopeChanges.change).toEqual({
    ...{ change: 'MOVED', units: 10, totals: { units: 10 }, complete: true },
  });
});

describe('what was made of a lot and has none itself', () => {
  const source = '01/09506000134352/10/S';
  const used = uri('01/09506000134352/21/S1');
  const at = (second: number, more: object): never =>
    ({
      ...{ eventTime: new Date(EVENTS_BEGIN + second * 1000).toISOString() },
      ...{ eventTimeZoneOffset: '+00:00', bizLocation: { id: uri(PLANT) }, ...more },
    }) as never;
  const made = { type: 'ObjectEvent', action: 'ADD', bizStep: 'commissioning' };
  const turned = { type: 'TransformationEvent', eventID: 'urn:uuid:6f9619ff-8b86-4011-b42d-00c0' };
  const joined = {
    type: 'TransformationEvent',
    transformationID: 'urn:epc:id:gdti:950600.01343.1',
  };
  const capture = async (events: readonly never[]): Promise<void> => {
    expect((await app.capture(epcisDocument(events))).status).toBe(202);
  };
  const found = async (asked: Partial<RecallSelectors>): Promise<[string[], string[]]> => {
    const { packages, completeness } = await ask({ ...NOTHING, ...asked });
    const codes = completeness.gaps.map(({ code }) => code);
    return [packages.nodes.map(({ key }) => key.slice(-2)).sort(), codes];
  };
  beforeEach(async () => {
    await emptyGraph(app.graph);
    const ilmd = { 'cbvmda:lotNumber': 'S' };
    await capture([at(1, { ...made, epcList: [used], ilmd })]);
  });

  test.each([
    ['a unit', uri('01/09506000134369/21/O1')],
    ['a thing without a GTIN', 'https://acme.example/made/O1'],
  ])('%s is in a recall of the source, and told by one of the lot', async (_, output) => {
    await capture([at(2, { ...turned, inputEPCList: [used], outputEPCList: [output] })]);

    expect(await found({ sourceLots: [source] })).toEqual([['O1', 'S1'], []]);
    expect(await found({ lots: [source] })).toEqual([['S1'], ['MADE_INTO']]);
  });

  test('a quantity of a product is told, as nobody can follow it', async () => {
    const quantity = [{ epcClass: uri('01/09506000134369'), quantity: 5 }];
    await capture([at(2, { ...turned, inputEPCList: [used], outputQuantityList: quantity })]);

    expect(await found({ sourceLots: [source] })).toEqual([['S1'], ['MADE_INTO']]);
  });

  test('a container is told, as what is in it may be of anything', async () => {
    const output = uri('00/095060001343520000');
    await capture([at(2, { ...turned, inputEPCList: [used], outputEPCList: [output] })]);

    const asked = { sourceLots: [source] };
    expect((await found(asked))[1]).toContain('MADE_INTO');
    expect((await found({ ...asked, container: '00/095060001343520000' }))[1]).toEqual([
      'CONTENTS_UNKNOWN',
    ]);
  });

  test.each([
    ['in the container', false],
    ['in a case in it', true],
  ])('a container that is used up whole is told by who asks for a unit %s', async (_, nested) => {
    const [box, pallet] = [uri('00/095060001343520000'), uri('00/095060001343520017')];
    const packing = { type: 'AggregationEvent', action: 'ADD', bizStep: 'packing' };
    const output = uri('01/09506000134369/21/O1');
    const whole = nested ? pallet : box;
    // The packing comes last: order does not matter.
    await capture([at(5, { ...turned, inputEPCList: [whole], outputEPCList: [output] })]);
    await capture([
      ...(nested ? [at(4, { ...packing, parentID: pallet, childEPCs: [box] })] : []),
      at(3, { ...packing, parentID: box, childEPCs: [used] }),
    ]);

    expect(await found({ sourceLots: [source] })).toEqual([['O1', 'S1'], []]);
    expect(await found({ lots: [source] })).toEqual([['S1'], ['MADE_INTO']]);
    const serials = ['01/09506000134352/21/S1'];
    expect(await found({ serials })).toEqual([['S1'], ['MADE_INTO']]);
    await rebuildProjection(app.graph, () => undefined);
    expect(await found({ lots: [source] })).toEqual([['S1'], ['MADE_INTO']]);
  });

  test('a rebuild ties to the lot what an earlier version did not', async () => {
    const output = uri('01/09506000134369/21/O1');
    await capture([at(2, { ...turned, inputEPCList: [used], outputEPCList: [output] })]);
    await app.graph.write((tx) => tx.run(UNTIE, {}));
    expect(await found({ lots: [source] })).toEqual([['S1'], []]);

    await rebuildProjection(app.graph, () => undefined);

    expect(await found({ lots: [source] })).toEqual([['S1'], ['MADE_INTO']]);
  });

  test('joined events make it in either order, until the half that used it is declared in error', async () => {
    const half = at(2, { ...turned, ...joined, inputEPCList: [used] });
    await capture([at(3, { ...joined, outputEPCList: [uri('01/09506000134369/21/O1')] })]);
    expect(await found({ sourceLots: [source] })).toEqual([['S1'], []]);

    await capture([half]);
    expect(await found({ sourceLots: [source] })).toEqual([['O1', 'S1'], []]);

    const errorDeclaration = { declarationTime: '2026-11-01T00:00:00Z', reason: 'did_not_occur' };
    await capture([{ ...(half as object), errorDeclaration } as never]);
    expect(await found({ sourceLots: [source] })).toEqual([['S1'], []]);
    expect(await found({ lots: [source] })).toEqual([['S1'], []]);
  });
});

test('a product none of whose lots was made within the window is not told as never reported', async () => {
  await emptyGraph(app.graph);
  const made = {
    ...{ type: 'ObjectEvent', action: 'ADD', bizStep: 'commissioning' },
    ...{ eventTime: '2026-03-01T00:00:00Z', eventTimeZoneOffset: '+00:00' },
    ...{ epcList: [uri('01/09506000134352/21/S1')], ilmd: { 'cbvmda:lotNumber': 'S' } },
  };
  await app.capture(epcisDocument([made]));
  const madeFrom = Date.UTC(2026, 3);

  const { completeness } = await ask({
    ...NOTHING,
    products: [{ gtin: '09506000134352', madeFrom, madeUntil: null }],
  });

  expect(completeness.gaps.map(({ code }) => code)).toEqual(['MADE_WINDOW_EMPTY']);
});
