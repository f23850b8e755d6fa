import { HOST } from '../../../src/access/principal.js';
import type { View } from '../../../src/access/view.js';
import { makeBarcode } from '../../../src/barcode/make-barcode.js';
import type { BarcodeDeps } from '../../../src/barcode/make-barcode.js';
import type { BarcodeRequest } from '../../../src/barcode/barcode.js';
import { parseIdentifier } from '../../../src/gs1/identifier.js';
import { parseDigitalLink } from '../../../src/gs1/link-elements.js';
import { fixedClock } from '../../../src/shared/clock.js';

const GS = '\u001d';
const nothingKnown = knows([]);
const known = knows([{ lot: 'L/1', expiry: '2027-12-31' }]);

/** In 2026. */
function knows(rows: readonly object[]): BarcodeDeps {
  const view = { principal: HOST, read: () => Promise.resolve(rows) } as unknown as View;
  return { view, clock: fixedClock(Date.UTC(2026, 10, 21)) };
}

const dataMatrix = (id: string, more: Partial<BarcodeRequest> = {}): BarcodeRequest => ({
  id,
  format: 'DATAMATRIX',
  ...more,
});

test('a pack carries GTIN, expiry, lot and serial, with FNC1 behind the lot only', async () => {
  const { text, raw } = await makeBarcode(known, dataMatrix('urn:epc:id:sgtin:9506000.013435.A(1'));

  expect(text).toBe('(01)09506000134352(17)271231(10)L/1(21)A\\(1');
  expect(raw).toBe(`]d2010950600013435217271231` + `10L/1${GS}21A(1`);
});

test.each([
  ['(01)09506000134352(17)270100(10)L2(21)A1', '(01)09506000134352(17)270100(10)L2(21)A1'],
  [`]d201095060001343521727013110L2${GS}21A1`, '(01)09506000134352(17)270131(10)L2(21)A1'],
  [
    'https://id.gs1.org/01/09506000134352/22/V/10/L2/21/A1?17=270131&linkType=x',
    '(01)09506000134352(17)270131(10)L2(21)A1(22)V',
  ],
  ['(01)09506000134352(21)A1(240)X', '(01)09506000134352(21)A1(240)X'],
  ['09506000134352', '(01)09506000134352'],
  ['(01)09506000134352(10)L2', '(01)09506000134352(10)L2'],
  ['095060001343520001', null],
  ['095060001343520000', '(00)095060001343520000'],
  ['urn:epc:id:sgln:9506000.13435.12', '(414)9506000134352(254)12'],
  ['8003/09506000134352S1', '(8003)09506000134352S1'],
  ['https://example.com/8004/9506000A1', '(8004)9506000A1'],
  [
    ']Q1https://example.com/01/09506000134352/10/L2/21/A1?17=270131',
    '(01)09506000134352(17)270131(10)L2(21)A1',
  ],
  [
    'https://example.com/01/09506000134352/21/A1?240=a+b&linkType=x',
    '(01)09506000134352(21)A1(240)a+b',
  ],
  ['https://example.com/01/09506000134352/21/A1?17=271301', null],
  ['https://[/01/09506000134352/21/A1', '(01)09506000134352(21)A1'],
])('of %s that nobody knows the barcode says %s', async (id, text) => {
  const made = makeBarcode(nothingKnown, dataMatrix(id));

  if (text === null) await expect(made).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  else expect(await made).toMatchObject({ text });
});

test('lot and expiry of a pack not known yet come from the arguments', async () => {
  const request = dataMatrix('(01)09506000134352(21)A1', { lot: 'L3', expiry: '2028-02-29' });

  expect((await makeBarcode(nothingKnown, request)).text).toBe(
    '(01)09506000134352(17)280229(10)L3(21)A1',
  );
});

test('what a scanner sends back is the same pack', async () => {
  for (const format of ['DATAMATRIX', 'GS1_128', 'QR_DIGITAL_LINK'] as const) {
    const { raw } = await makeBarcode(known, { id: '01/09506000134352/21/A%?1', format });

    expect(parseIdentifier(raw)).toMatchObject({
      ok: true,
      id: { key: '01/09506000134352/21/A%?1' },
    });
  }
});

test('a QR code carries the Digital Link, qualifiers in their order, the rest as query', async () => {
  const request: BarcodeRequest = { id: '(01)09506000134352(21)A/1', format: 'QR_DIGITAL_LINK' };

  expect((await makeBarcode(known, request)).raw).toBe(
    ']Q1https://id.gs1.org/01/09506000134352/10/L%2F1/21/A%2F1?17=271231',
  );
});

