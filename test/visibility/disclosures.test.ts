/** What organisations disclose to each other of the path of one pack, and what nobody gets by it. */
import { admitOrganisation } from '../../src/rebuild/index.js';
import { systemClock } from '../../src/shared/clock.js';
import {
  DEPOT,
  MAKER,
  OTHER,
  PLANT,
  SHOP,
  THIRD,
  codeOf,
  place,
  sold,
  startWithPartners,
} from '../support/access-client.js';
import type { AccessClient, Answer } from '../support/access-client.js';
import type { TestApp } from '../support/app-for-tests.js';

const GTIN = '09506000134352';
const unit = (serial: string): string => `https://id.gs1.org/01/${GTIN}/21/${serial}`;
const [PACK, BESIDE, UNHEARD] = ['S1', 'S2', 'NOBODY'].map(unit) as [string, string, string];
const PALLET = 'https://id.gs1.org/00/095060001343520109';
/** A competitor of the wholesaler, and its site. */
const RIVAL = '9506000160009';
const SHED = '9506000160016';

let hoursAhead = 0;
const clock = { ...systemClock, now: () => systemClock.now() + hoursAhead * 3_600_000 };
const START = systemClock.now() - 86_400_000;
const minute = (n: number): string => new Date(START + n * 60_000).toISOString();
const inHours = (n: number): string => new Date(clock.now() + n * 3_600_000).toISOString();

type Who = 'alder' | 'birch' | 'cedar' | 'dogwood' | 'host';
let app: TestApp;
let client: AccessClient;
/** By name: who made the pack, who sold it, who bought it, and who has nothing to do with it. */
const keys: Record<Who, string> = { alder: '', birch: '', cedar: '', dogwood: '', host: '' };

beforeAll(async () => {
  const started = await startWithPartners(clock);
  ({ app, client } = started);
  Object.assign(keys, started.keys);
  await ask(
    'host',
    `mutation { registerParties(parties: [{ gln: "${RIVAL}", name: "Dogwood" }]) { __typename }
      registerProducts(products: [{ gtin: "${GTIN}", name: "Aldermol" }]) { __typename }
      registerSites(sites: [{ gln: "${SHED}", name: "Shed", operator: "${RIVAL}" }]) { __typename } }`,
  );
  keys.dogwood = (await client.make({ organisation: RIVAL })).secret;
  const admitted = { organisation: `417/${RIVAL}`, prefixes: [] };
  await admitOrganisation(app.graph, admitted, () => undefined);
  for (const [i, [who, told]] of story().entries())
    await client.send(keys[who], { eventID: `urn:x:e${i}`, eventTime: minute(i), ...told });
});
afterAll(() => app.stop());

/** Two packs are made, packed, sold to a wholesaler, and unpacked there; one is sold on. Before, somebody told a lie of it, and so did its maker. */
function story(): (readonly [Who, object])[] {
  const [plant, depot] = [{ bizLocation: place(PLANT) }, { bizLocation: place(DEPOT) }];
  const packs = { epcList: [PACK, BESIDE] };
  const inside = { epcList: undefined, parentID: PALLET, childEPCs: [PACK, BESIDE] };
  const [pallet, pack] = [{ epcList: [PALLET] }, { epcList: [PACK] }];
  const first = sold(MAKER, OTHER, DEPOT);
  const second = sold(OTHER, THIRD, SHOP);
  const shipping = { bizStep: 'shipping', disposition: 'in_transit' };
  const receiving = { bizStep: 'receiving', disposition: 'in_progress' };
  const box = { type: 'AggregationEvent', ...inside };
  return [
    ['host', { action: 'ADD', bizStep: 'commissioning', ...packs, ...plant }],
    ['host', { ...box, action: 'ADD', bizStep: 'packing', ...plant }],
    ['host', { ...shipping, ...pallet, readPoint: place(PLANT), ...first }],
    ['host', { ...receiving, ...pallet, ...depot, ...first }],
    ['host', { ...box, action: 'DELETE', bizStep: 'unpacking', ...depot }],
    ['birch', { bizStep: 'inspecting', ...pack, ...depot }],
    ['host', { ...shipping, ...pack, readPoint: place(DEPOT), ...second }],
    ['host', { ...receiving, ...pack, bizLocation: place(SHOP), ...second }],
    ['dogwood', { bizStep: 'storing', ...pack, bizLocation: place(SHED), eventTime: minute(5.5) }],
    ['alder', { bizStep: 'storing', ...pack, ...plant, eventTime: minute(5.7) }],
  ];
}

