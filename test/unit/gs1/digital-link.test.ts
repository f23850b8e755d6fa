import { keyOfUri, parseIdentifier } from '../../../src/gs1/identifier.js';
import { parseDigitalLink } from '../../../src/gs1/link-elements.js';

describe('Digital Link', () => {
  test.each([
    'https://id.gs1.org/01/09506000134352/21/A1/10/L1',
    'https://id.gs1.org/01/09506000134352/10/L1/22/2A',
    'https://id.gs1.org/01/09506000134352/10/L1/235/X',
    'https://id.gs1.org/01/09506000134352/10/L1/10/L1',
    'https://id.gs1.org/414/9506000134352/254/1/7040/1ABC',
    'https://id.gs1.org/8006/040123451234560102/21/A/10/L',
  ])('%s has its qualifiers in no right order', (link) => {
    expect(parseIdentifier(link)).toMatchObject({ ok: false, code: 'QUALIFIER' });
    expect(keyOfUri(link)).toBeNull();
  });

  test.each([
    'https://id.gs1.org/01/09506000134352?21=A1',
    'https://id.gs1.org/01/09506000134352?10=L1',
    'https://id.gs1.org/01/09506000134352/21/A1?17=271231&10=L1#x',
    'https://id.gs1.org/01/09506000134352/235/T?21=A1',
    'https://id.gs1.org/414/9506000134352?linkType=all&254=1',
    'https://id.gs1.org/8006/040123451234560102?10=L',
    'https://ID.gs1.org:443/8010/0614141A1?8011=5',
  ])('%s, a qualifier in the query, is not taken for the key without it', (link) => {
    expect(parseIdentifier(link)).toMatchObject({ ok: false, code: 'QUALIFIER' });
    expect(keyOfUri(link)).toBeNull();
  });

  test.each([
    ['https://example.com/01/09506000134352/235/T?10=L1', '01/09506000134352/235/T'],
    [
      'https://example.com/00/095060001343520000?02=09506000134352&37=5&10=L1',
      '00/095060001343520000',
    ],
    [
      'https://example.com/01/09506000134352/21/A1?10x=1&serial=21&x21=1',
      '01/09506000134352/21/A1',
    ],
    ['https://example.com/8004/9520614141234567?01=09520123456788', '8004/9520614141234567'],
  ])('%s, an attribute in the query, is %s', (link, key) => {
    expect(parseIdentifier(link)).toMatchObject({ ok: true, id: { key } });
    expect(keyOfUri(link)).toBe(key);
  });

  test('the right order is told', () => {
    expect(parseIdentifier('https://id.gs1.org/01/09506000134352/21/A1/10/L1')).toMatchObject({
      message:
        'In the path of a Digital Link the qualifiers of GTIN (AI 01) stand once each and in the order /01/…/22/…/10/…/21 or /01/…/235; found /01/…/21/…/10. Put them in that order.',
    });
  });

  test.each([
    ['https://id.gs1.org/8013/1987654Ad4X4bL5ttr2310c2K', '8013/1987654Ad4X4bL5ttr2310c2K'],
    ['https://id.gs1.org/415/9506000134352/8020/ABC', '415/9506000134352'],
    ['https://id.gs1.org/8018/401234598765400000/8019/12', '8018/401234598765400000'],
    ['https://example.com/a/b/gtin/96385074/cpv/2A/lot/L/ser/S?exp=1', '01/00000096385074/21/S'],
    ['http://EXAMPLE.com/01/036000291452', '01/00036000291452'],
  ])('%s is %s', (link, key) => {
    expect(keyOfUri(link)).toBe(key);
    const parsed = parseIdentifier(key);
    expect(parsed.ok && parsed.id.key).toBe(key);
  });

  test.each([
    'https://id.gs1.org/ARFKk4XB1CZ-kLg',
    'https://id.gs1.org/01/09506000134352/HBGKvAdpQg',
  ])('%s, compressed, is refused clearly', (link) => {
    expect(parseIdentifier(link)).toMatchObject({
      ok: false,
      code: 'UNKNOWN_FORM',
      message: expect.stringContaining('compressed') as string,
    });
  });

  test.each([
    ['https://id.gs1.org/8013/1987654Ad4X4bL5ttr2310c2L', 'CHECK_DIGIT'],
    ['https://id.gs1.org/8004/ABCDEF', 'VALUE'],
    ['https://id.gs1.org/01/09506000134353', 'CHECK_DIGIT'],
  ])('%s is refused with %s', (link, code) => {
    expect(parseIdentifier(link)).toMatchObject({ ok: false, code });
  });
});

describe('a Digital Link as elements', () => {
  test('has its key, its qualifiers and the attributes of its query', () => {
    const link =
      'https://example.com/p/01/9506000134352/10/L%2F1/21/A1?17=271231;3103=000500&linkType=gs1:pip&7253=a%2520b#x';

    expect(parseDigitalLink(link)).toEqual({
      ok: true,
      elements: [
        { ai: '01', value: '09506000134352' },
        { ai: '10', value: 'L/1' },
        { ai: '21', value: 'A1' },
        { ai: '17', value: '271231' },
        { ai: '3103', value: '000500' },
        { ai: '7253', value: 'a%20b' },
      ],
    });
  });

  test.each([
    ['https://id.gs1.org/01/09506000134352?17=271301', 'VALUE'],
    ['https://id.gs1.org/01/09506000134352?21=A', 'QUALIFIER'],
    ['https://id.gs1.org/01/09506000134352?240=%2', 'CHARACTER'],
    ['https://id.gs1.org/01/09506000134353', 'CHECK_DIGIT'],
    ['https://id.gs1.org/01/0950600013435', 'CHECK_DIGIT'],
  ])('%s is refused with %s', (link, code) => {
    expect(parseDigitalLink(link)).toMatchObject({ ok: false, code });
  });

  test('no Digital Link, no elements', () => {
    expect(parseDigitalLink('https://example.com/2024/01/15')).toBeNull();
  });
});
