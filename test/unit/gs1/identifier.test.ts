import {
  faultAsLink,
  formsOf,
  gtinOfKey,
  keyOfUri,
  lotKey,
  parseGln,
  parseGtin,
  parseIdentifier,
} from '../../../src/gs1/identifier.js';
import type { ParsedIdentifier } from '../../../src/gs1/identifier.js';

function keyOf(parsed: ParsedIdentifier): string {
  return parsed.ok ? parsed.id.key : `${parsed.code}: ${parsed.message}`;
}

describe('EPC URN', () => {
  test.each([
    ['urn:epc:id:sgtin:0614141.107346.2018', '01/10614141073464/21/2018'],
    ['urn:epc:id:sgtin:0614141.812345.6789%2F%26%25%22!%3F()', '01/80614141123458/21/6789/&%"!?()'],
    ['urn:epc:id:sgtin:0614141.112345.a.b', '01/10614141123459/21/a.b'],
    ['urn:epc:id:sscc:4012345.0000000333', '00/040123450000003338'],
    ['urn:epc:id:sgln:0614141.07346.1234', '414/0614141073467/254/1234'],
    ['urn:epc:id:sgln:4012345.00001.0', '414/4012345000016'],
    ['urn:epc:id:sgln:123456789012..0', '414/1234567890128'],
    ['urn:epc:id:pgln:4012345.00225', '417/4012345002256'],
    ['urn:epc:id:grai:4012345.66666.87', '8003/0401234566666387'],
    ['urn:epc:id:giai:4000001.12345', '8004/400000112345'],
    ['urn:epc:id:gsrn:4012345.9876540000', '8018/401234598765400000'],
    ['urn:epc:id:gsrnp:4012345.0000098765', '8017/401234500000987658'],
    ['urn:epc:id:gdti:4012345.55555.98', '253/401234555555498'],
    ['urn:epc:id:cpi:0614141.11111111-A%23%2F.1234', '8010/061414111111111-A#%2F/8011/1234'],
    ['urn:epc:id:sgcn:4012345.99999.44', '255/401234599999044'],
    ['urn:epc:id:ginc:0614141.xyz47%2F11', '401/0614141xyz47/11'],
    ['urn:epc:id:gsin:4012345.999987654', '402/40123459999876541'],
    ['urn:epc:id:itip:4012345.012345.01.02.999', '8006/040123451234560102/21/999'],
    ['urn:epc:id:upui:4012345.012345.AB12', '01/04012345123456/235/AB12'],
    ['urn:epc:class:lgtin:4054739.099914.20160711', '01/04054739999148/10/20160711'],
    ['urn:epc:idpat:sgtin:4054739.099914.*', '01/04054739999148'],
    ['urn:epc:idpat:grai:4012345.66666.*', '8003/04012345666663'],
    ['urn:epc:idpat:cpi:4012345.ABC.*', '8010/4012345ABC'],
    ['urn:epc:tag:sgtin-96:3.0614141.112345.400', '01/10614141123459/21/400'],
    ['URN:EPC:ID:SGTIN:0614141.107346.2018', '01/10614141073464/21/2018'],
  ])('%s is %s', (urn, key) => {
    expect(keyOf(parseIdentifier(urn))).toBe(key);
    expect(keyOfUri(urn)).toBe(key);
  });

  test.each([
    'urn:epc:id:gid:95100000.12345.400',
    'urn:epc:id:usdod:CAGEY.5678',
    'urn:epc:id:adi:2S194..12345678901',
    'urn:epc:id:bic:CSQU3054383',
    'urn:epc:id:imovn:9176187',
    'urn:epcglobal:cbv:bt:4012345123456:RE100099',
    'urn:uuid:8a7a4dd6-1e6f-4f0f-8a37-1a2f3f1f7f00',
    'https://example.com/2024/01/15',
    'https://example.com/sites/berlin?dock=3',
    'geo:52.5,13.4',
  ])('%s is its own key', (uri) => {
    expect(parseIdentifier(uri)).toEqual({
      ok: true,
      id: { key: uri, scheme: 'other', level: 'instance' },
    });
    expect(keyOfUri(uri)).toBe(uri);
    expect(formsOf(uri).digitalLink).toBe(uri);
  });

  test.each([
    ['urn:epc:id:sgtin:06141.10734600.1', 'PREFIX_LENGTH'],
    ['urn:epc:id:sgtin:0614141234567.1.1', 'PREFIX_LENGTH'],
    ['urn:epc:id:sgtin:0614141.10734.1', 'LENGTH'],
    ['urn:epc:id:sgtin:0614141.1073466.1', 'LENGTH'],
    ['urn:epc:id:sgtin:0614141.107346', 'LENGTH'],
    ['urn:epc:id:sgtin:0614141.107346.', 'LENGTH'],
    ['urn:epc:id:sgtin:0614141.107346.123456789012345678901', 'LENGTH'],
    ['urn:epc:id:sgtin:0614141.10734x.1', 'CHARACTER'],
    ['urn:epc:id:sgtin:0614141.107346.a%2', 'CHARACTER'],
    ['urn:epc:id:sgtin:0614141.107346.a%20b', 'CHARACTER'],
    ['urn:epc:id:sgtin:0614141.107346.ü', 'CHARACTER'],
    ['urn:epc:id:sscc:4012345.000000033', 'LENGTH'],
    ['urn:epc:id:cpi:0614141.abc.1', 'CHARACTER'],
    ['urn:epc:id:cpi:0614141.ABC.01', 'VALUE'],
    ['urn:epc:id:itip:4012345.012345.03.02.999', 'VALUE'],
    ['urn:epc:id:sgtn:0614141.107346.2018', 'UNKNOWN_FORM'],
    ['urn:epc:class:sgtin:0614141.107346.2018', 'UNKNOWN_FORM'],
    ['urn:epc:idpat:sgtin:0614141.*.*', 'UNKNOWN_FORM'],
    ['urn:epc:idpat:sscc:0614141.*', 'UNKNOWN_FORM'],
  ])('%s is refused with %s', (urn, code) => {
    expect(parseIdentifier(urn)).toMatchObject({ ok: false, code });
    expect(keyOfUri(urn)).toBeNull();
  });
});

