/** One box for everything: what people type, paste and scan leads to what is meant. */
import { withCheckDigit } from '../../src/gs1/check-digit.js';
import { startApp } from '../support/app-for-tests.js';
import type { TestApp } from '../support/app-for-tests.js';
import { stories } from '../scenarios/stories.js';

const GTIN = '09506000134352';
const UNIT = `01/${GTIN}/21/U0011`;
const LOT = `01/${GTIN}/10/A2611`;
const SSCC = '106141410000003010';
/** GTIN of the NDC 0006-0277-31, and a product that is registered with an NDC. */
const US = '00300060277313';
const OTHER_US = withCheckDigit('0950600013001');
const DE = withCheckDigit('0950600013002');
const EU = withCheckDigit('0950600013003');
const GLN = withCheckDigit('950600013101');
const SHORT = '96385074';
/** The same digits are a GTIN-13 and a GLN. */
const BOTH = withCheckDigit('950600013004');

interface Hit {
  readonly kind: string;
  readonly key: string;
  readonly why: string;
  readonly label: string;
}

let app: TestApp;
beforeAll(async () => {
  app = await startApp({
    logger: (await import('../../src/shared/logger.js')).createLogger('error'),
  });
  for (const { documents } of stories)
    for (const document of documents) await app.capture(document);
  const products = [
    { gtin: US, name: 'Januvia', attributes: { note: 'It was 4711000 before 2020.' } },
    { gtin: OTHER_US, name: 'Crestor 10 mg', ndc: '12345-678-90' },
    { gtin: DE, name: 'Crème à la rose', attributes: { pzn: 'PZN-01234567', stock: 4711000 } },
    { gtin: EU, name: 'Rosé tonic', marketAuthorisations: ['EU/1/20/1234/001', 'PL 12345/0001'] },
    { gtin: `0${BOTH}`, name: 'Digits' },
    { gtin: SHORT, name: 'Small' },
  ];
  const sites = [
    { gln: GLN, name: 'Köln Rose depot', city: 'Köln' },
    { gln: BOTH, name: 'Place' },
  ];
  const parties = [
    { gln: GLN, name: 'Rose Logistics' },
    { gln: BOTH, name: 'Company' },
  ];
  const { errors } = await app.graphql(
    `mutation ($products: [ProductInput!]!, $parties: [PartyInput!]!, $sites: [SiteInput!]!) {
      registerProducts(products: $products) { __typename }
      registerParties(parties: $parties) { __typename }
      registerSites(sites: $sites) { __typename }
    }`,
    { products, parties, sites },
  );
  expect(errors).toBeUndefined();
});
afterAll(() => app.stop());

async function find(
  text: string,
  more: { readonly kinds?: readonly string[]; readonly first?: number } = {},
): Promise<readonly Hit[]> {
  const { data, errors } = await app.graphql(
    `query ($text: String!, $kinds: [SearchKind!], $first: Int) {
      search(text: $text, kinds: $kinds, first: $first) { kind key why label } }`,
    { text, first: 20, ...more },
  );
  expect(errors).toBeUndefined();
  return data['search'] as Hit[];
}

/** Kind, key and reason of each hit. */
async function found(text: string, kinds?: readonly string[]): Promise<string[]> {
  const hits = await find(text, kinds === undefined ? {} : { kinds });
  return hits.map(({ kind, key, why }) => `${kind} ${key} ${why}`);
}

test.each([
  ['scanned, with FNC1 and GS', `]d2010950600013435221U0011\u001d10A2611\u001d17281130`],
  ['scanned without a symbology identifier', `\u001d010950600013435221U0011\u001d10A2611`],
  ['in brackets', `(01)${GTIN}(21)U0011`],
  ['an EPC URN', 'urn:epc:id:sgtin:9506000.013435.U0011'],
  ['a Digital Link', `https://id.gs1.org/01/${GTIN}/10/A2611/21/U0011?17=281130`],
  ['a Digital Link of somebody else', `https://example.com/p/01/${GTIN}/21/U0011`],
  ['our own key', UNIT],
  ['the id of an answer', `Package:${UNIT}`],
  ['with blanks around it', `  ${UNIT}\n`],
])('a pack is found by its identifier %s', async (_, text) => {
  expect(await found(text)).toEqual([`PACKAGE ${UNIT} IDENTIFIER`]);
});