async function ask(who: Who, query: string, variables = {}): Promise<Record<string, unknown>> {
  const { data, errors } = await client.ask(keys[who], query, { variables });
  expect(errors).toEqual([]);
  return data!;
}

/** Numbers of the events that somebody is shown of the path of a package; null for a package that it does not know. */
async function pathOf(who: Who, id = PACK): Promise<number[] | null> {
  const query = 'query ($id: ID!) { journey(id: $id) { nodes { eventId } totalCount { exact } } }';
  const { journey } = (await ask(who, query, { id })) as {
    journey: { nodes: { eventId: string }[]; totalCount: { exact: number } } | null;
  };
  if (journey === null) return null;
  expect(journey.totalCount.exact).toBe(journey.nodes.length);
  return journey.nodes.map(({ eventId }) => Number(eventId.slice('urn:x:e'.length)));
}

/** What Cedar sees of itself, and what Birch sees of the time before, without what others claimed of it then. */
const OWN = [6, 7];
const OF_BIRCH = [2, 3, 4, 5];
const GRANT = `mutation ($input: GrantDisclosureInput!) { grantDisclosure(input: $input) {
  disclosureId grantor { name } grantee { name } products { name } what at until reason withdrawnAt } }`;
const WITHDRAW = 'mutation ($id: ID!) { withdrawDisclosure(id: $id) { disclosureId withdrawnAt } }';
const granted: { who: Who; id: string }[] = [];
const TERMS = { grantee: THIRD, what: 'CHAIN', reason: 'a complaint' };

async function grant(who: Who, terms: object = {}): Promise<Record<string, unknown>> {
  const { grantDisclosure } = await ask(who, GRANT, { input: { ...TERMS, ...terms } });
  const { disclosureId: id } = grantDisclosure as { disclosureId: string };
  granted.push({ who, id });
  return grantDisclosure as Record<string, unknown>;
}

afterEach(async () => {
  for (const { who, id } of granted.splice(0)) await ask(who, WITHDRAW, { id });
  expect(await pathOf('cedar')).toEqual(OWN);
});