describe('Digital Link', () => {
  test.each([
    ['https://id.gs1.org/01/09506000134352/21/A1', '01/09506000134352/21/A1'],
    [
      'http://example.com:8080/some/path/01/9506000134352/10/L1/21/A%2Fb?17=991231#x',
      '01/09506000134352/21/A/b',
    ],
    ['https://id.gs1.org/01/09506000134352/22/2A/10/L1', '01/09506000134352/10/L1'],
    [
      'https://id.gs1.org/01/80614141123458/21/6789%2F%26%25%22%21%3F%28%29',
      '01/80614141123458/21/6789/&%"!?()',
    ],
    ['https://id.gs1.org/414/4012345000115/254/0', '414/4012345000115'],
    [
      'https://id.gs1.org/8010/061414111111111-A%23%2F/8011/1234',
      '8010/061414111111111-A#%2F/8011/1234',
    ],
    ['https://shop.example/gtin/9506000134352/ser/A1/', '01/09506000134352/21/A1'],
  ])('%s is %s', (link, key) => {
    expect(keyOf(parseIdentifier(link))).toBe(key);
    expect(keyOfUri(link)).toBe(key);
  });

  test.each([
    ['https://id.gs1.org/01/09506000134353/21/A1', 'CHECK_DIGIT'],
    ['https://id.gs1.org/01/09506000134353', 'CHECK_DIGIT'],
    ['https://id.gs1.org/01/0950600013435/21/A1', 'CHECK_DIGIT'],
    ['https://id.gs1.org/00/1234', 'LENGTH'],
    ['https://id.gs1.org/01/09506000134352/21/A%2', 'CHARACTER'],
    ['https://id.gs1.org/01/09506000134352/21/1/235/2', 'QUALIFIER'],
    ['https://id.gs1.org/what/is/this', 'UNKNOWN_FORM'],
  ])('%s is refused with %s', (link, code) => {
    expect(parseIdentifier(link)).toMatchObject({ ok: false, code });
    expect(keyOfUri(link)).toBeNull();
  });

  test.each([
    ['https://acme.example/site/00/123456789012345678', 'CHECK_DIGIT'],
    ['https://assets.acme.example/8003/030013450007718765', 'CHECK_DIGIT'],
    ['https://acme.example/01/09506000134352?21=A1', 'QUALIFIER'],
    ['https://id.gs1.org.acme.example/01/09506000134353', 'CHECK_DIGIT'],
  ])('%s, on a domain of somebody, is their own URI, and faultAsLink says %s', (uri, code) => {
    expect(parseIdentifier(uri)).toMatchObject({ ok: true, id: { key: uri, scheme: 'other' } });
    expect(keyOfUri(uri)).toBe(uri);
    expect(faultAsLink(uri)).toMatchObject({ code });
    expect(parseGtin(uri)).toMatchObject({ ok: false, code });
  });

  test.each([
    'https://a.b?q=/01/09506000134352',
    'https://example.com/blog/00/index',
    'https://example.com/401/abc',
  ])('%s is none, only a URL', (url) => {
    expect(keyOfUri(url)).toBe(url);
  });
});