test.each([
  ['an SSCC in digits', SSCC, [`PACKAGE 00/${SSCC} IDENTIFIER`]],
  ['a GTIN-14', GTIN, [`PRODUCT ${GTIN} IDENTIFIER`]],
  ['a GTIN-13', GTIN.slice(1), [`PRODUCT ${GTIN} IDENTIFIER`]],
  ['a GTIN-12', US.slice(2), [`PRODUCT ${US} IDENTIFIER`]],
  ['a GTIN-8', SHORT, [`PRODUCT 000000${SHORT} IDENTIFIER`]],
  ['a lot', `(01)${GTIN}(10)A2611`, [`LOT ${LOT} IDENTIFIER`]],
  [
    'a GLN in digits, as a place and as a party',
    GLN,
    [`SITE 414/${GLN} IDENTIFIER`, `PARTY 417/${GLN} IDENTIFIER`],
  ],
  [
    'a GLN written as a party',
    `(417)${GLN}`,
    [`SITE 414/${GLN} IDENTIFIER`, `PARTY 417/${GLN} IDENTIFIER`],
  ],
  [
    'digits that are a GTIN and a GLN',
    BOTH,
    [`PRODUCT 0${BOTH} IDENTIFIER`, `SITE 414/${BOTH} IDENTIFIER`, `PARTY 417/${BOTH} IDENTIFIER`],
  ],
  ['the id of a place, but not its party', `Site:414/${GLN}`, [`SITE 414/${GLN} IDENTIFIER`]],
])('%s is found', async (_, text, expected) => {
  expect(await found(text)).toEqual(expected);
});

test('what nobody named is no hit and no error', async () => {
  expect(await found(`(01)${GTIN}(21)NOBODY`)).toEqual([]);
  expect(await found('urn:uuid:00000000-0000-4000-8000-000000000000')).toEqual([]);
  expect(await found(`(01)${GTIN.slice(0, -1)}0`)).toEqual([]);
  expect(await found('Site:?')).toEqual([]);
});

test.each([
  ['10 digits with hyphens', '0006-0277-31', US],
  ['10 digits', '0006027731', US],
  ['11 digits with hyphens', '00006-0277-31', US],
  ['11 digits', '00006027731', US],
  ['its name before it', 'NDC 0006-0277-31', US],
  ['registered with hyphens, asked with 11 digits', '12345067890', OTHER_US],
  ['registered and asked in the same way', '12345-678-90', OTHER_US],
])('a product is found by its NDC: %s', async (_, text, gtin) => {
  expect(await found(text)).toEqual([`PRODUCT ${gtin} NDC`]);
});

test.each([
  ['a PZN', '01234567', DE],
  ['a PZN with its name', 'pzn 01234567', DE],
  ['a PZN as registered', 'PZN-01234567', DE],
  ['a number among attributes that is a JSON number', '4711000', DE],
  ['an authorisation', 'EU/1/20/1234/001', EU],
  ['an authorisation in other capitals, with hyphens', 'eu 1-20-1234-001', EU],
  ['an authorisation without its blank', 'PL12345/0001', EU],
])('a product is found by its national number: %s', async (_, text, gtin) => {
  expect(await found(text)).toEqual([`PRODUCT ${gtin} NATIONAL_NUMBER`]);
});

test('a part of a national number is not the number', async () => {
  expect(await found('0123456')).toEqual([]);
  expect(await found('EU/1/20/1234')).toEqual([]);
});

test('names are found by beginnings of words, whatever accents and capitals they have', async () => {
  const rose = [DE, EU, `414/${GLN}`, `417/${GLN}`];
  const keys = async (text: string): Promise<string[]> =>
    (await find(text)).map(({ key }) => key).sort();

  expect(await keys('rose')).toEqual(rose.sort());
  expect(await keys('ROSÉ')).toEqual(rose);
  expect(await keys('creme ros')).toEqual([DE]);
  expect(await keys('koln')).toEqual([`414/${GLN}`]);
  expect(await find('log ros')).toEqual([
    { kind: 'PARTY', key: `417/${GLN}`, why: 'NAME', label: 'Rose Logistics' },
  ]);
});

test('kinds limit what is found, and first how much', async () => {
  expect(await found('rose', ['SITE'])).toEqual([`SITE 414/${GLN} NAME`]);
  expect(await found('rose', ['SITE', 'PARTY'])).toHaveLength(2);
  expect(await found(UNIT, ['LOT', 'EVENT'])).toEqual([]);
  expect(await found('A2611', ['PACKAGE', 'PRODUCT'])).toEqual([]);
  expect(await find('rose', { first: 3 })).toEqual((await find('rose')).slice(0, 3));
});

test('a lot number finds its lot; in other capitals or with other characters it is only suggested', async () => {
  expect(await found('A2611')).toEqual([`LOT ${LOT} LOT_NUMBER`]);
  for (const text of ['a2611', 'A 2611', 'A-2611', 'a_26 11', `(01)${GTIN}(10)a2611`])
    expect(await find(text)).toEqual([
      { kind: 'LOT', key: LOT, why: 'LOT_NUMBER_SIMILAR', label: 'A2611' },
    ]);
  expect((await find('g118')).map(({ label, why }) => [label, why])).toEqual([
    ['G-118', 'LOT_NUMBER_SIMILAR'],
  ]);
  expect((await find('A26')).map(({ label, why }) => [label, why])).toEqual([
    ['A2611', 'LOT_NUMBER_PART'],
  ]);
  expect(await found(`(01)${US}(10)a2611`)).toEqual([]);
});

