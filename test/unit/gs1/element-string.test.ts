import fc from 'fast-check';
import { APPLICATION_IDENTIFIERS } from '../../../src/gs1/application-identifiers.js';
import { checkElements, elementFaultMessage } from '../../../src/gs1/check-elements.js';
import { FNC1, formatElementString, parseElementString } from '../../../src/gs1/element-string.js';
import { parseIdentifier } from '../../../src/gs1/identifier.js';
import { elementOf } from './element-arbitraries.js';

const GTIN = '(01)09506000134352';

function faultsIn(text: string): string[] {
  const read = parseElementString(text);
  return read.ok ? [] : read.faults.map(({ code, ai, position }) => `${code} ${ai} ${position}`);
}

describe('an element string', () => {
  test.each([
    [`${GTIN}(17)271200(10)L1(21)A1`],
    [']d2010950600013435217271200' + `10L1${FNC1}21A1`],
    [']C1010950600013435217271200' + `10L1${FNC1}21A1${FNC1}`],
    [']Q3010950600013435217271200' + `10L1${FNC1}21A1`],
    [']e0010950600013435217271200' + `10L1${FNC1}21A1`],
    [']J1010950600013435217271200' + `10L1${FNC1}21A1`],
    [`${FNC1}010950600013435217271200${FNC1}10L1${FNC1}21A1`],
    ['(01) 09506000134352\n(17) 271200 (10) L1 (21) A1'],
  ])('%j is parted into its elements', (text) => {
    expect(parseElementString(text)).toEqual({
      ok: true,
      elements: [
        { ai: '01', value: '09506000134352' },
        { ai: '17', value: '271200' },
        { ai: '10', value: 'L1' },
        { ai: '21', value: 'A1' },
      ],
    });
  });

  test.each([
    ['9506000134352', '01', '09506000134352'],
    [']E09506000134352', '01', '09506000134352'],
    ['96385074', '01', '00000096385074'],
    ['106141412345678908', '00', '106141412345678908'],
  ])('of bare digits %s is a GTIN or an SSCC', (text, ai, value) => {
    expect(parseElementString(text)).toEqual({ ok: true, elements: [{ ai, value }] });
  });

  test.each([
    ['(01)09506000134353', 'CHECK_DIGIT 01 18'],
    ['9506000134353', 'CHECK_DIGIT 01 13'],
    [`${GTIN}(17)271301`, 'VALUE 17 25'],
    [`${GTIN}(17)270230`, 'VALUE 17 27'],
    [`${GTIN}(7003)2702002359`, 'VALUE 7003 29'],
    [`${GTIN}(7003)2702012460`, 'VALUE 7003 31'],
    [`${GTIN}(21)A b`, 'CHARACTER 21 24'],
    [`${GTIN}(21)\\(\\( b`, 'CHARACTER 21 27'],
    [`${GTIN}(10)${'L'.repeat(21)}`, 'LENGTH 10 43'],
    [`${GTIN}(422)004`, ''],
    [`${GTIN}(422)005`, 'VALUE 422 24'],
    [`${GTIN}(423)0042`, 'LENGTH 423 27'],
    [`${GTIN}(06)1`, 'UNKNOWN_FORM 06 23'],
    [`${GTIN}(10)L1(10)L2`, 'AMBIGUOUS 10 29'],
    [`${GTIN}(10)L1(10)L1`, ''],
    [`${GTIN}(235)A`, ''],
    [`${GTIN}(21)A(235)A`, 'PAIRING 21 23'],
    [`${GTIN}(37)12`, 'PAIRING 01 5,PAIRING 37 23'],
    ['(00)106141412345678908(02)09506000134352(37)12', ''],
    ['(10)L1', 'PAIRING 10 5'],
    [`${GTIN}(3922)100`, 'PAIRING 3922 25'],
    [`${GTIN}(3103)001000(3922)100`, ''],
    [`${GTIN}(3103)001000(3102)000100`, 'PAIRING 3103 25,PAIRING 3102 37'],
    [`${GTIN}(250)X`, 'PAIRING 250 24'],
    [`${GTIN}(21)A(250)X`, ''],
    [']d20109506000134352' + '051234', 'UNKNOWN_FORM null 20'],
    ['', 'UNKNOWN_FORM null 1'],
    ['x'.repeat(9000), 'LENGTH null 8001'],
  ])('%j: faults are named with their place: %j', (text, expected) => {
    expect(faultsIn(text).join()).toBe(expected);
  });

  test('a fault says what was found, which rule it breaks, and what to do', () => {
    const read = parseElementString('(01)09506000134353(21)A1');
    const [fault] = read.ok ? [] : read.faults;

    expect(elementFaultMessage(fault!)).toBe(
      '(01) GTIN has the check digit 2, found 3; found "09506000134353" at position 18. Scan or type it again: a character is wrong or two are swapped.',
    );
  });

  test('one of several barcodes of an item need not hold all that belongs together', () => {
    expect(parseElementString('(10)L1', { alone: false }).ok).toBe(true);
    expect(parseElementString('(17)271301', { alone: false }).ok).toBe(false);
  });

  test('whatever element names the key, a wrong one beside it is no good scan', () => {
    expect(parseIdentifier(`${GTIN}(21)A1(17)271301`)).toMatchObject({ ok: false, code: 'VALUE' });
    expect(parseIdentifier(`${GTIN}(21)A1(21)A2`)).toMatchObject({ ok: false, code: 'AMBIGUOUS' });
    expect(parseIdentifier(`${GTIN}(250)X`)).toMatchObject({ ok: true });
  });
});