describe('what is granted', () => {
  test('adds to a journey what the grantor sees of the path, with sites and containers', async () => {
    expect(await pathOf('cedar')).toEqual(OWN);
    const until = inHours(1);
    expect(await grant('birch', { products: [GTIN], until })).toMatchObject({
      ...{ grantor: { name: 'Birch' }, grantee: { name: 'Cedar' }, what: 'CHAIN', until },
      ...{ products: [{ name: 'Aldermol' }], reason: 'a complaint', withdrawnAt: null },
    });

    const { packageById } = await ask(
      'cedar',
      `{ packageById(id: "${PACK}") { journey(first: 4) { pageInfo { endCursor }
        nodes { eventId readPoint { name } bizLocation { name } via { key } event { eventId } } } } }`,
    );
    const { nodes, pageInfo } = (
      packageById as { journey: { nodes: object[]; pageInfo: { endCursor: string } } }
    ).journey;
    const depot = { readPoint: null, bizLocation: { name: 'Depot' }, event: null };
    const via = { key: PALLET.slice(19) };
    expect(nodes).toEqual([
      { eventId: 'urn:x:e2', readPoint: { name: 'Plant' }, bizLocation: null, event: null, via },
      { eventId: 'urn:x:e3', ...depot, via },
      { eventId: 'urn:x:e4', ...depot, via: null },
      { eventId: 'urn:x:e5', ...depot, via: null },
    ]);
    const rest = `{ journey(id: "${PACK}", after: "${pageInfo.endCursor}") { nodes { eventId event { eventId } } } }`;
    expect((await ask('cedar', rest))['journey']).toEqual({
      nodes: ['urn:x:e6', 'urn:x:e7'].map((eventId) => ({ eventId, event: { eventId } })),
    });
  });

  test('tells nothing of a package that the grantee never saw, and widens no list and no event', async () => {
    const lists = `{ events { nodes { eventId } totalCount { exact } } packages { nodes { key } }
      sites { nodes { key } } event(id: "urn:x:e5") { eventId } locate(id: "${PACK}") { since origin { key } }
      packageById(id: "${PALLET}") { key } lots { nodes { key } totalCount { exact } } }`;
    const before = await ask('cedar', lists);
    await grant('birch');
    await grant('host', { grantee: null });

    expect(await ask('cedar', lists)).toEqual(before);
    for (const id of [BESIDE, PALLET, UNHEARD]) expect(await pathOf('cedar', id)).toBeNull();
    for (const id of [PACK, BESIDE, UNHEARD])
      expect(await pathOf('dogwood', id)).toEqual(id === PACK ? [8] : null);
  });

  test('with the parties hidden shows no site and no container', async () => {
    await grant('birch', { what: 'PARTIES_HIDDEN' });

    const { journey } = await ask(
      'cedar',
      `{ journey(id: "${PACK}") { nodes { bizStep readPoint { key } bizLocation { key } via { key } viaSince } } }`,
    );
    const hidden = { readPoint: null, bizLocation: null, via: null, viaSince: null };
    const steps = ['shipping', 'receiving', 'unpacking', 'inspecting'];
    expect(journey).toEqual({
      nodes: [
        ...steps.map((bizStep) => ({ bizStep, ...hidden })),
        { ...hidden, bizStep: 'shipping', readPoint: { key: `414/${DEPOT}` } },
        { ...hidden, bizStep: 'receiving', bizLocation: { key: `414/${SHOP}` } },
      ],
    });
  });

  test('with the parties and without them counts with them', async () => {
    await grant('birch');
    await grant('birch', { what: 'PARTIES_HIDDEN', grantee: null });
    const query = `{ journey(id: "${PACK}", first: 1) { nodes { readPoint { name } } } }`;

    expect((await ask('cedar', query))['journey']).toEqual({
      nodes: [{ readPoint: { name: 'Plant' } }],
    });
  });

  test('is for its grantee and for its products, and only a path opens a path', async () => {
    await grant('birch', { grantee: RIVAL });
    await grant('birch', { products: ['09506000140001'] });
    for (const what of ['ORIGIN', 'INPUTS', 'VERIFY']) await grant('birch', { what });

    expect(await pathOf('cedar')).toEqual(OWN);
    await grant('birch', { grantee: null });
    expect(await pathOf('cedar')).toEqual([...OF_BIRCH, ...OWN]);
  });

  test('ends with the next question after its end', async () => {
    await grant('birch', { until: inHours(1) });
    expect(await pathOf('cedar')).toEqual([...OF_BIRCH, ...OWN]);
    hoursAhead = 2;
    const ended = await pathOf('cedar');
    const { disclosures } = await ask(
      'cedar',
      '{ disclosures(filter: { active: true }) { totalCount { exact } } }',
    );
    hoursAhead = 0;

    expect(ended).toEqual(OWN);
    expect(disclosures).toEqual({ totalCount: { exact: 0 } });
  });

  test('ends with the next question after it is withdrawn, by its grantor alone', async () => {
    const { disclosureId: id } = await grant('birch');
    for (const who of ['cedar', 'alder', 'host'] as const)
      expect(codeOf(await client.ask(keys[who], WITHDRAW, { variables: { id } }))).toBe(
        'NOT_FOUND',
      );
    expect(await pathOf('cedar')).toEqual([...OF_BIRCH, ...OWN]);

    await ask('birch', WITHDRAW, { id });
    expect(await pathOf('cedar')).toEqual(OWN);
  });
});

describe('nobody grants what is not his', () => {
  test.each<[Who, string, number[]]>([
    ['birch', 'what was before he had it', OF_BIRCH],
    ['alder', 'what was after he had it', [0, 1, 2, 3]],
    ['dogwood', 'anything, when he never had it, not even what he says of it', []],
    ['host', 'what a partner sent', [0, 1, 2, 3, 4]],
  ])('%s not: %s', async (who, _, more) => {
    await grant(who);
    expect(await pathOf('cedar')).toEqual([...more, ...OWN]);
  });

  test('a key without the scope, and an administrator who only looks as another, grant nothing', async () => {
    const { secret } = await client.make({ organisation: OTHER, scopes: ['READ'] });
    const variables = { input: TERMS };
    const headers = { 'x-custody-as': OTHER };
    expect(codeOf(await client.ask(secret, GRANT, { variables }))).toBe('FORBIDDEN');
    expect(codeOf(await client.ask(keys.host, GRANT, { variables, headers }))).toBe('FORBIDDEN');
  });
});