test.each([
  ['(01)09506000134352(10)L(235)T', '/01/09506000134352/235/T?10=L'],
  ['(01)09506000134352(17)270131(10)L(22)V', '/01/09506000134352/22/V/10/L?17=270131'],
  ['(8006)095060001343520102(10)L(21)S', '/8006/095060001343520102/10/L/21/S'],
  ["(01)09506000134352(21)a;b(240)'c;d=e", '/01/09506000134352/21/a%3Bb?240=%27c%3Bd%3De'],
  ['(414)9506000134352(7040)1ABC', '/414/9506000134352/7040/1ABC'],
  ['(8010)9506000A/B#(8011)12', '/8010/9506000A%2FB%23/8011/12'],
  [
    '(00)095060001343520000(02)09506000134352(37)10(10)L',
    '/00/095060001343520000?02=09506000134352&10=L&37=10',
  ],
])('the Digital Link in the QR code of %s is one that reads back', async (id, path) => {
  const { raw, elements } = await makeBarcode(nothingKnown, { id, format: 'QR_DIGITAL_LINK' });
  const link = raw.slice(']Q1'.length);
  const read = parseDigitalLink(link);

  expect(link).toBe(`https://id.gs1.org${path}`);
  expect(read?.ok === true && new Set(read.elements)).toEqual(new Set(elements));
});

test.each([
  '(01)09506000134352(21)A1(8200)9506000',
  '(01)09506000134352(21)A1(8040)123456789012345',
  '(414)9506000134352(254)A(7040)1ABC',
  `(01)09506000134352${[91, 92, 93, 94, 95, 96, 97, 98].map((ai) => `(${ai})${'%'.repeat(90)}`).join('')}(99)${'%'.repeat(60)}`,
])('what no Digital Link in a QR code can say is refused: %s', async (id) => {
  await expect(makeBarcode(nothingKnown, { id, format: 'QR_DIGITAL_LINK' })).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
    details: { argument: 'format' },
  });
  await expect(makeBarcode(nothingKnown, dataMatrix(id))).resolves.toBeDefined();
});

test.each([
  [dataMatrix('(01)09506000134353(21)A1'), 'id', 'check digit'],
  [dataMatrix('nonsense'), 'id', 'not an identifier in a known form'],
  [dataMatrix('urn:epc:id:gid:95100000.12345.400'), 'id', 'not a GS1 key'],
  [dataMatrix('095060001343520000', { lot: 'L1' }), 'lot', 'needs a GTIN'],
  [dataMatrix('(01)09506000134352(10)L1', { lot: 'L2' }), 'lot', 'names lot L1'],
  [dataMatrix('(01)09506000134352(10)L1(21)A1', { lot: 'L2' }), 'lot', 'names lot L1'],
  [
    dataMatrix('https://x.example/01/09506000134352/21/A1?17=270131', { expiry: '2027-02-28' }),
    'expiry',
    'names expiry 270131',
  ],
  [dataMatrix('(01)09506000134352(21)A1', { lot: 'Ä' }), 'lot', '(10)'],
  [dataMatrix('(01)09506000134352(21)A1', { expiry: 'tomorrow' }), 'expiry', 'must be a date'],
  [dataMatrix('(01)09506000134352(21)A1', { expiry: '2027-02-30' }), 'expiry', '(17)'],
  [dataMatrix('(01)09506000134352(21)A1', { expiry: '2077-01-01' }), 'expiry', '1977 to 2076'],
  [dataMatrix('(01)09506000134352(21)A1', { expiry: '1927-01-31' }), 'expiry', '1977 to 2076'],
  [
    {
      id: `(01)09506000134352(10)${'L'.repeat(20)}(21)${'S'.repeat(20)}`,
      format: 'GS1_128',
    } as const,
    'format',
    'at most 48',
  ],
])('%j is refused at %s, saying %s', async (request, argument, says) => {
  const made = makeBarcode(nothingKnown, request);

  await expect(made).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
    message: expect.stringContaining(says) as string,
    details: { argument },
  });
});

test('an argument that contradicts what events stated is refused', async () => {
  const made = makeBarcode(known, dataMatrix('(01)09506000134352(21)A1', { lot: 'L9' }));

  await expect(made).rejects.toMatchObject({ code: 'CONFLICT', details: { argument: 'lot' } });
});

test('a scan that contradicts what events stated is refused', async () => {
  for (const id of ['(01)09506000134352(10)L9(21)A1', '(01)09506000134352(17)270131(21)A1'])
    await expect(makeBarcode(known, dataMatrix(id))).rejects.toMatchObject({
      code: 'CONFLICT',
      details: { argument: 'id' },
    });
});

test('an expiry that AI 17 would say of another century is left out', async () => {
  const id = '(01)09506000134352(21)A1';
  for (const [expiry, said] of [
    ['2076-12-31', '(17)761231'],
    ['2077-01-01', ''],
    ['9999-12-31', ''],
  ] as const)
    expect((await makeBarcode(knows([{ lot: null, expiry }]), dataMatrix(id))).text).toBe(
      `(01)09506000134352${said}(21)A1`,
    );
});

test('day 00 is no contradiction to the last day of the month', async () => {
  const made = await makeBarcode(
    known,
    dataMatrix('(01)09506000134352(17)271200(21)A1', { expiry: '2027-12-31' }),
  );

  expect(made.text).toBe('(01)09506000134352(17)271231(10)L/1(21)A1');
});

test('a text longer than any identifier is refused before it is read', async () => {
  const made = makeBarcode(nothingKnown, dataMatrix('9'.repeat(1001)));

  await expect(made).rejects.toMatchObject({ code: 'BAD_USER_INPUT', details: { argument: 'id' } });
});