describe('element string', () => {
  test.each([
    ['(01)09506000134352(21)A1', '01/09506000134352/21/A1'],
    ['(01)09506000134352(17)271231(10)L1', '01/09506000134352/10/L1'],
    ['(10)L1(21)A1(01)09506000134352', '01/09506000134352/21/A1'],
    ['(01)09506000134352(21)A(1)b\\(10)', '01/09506000134352/21/A(1)b(10)'],
    ['(414)9506000134352(254)12', '414/9506000134352/254/12'],
    ['(00)106141412345678908(02)09506000134352(37)12', '00/106141412345678908'],
    ['(00)106141412345678908(401)9506000X', '00/106141412345678908'],
    ['(00)106141412345678908(01)09506000134352(10)L1', '00/106141412345678908'],
    ['(01)09506000134352(8004)9506000A1', '8004/9506000A1'],
    ['(01)09506000134352(401)9506000X', '01/09506000134352'],
    [']d2010950600013435221A1', '01/09506000134352/21/A1'],
    ['\u001d010950600013435221A1\u001d17271231', '01/09506000134352/21/A1'],
    [']C100106141412345678908', '00/106141412345678908'],
    ['00106141412345678908', '00/106141412345678908'],
    ['0109506000134352310300123421A1', '01/09506000134352/21/A1'],
    [']E09506000134352', '01/09506000134352'],
    [']Q1https://id.gs1.org/01/09506000134352/21/A1', '01/09506000134352/21/A1'],
  ])('%j is %s', (text, key) => {
    expect(keyOf(parseIdentifier(text))).toBe(key);
  });

  test.each([
    ['(10)L1(17)271231', 'UNKNOWN_FORM'],
    ['(00)106141412345678908(01)09506000134352(21)A1', 'AMBIGUOUS'],
    ['(00)106141412345678908(8003)09506000134352S1', 'AMBIGUOUS'],
    ['(01)09506000134352(255)9506000134352', 'AMBIGUOUS'],
    ['(01)09506000134352(255)95060001343521', 'AMBIGUOUS'],
    ['(01)09506000134352(8010)9506000A', 'AMBIGUOUS'],
    ['(8017)950600013435200008(8018)950600013435200008', 'AMBIGUOUS'],
    ['010950600013435221ABCDEFGHIJKL17271231105678', 'LENGTH'],
    ['(01)09506000134352(21)', 'LENGTH'],
    ['(01)9506000134352(21)A1', 'LENGTH'],
    ['01/9506000134352/21/A1', 'LENGTH'],
    ['0109506000', 'LENGTH'],
    ['01 09506000134352', 'UNKNOWN_FORM'],
    ['(', 'UNKNOWN_FORM'],
  ])('%j is refused with %s', (text, code) => {
    expect(parseIdentifier(text)).toMatchObject({ ok: false, code });
  });
});

describe('digits alone', () => {
  test.each([
    ['96385074', '01/00000096385074'],
    ['036000291452', '01/00036000291452'],
    ['9506000134352', '01/09506000134352'],
    ['09506000134352', '01/09506000134352'],
    ['106141412345678908', '00/106141412345678908'],
    [' 9506000134352 ', '01/09506000134352'],
    // Eighteen may be a scan without brackets: the check digits tell.
    ['800300950600999993', '8003/00950600999993'],
    ['800300950600999996', '00/800300950600999996'],
  ])('%j is %s', (text, key) => {
    expect(keyOf(parseIdentifier(text))).toBe(key);
  });

  test.each([
    ['800300950600999994', 'neither', 'GRAI'],
    ['253950600099999917', 'both', 'GDTI'],
  ])('%j, of whose check digits %s are right, is asked about', (text, which, name) => {
    const { code, message } = parseIdentifier(text) as { code: string; message: string };
    expect([code, message]).toEqual([
      'AMBIGUOUS',
      expect.stringMatching(`SSCC.*${name}.*${which} are right.*\\(00\\)${text} or \\(`),
    ]);
  });

  test('a wrong check digit is named, and the one expected', () => {
    expect(parseIdentifier('9506000134353')).toEqual({
      ok: false,
      code: 'CHECK_DIGIT',
      message:
        'The check digit of GTIN 09506000134353 is 3, expected 2. Scan or type it again: a digit is wrong or two are swapped.',
    });
  });
});