const REQUEST = `mutation ($id: ID!) { requestDisclosure(package: $id, reason: "a complaint") {
  requestId package { key } asker { name } maker { name } reason at answeredAt answer disclosure { disclosureId } } }`;
const ANSWER = `mutation ($id: ID!, $input: AnswerDisclosureInput!) { answerDisclosure(id: $id, input: $input) {
  answer answeredAt disclosure { disclosureId what products { gtin } grantee { name } reason } } }`;
const YES = { disclose: true, what: 'CHAIN', reason: 'we know them' };
const requests = (answered: boolean): string =>
  `{ disclosureRequests(filter: { answered: ${answered} }) { edges { cursor node { requestId } } nodes { requestId answer }
    pageInfo { hasNextPage } totalCount { exact } } }`;
const KNOW: readonly Who[] = ['cedar', 'alder', 'host'];

async function idsFor(who: Who, answered: boolean): Promise<string[]> {
  const { disclosureRequests } = await ask(who, requests(answered));
  const { nodes, totalCount } = disclosureRequests as {
    nodes: { requestId: string }[];
    totalCount: { exact: number };
  };
  expect(totalCount.exact).toBe(nodes.length);
  return nodes.map(({ requestId }) => requestId);
}

describe('a request', () => {
  test('goes to the maker, whose yes opens what it sees until its end, and is given once', async () => {
    const { requestDisclosure } = await ask('cedar', REQUEST, { id: PACK });
    const { requestId: id, ...told } = requestDisclosure as { requestId: string };
    expect(told).toMatchObject({
      ...{ package: { key: `01/${GTIN}/21/S1` }, asker: { name: 'Cedar' }, reason: 'a complaint' },
      ...{ maker: { name: 'Alder' }, answeredAt: null, answer: null, disclosure: null },
    });
    for (const who of ['alder', 'birch', 'cedar', 'dogwood', 'host'] as const)
      expect(await idsFor(who, false)).toEqual(KNOW.includes(who) ? [id] : []);
    const variables = { id, input: { ...YES, until: inHours(1) } };
    for (const who of ['birch', 'cedar', 'host'] as const)
      expect(codeOf(await client.ask(keys[who], ANSWER, { variables }))).toBe('NOT_FOUND');

    const { answerDisclosure } = await ask('alder', ANSWER, variables);
    const { disclosure } = answerDisclosure as { disclosure: { disclosureId: string } };
    granted.push({ who: 'alder', id: disclosure.disclosureId });
    expect(disclosure).toMatchObject({
      ...{ what: 'CHAIN', products: [{ gtin: GTIN }], grantee: { name: 'Cedar' } },
      reason: YES.reason,
    });
    expect(await pathOf('cedar')).toEqual([0, 1, 2, 3, ...OWN]);
    expect(codeOf(await client.ask(keys.alder, ANSWER, { variables }))).toBe('CONFLICT');
    expect(await idsFor('cedar', false)).toEqual([]);
    expect(await idsFor('cedar', true)).toEqual([id]);
  });

  test('that is declined keeps the reason and opens nothing', async () => {
    const { requestDisclosure } = await ask('cedar', REQUEST, { id: PACK });
    const { requestId: id } = requestDisclosure as { requestId: string };
    await ask('alder', ANSWER, { id, input: { disclose: false, reason: 'ask Birch' } });

    const { disclosureRequests } = await ask('cedar', requests(true));
    expect(disclosureRequests).toMatchObject({
      nodes: [{ requestId: id, answer: 'ask Birch' }, {}],
    });
    expect(await pathOf('cedar')).toEqual(OWN);
  });

  test('about a package that was never in sight is answered as about one that nobody named', async () => {
    const texts = [PACK, UNHEARD].map(async (id) => {
      const { data, errors } = await client.ask(keys.dogwood, REQUEST, { variables: { id } });
      return JSON.stringify([data, errors.map(({ message, extensions }) => [message, extensions])])
        .replaceAll(id.slice(19), 'it')
        .replaceAll(/"requestId":"[^"]*"/g, '');
    });
    const [seen, unheard] = await Promise.all(texts);
    expect(seen).toContain('NOT_FOUND');
    expect(seen).toBe(unheard);
  });
});