test('the best comes first: a lot number, then a number, then names, then similar lots', async () => {
  const gtin = (n: number): string => withCheckDigit(`095060001350${n}`);
  const products = [
    { gtin: gtin(1), name: 'g-118' },
    { gtin: gtin(2), name: 'One of G118 and others' },
    { gtin: gtin(3), name: 'By number', marketAuthorisations: ['G 118'] },
  ];
  await app.graphql(
    'mutation ($products: [ProductInput!]!) { registerProducts(products: $products) { __typename } }',
    { products },
  );

  const whys = async (text: string): Promise<string[]> =>
    (await find(text)).map(({ why, label }) => `${why} ${label}`);
  expect(await whys('G-118')).toEqual([
    'LOT_NUMBER G-118',
    'NATIONAL_NUMBER By number',
    'NAME g-118',
  ]);
  expect(await whys('G118')).toEqual([
    'NATIONAL_NUMBER By number',
    'NAME One of G118 and others',
    'LOT_NUMBER_SIMILAR G-118',
  ]);
});

test('the id of a shipping finds the event and the handoff, and each hit leads to the thing itself', async () => {
  const { data } = await app.graphql('{ handoffs(first: 1) { nodes { key } } }');
  const { nodes } = data['handoffs'] as { nodes: { key: string }[] };
  const id = nodes[0]!.key;

  expect(await found(id)).toEqual([`EVENT ${id} EVENT_ID`, `HANDOFF ${id} EVENT_ID`]);
  expect(await found(`Handoff:${id}`, ['HANDOFF'])).toEqual([`HANDOFF ${id} EVENT_ID`]);
  for (const text of [id, UNIT, LOT, GTIN, GLN, 'rose']) {
    const { data: nodesOf, errors } = await app.graphql(
      'query ($text: String!) { search(text: $text) { key node { id __typename } } }',
      { text },
    );
    expect(errors).toBeUndefined();
    const hits = nodesOf['search'] as { key: string; node: { id: string; __typename: string } }[];
    expect(hits.length).toBeGreaterThan(0);
    for (const { key, node } of hits) expect(node.id).toBe(`${node.__typename}:${key}`);
  }
});

test.each(['', '   ', '*', '?', '+-&|!(){}[]^"~*?:\\/', '💊', '\u0000'])(
  'a text without a word is refused: %j',
  async (text) => {
    const { errors } = await app.graphql('query ($text: String!) { search(text: $text) { key } }', {
      text,
    });

    expect(errors).toMatchObject([
      {
        extensions: {
          code: 'BAD_USER_INPUT',
          argument: 'text',
          rule: 'has no letter and no digit.',
          remedy: 'Give an identifier, a lot number, or the beginning of a name.',
        },
      },
    ]);
  },
);

test.each([
  ['a field of Lucene', 'name:*'],
  ['a wildcard', 'a* OR *'],
  ['a regular expression', '/.*/x'],
  ['a range', '[A TO Z]'],
  ['operators and an open quote', 'zzz~2 AND NOT "q'],
  ['emoji', '💊 rose💊zzz'],
  ['a very long word', 'x'.repeat(1000)],
  ['very many words', 'x '.repeat(500)],
  ['Cypher', "' OR 1=1 //"],
  ['half an id', 'Lot:'],
  ['the id of something that is not searched', 'CaptureJob:none'],
])('hostile text finds nothing and breaks nothing: %s', async (_, text) => {
  expect(await found(text)).toEqual([]);
});

test.each([
  [{ text: 'x'.repeat(1001) }, 'text'],
  [{ text: 'rose', first: 0 }, 'first'],
  [{ text: 'rose', first: 101 }, 'first'],
])('what is out of range is refused, and says which argument', async (variables, argument) => {
  const { errors } = await app.graphql(
    'query ($text: String!, $first: Int) { search(text: $text, first: $first) { key } }',
    variables,
  );
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument } }]);
});

test('a recall of a lot in other capitals takes nothing in, and asks whether the other lot is meant', async () => {
  const scope = async (lots: readonly object[]): Promise<unknown> => {
    const { data, errors } = await app.graphql(
      `query ($lots: [LotInput!]) { recallScope(input: { lots: $lots }) {
        totals { units } notFound suggestions { asked lot { key lot } } completeness { gaps { code detail } } } }`,
      { lots },
    );
    expect(errors).toBeUndefined();
    return data['recallScope'];
  };
  const lot = { key: LOT, lot: 'A2611' };

  expect(await scope([{ gtin: GTIN, lot: 'a-2611' }])).toEqual({
    totals: { units: 0 },
    notFound: [`01/${GTIN}/10/a-2611`],
    suggestions: [{ asked: `01/${GTIN}/10/a-2611`, lot }],
    completeness: {
      gaps: [
        {
          code: 'LOT_UNKNOWN',
          detail: `1 lot that was asked for was never reported: 01/${GTIN}/10/a-2611. Check the number. Did you mean A2611?`,
        },
      ],
    },
  });
  // Of another product it is not similar, and what was found needs no suggestion.
  expect(await scope([{ gtin: US, lot: 'a2611' }])).toMatchObject({ suggestions: [] });
  expect(await scope([{ gtin: GTIN, lot: 'A2612' }])).toMatchObject({ suggestions: [] });
  expect(await scope([{ gtin: GTIN, lot: 'A2611' }])).toMatchObject({
    notFound: [],
    suggestions: [],
  });
});