describe('parseGtin', () => {
  test.each([
    '9506000134352',
    '(01)09506000134352(21)A1',
    '01/09506000134352/10/L1',
    'urn:epc:id:sgtin:9506000.013435.A1',
  ])('takes %s as the product', (text) => {
    expect(parseGtin(text)).toMatchObject({
      ok: true,
      id: { key: '01/09506000134352', scheme: 'gtin' },
    });
  });

  test.each([
    ['950600013435', 'CHECK_DIGIT'],
    ['95060001343', 'LENGTH'],
    ['00/106141412345678908', 'WRONG_KIND'],
    ['https://example.com/x', 'WRONG_KIND'],
    ['nonsense', 'UNKNOWN_FORM'],
  ])('refuses %s with %s', (text, code) => {
    expect(parseGtin(text)).toMatchObject({ ok: false, code });
  });
});

describe('parseGln', () => {
  test('takes 13 digits as the place or the party asked for', () => {
    expect(keyOf(parseGln('9506000134352'))).toBe('414/9506000134352');
    expect(keyOf(parseGln('9506000134352', 'party'))).toBe('417/9506000134352');
  });

  test('takes any other form and keeps the extension', () => {
    expect(parseGln('urn:epc:id:sgln:9506000.13435.12')).toEqual({
      ok: true,
      id: {
        key: '414/9506000134352/254/12',
        scheme: 'sgln',
        level: 'location',
        gln: '9506000134352',
        extension: '12',
        companyPrefixLength: 7,
      },
    });
  });

  test.each([
    ['9506000134353', 'CHECK_DIGIT'],
    ['950600013435', 'LENGTH'],
    ['417/9506000134352', 'WRONG_KIND'],
    ['(01)09506000134352', 'WRONG_KIND'],
  ])('refuses %s with %s', (text, code) => {
    expect(parseGln(text)).toMatchObject({ ok: false, code });
  });
});

describe('key', () => {
  test('everything behind the qualifier is the serial, slashes and percents as they stand', () => {
    const parsed = parseIdentifier('01/09506000134352/21/a/10/b%2F');

    expect(parsed).toMatchObject({ ok: true, id: { serial: 'a/10/b%2F' } });
    expect(formsOf('01/09506000134352/21/a/10/b%2F', 7)).toEqual({
      key: '01/09506000134352/21/a/10/b%2F',
      urn: 'urn:epc:id:sgtin:9506000.013435.a%2F10%2Fb%252F',
      digitalLink: 'https://id.gs1.org/01/09506000134352/21/a%2F10%2Fb%252F',
      elementString: '(01)09506000134352(21)a/10/b%2F',
    });
  });

  test('a slash in a CPID is escaped, so that it never reads as a serial', () => {
    expect(keyOfUri('urn:epc:idpat:cpi:0614141.A%2F8011%2F5.*')).toBe('8010/0614141A%2F8011%2F5');
    expect(keyOfUri('urn:epc:id:cpi:0614141.A.5')).toBe('8010/0614141A/8011/5');
  });

  test('has no URN while the length of the company prefix is unknown or impossible', () => {
    expect(formsOf('01/09506000134352').urn).toBeNull();
    expect(formsOf('01/09506000134352', 13).urn).toBeNull();
    expect(formsOf('8006/040123451234560102/10/L1', 7).urn).toBeNull();
  });

  test('tells its GTIN', () => {
    expect(gtinOfKey('01/09506000134352/21/A1')).toBe('09506000134352');
    expect(gtinOfKey('8006/040123451234560102/21/999')).toBe('04012345123456');
    expect(gtinOfKey('00/106141412345678908')).toBeNull();
    expect(lotKey('09506000134352', 'L/1')).toBe('01/09506000134352/10/L/1');
  });
});