describe('the rules of content', () => {
  test.each([
    ['8013', '1987654Ad4X4bL5ttr2310c2K', ''],
    ['8013', '1987654Ad4X4bL5ttr2310c2L', 'CHECK_DIGIT'],
    ['8014', '1987654Ad4X4bL5ttr2310c2K', ''],
    ['8007', 'DE89370400440532013000', ''],
    ['8007', 'DE88370400440532013000', 'CHECK_DIGIT'],
    ['8007', '1234', 'VALUE'],
    ['8006', '040123451234560102', ''],
    ['8006', '040123451234560302', 'VALUE'],
    ['8003', '10401234566666', 'VALUE'],
    ['8004', '4012345ABC', ''],
    ['8004', '40X', 'VALUE'],
    ['8011', '012', 'VALUE'],
    ['8001', '00011000012341', 'VALUE'],
    ['8001', '00010000100191', ''],
    ['8008', '27020123', ''],
    ['8008', '2702012360', 'VALUE'],
    ['8030', 'AQ-_9a==', ''],
    ['8030', 'AQ=a', 'CHARACTER'],
    ['3910', '978100', ''],
    ['3910', '123100', 'VALUE'],
    ['4307', 'DE', ''],
    ['4307', 'XX', 'VALUE'],
    ['4309', '18000000003600000000', ''],
    ['4309', '18000000013600000000', 'VALUE'],
    ['4300', 'A%20B', ''],
    ['4300', 'A%2', 'VALUE'],
    ['4321', '2', 'VALUE'],
    ['4330', '000100-', ''],
    ['4330', '000100+', 'VALUE'],
    ['7030', '999X', ''],
    ['7040', '1ABc', ''],
    ['7040', '1AB%', 'VALUE'],
    ['7041', '1A', ''],
    ['7041', 'a', 'VALUE'],
    ['7241', '11', 'VALUE'],
    ['7250', '20240229', ''],
    ['7250', '20230229', 'VALUE'],
    ['7252', '3', 'VALUE'],
    ['7258', '1/3', ''],
    ['7258', '3/1', 'VALUE'],
    ['8010', '0614141-A#/1', ''],
    ['8010', '0614141a', 'CHARACTER'],
    ['8110', '1234x', 'VALUE'],
  ])('(%s) %s: %s', (ai, value, expected) => {
    const content = checkElements([{ ai, value }]).filter(({ code }) => code !== 'PAIRING');

    expect(content.map(({ code }) => code).join()).toBe(expected);
  });
});

test('the elements of any AI, written with brackets or as scanned, read back the same', () => {
  const ais = fc.uniqueArray(fc.constantFrom(...APPLICATION_IDENTIFIERS.keys()), {
    minLength: 1,
    maxLength: 5,
  });
  const lists = ais.chain((some) => fc.tuple(...some.map(elementOf)));
  fc.assert(
    fc.property(lists, fc.constantFrom('BRACKETED' as const, 'RAW' as const), (elements, form) => {
      const text = formatElementString(elements, form);

      // Bare digits of a number's length are that number, not an element string.
      fc.pre(!/^\d{8}$|^\d{12,14}$|^\d{18}$/.test(text));
      expect(parseElementString(text, { alone: false })).toEqual({ ok: true, elements });
    }),
    { numRuns: 2000 },
  );
});

test('any wrong digit of any number with a check digit is refused, and the right digit named', () => {
  const checked = [...APPLICATION_IDENTIFIERS.values()].filter(({ components }) =>
    components.some(({ rules }) => rules.includes('check')),
  );
  const elements = fc.constantFrom(...checked.map(({ ai }) => ai)).chain(elementOf);
  fc.assert(
    fc.property(elements, fc.integer({ min: 1, max: 9 }), ({ ai, value }, by) => {
      const { components } = APPLICATION_IDENTIFIERS.get(ai)!;
      const end = components[0]!.rules.includes('check') ? components[0]!.maxLength : 14;
      const right = value.charAt(end - 1);
      const wrong = String((Number(right) + by) % 10);
      const faults = checkElements([
        { ai, value: value.slice(0, end - 1) + wrong + value.slice(end) },
      ]);

      expect(faults[0]).toMatchObject({
        code: 'CHECK_DIGIT',
        position: end,
        rule: `has the check digit ${right}, found ${wrong}`,
      });
    }),
  );
});

test('nothing makes the reader of element strings throw, and a fault has its place in the text', () => {
  const scraps = fc.array(
    fc.oneof(
      fc.constantFrom(...APPLICATION_IDENTIFIERS.keys()),
      fc.constantFrom('(', ')', '(01)', '\\(', FNC1, ']d2', '09506000134352', ' '),
      fc.string({ maxLength: 3 }),
    ),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(scraps, (parts) => {
      const text = parts.join('');
      const read = parseElementString(text);
      if (read.ok) return;
      for (const fault of read.faults) {
        expect(fault.position).toBeGreaterThan(0);
        expect(fault.position).toBeLessThanOrEqual(text.length + 1);
        expect(elementFaultMessage(fault).length).toBeGreaterThan(20);
      }
    }),
    { numRuns: 2000 },
  );
});