test('grants are seen by who gave them, by whom they name, and by the host', async () => {
  const { disclosureId: id } = await grant('birch');
  const { disclosureId: forAll } = await grant('birch', { grantee: null });
  const list = `{ disclosures(filter: { active: true }, first: 1) {
    edges { cursor node { disclosureId } } nodes { disclosureId } pageInfo { hasNextPage endCursor } totalCount { exact } } }`;
  const found: Record<string, unknown> = {};
  for (const who of ['alder', 'birch', 'cedar', 'dogwood', 'host'] as const) {
    const { disclosures } = await ask(who, list);
    const { nodes, pageInfo, totalCount } = disclosures as {
      nodes: { disclosureId: string }[];
      pageInfo: { endCursor: string; hasNextPage: boolean };
      totalCount: { exact: number };
    };
    const rest = pageInfo.hasNextPage
      ? await ask(
          who,
          `{ disclosures(filter: { active: true, grantor: "${OTHER}" }, after: "${pageInfo.endCursor}") { nodes { disclosureId } } }`,
        )
      : { disclosures: { nodes: [] } };
    const { nodes: more } = rest['disclosures'] as { nodes: { disclosureId: string }[] };
    expect(totalCount.exact).toBe(nodes.length + more.length);
    found[who] = [...nodes, ...more].map(({ disclosureId }) => disclosureId);
  }
  const both = [forAll, id];
  expect(found).toEqual({ alder: [], birch: both, cedar: [id], dogwood: [], host: both });
  const { disclosures } = await ask(
    'host',
    `{ disclosures(filter: { active: true, what: CHAIN, grantee: "${THIRD}" }) { nodes { disclosureId } } }`,
  );
  expect(disclosures).toEqual({ nodes: [{ disclosureId: id }] });
});

const INPUTS: [argument: string, mutation: string, variables: Record<string, unknown>][] = [
  ['input.until', GRANT, { input: { ...TERMS, until: '2020-01-01T00:00:00Z' } }],
  ['input.reason', GRANT, { input: { ...TERMS, reason: ' ' } }],
  ['input.grantee', GRANT, { input: { ...TERMS, grantee: OTHER } }],
  ['input.grantee', GRANT, { input: { ...TERMS, grantee: '9506000140002' } }],
  ['input.products', GRANT, { input: { ...TERMS, products: [] } }],
  ['input.products[0]', GRANT, { input: { ...TERMS, products: ['12'] } }],
  ['package', REQUEST, { id: PALLET }],
  ['package', REQUEST, { id: GTIN }],
  ['input.until', ANSWER, { id: 'x', input: YES }],
  ['input.until', ANSWER, { id: 'x', input: { ...YES, until: '2020-01-01T00:00:00Z' } }],
  ['input.what', ANSWER, { id: 'x', input: { ...YES, what: null, until: '2100-01-01T00:00:00Z' } }],
  ['input.reason', ANSWER, { id: 'x', input: { disclose: false, reason: '' } }],
];

test.each(INPUTS)('%s that is wrong is refused with the rule and the remedy', async (...given) => {
  const [argument, mutation, variables] = given;
  const { errors }: Answer = await client.ask(keys.birch, mutation, { variables });
  expect(errors[0]).toMatchObject({
    message: expect.stringContaining(`"${argument}"`) as string,
    extensions: {
      ...{ code: 'BAD_USER_INPUT', argument },
      ...{ rule: expect.any(String) as string, remedy: expect.any(String) as string },
    },
  });
});

test('each change is in the audit log, by the organisation that made it', async () => {
  const { disclosureId: id } = await grant('birch', { products: [GTIN] });
  await ask('birch', WITHDRAW, { id });
  const { requestDisclosure } = await ask('cedar', REQUEST, { id: PACK });
  const { requestId } = requestDisclosure as { requestId: string };
  await ask('alder', ANSWER, { id: requestId, input: { disclose: false, reason: 'no' } });

  const changes = [
    ['grantDisclosure', 'Birch', [id, `417/${THIRD}`, GTIN]],
    ['withdrawDisclosure', 'Birch', [id, `417/${THIRD}`, GTIN]],
    ['requestDisclosure', 'Cedar', [requestId, `01/${GTIN}/21/S1`]],
    ['answerDisclosure', 'Alder', [requestId, `01/${GTIN}/21/S1`]],
  ] as const;
  for (const [operation, name, ids] of changes) {
    const query = `{ accessLog(filter: { operation: "${operation}" }, first: 1) { nodes { organisation { name } ids outcome } } }`;
    const { accessLog } = await ask('host', query);
    expect(accessLog).toEqual({ nodes: [{ organisation: { name }, ids, outcome: 'OK' }] });
  }
});
