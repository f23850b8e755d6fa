import {
  classPatternOf,
  epcPatternOf,
  matchesPattern,
} from '../../../src/epcis-query/epc-pattern.rules.js';
import { keyOfUri } from '../../../src/gs1/identifier.js';

const matches = (pattern: string, uri: string): boolean =>
  matchesPattern(keyOfUri(uri) ?? uri, epcPatternOf('MATCH_epc', pattern));

const SGTIN = 'urn:epc:id:sgtin:9506000.013435.150';

test.each([
  ['urn:epc:idpat:sgtin:9506000.013435.*', SGTIN, true],
  ['urn:epc:idpat:sgtin:9506000.*.*', SGTIN, true],
  ['urn:epc:idpat:sgtin:*.*.*', SGTIN, true],
  ['urn:epc:idpat:sgtin:9506000.113435.*', SGTIN, false],
  ['urn:epc:idpat:sgtin:9506001.*.*', SGTIN, false],
  ['urn:epc:idpat:sgtin:9506000.013435.150', SGTIN, true],
  ['urn:epc:idpat:sgtin:9506000.013435.151', SGTIN, false],
  ['urn:epc:id:sgtin:9506000.013435.15', SGTIN, false],
  ['urn:epc:idpat:sgln:9506000.12345.*', 'urn:epc:id:sgln:9506000.12346.0', false],
  ['urn:epc:pat:sgtin-96:3.9506000.013435.[100-199]', SGTIN, true],
  ['urn:epc:pat:sgtin-198:*.9506000.013435.[151-199]', SGTIN, false],
  ['urn:epc:pat:sgtin-96:3.9506000.013435.[150-150]', SGTIN, true],
  ['urn:epc:pat:sgtin-96:3.9506000.013435.[1-149]', SGTIN, false],
  ['urn:epc:pat:sgtin-96:3.9506000.013435.[100-199]', `${SGTIN}A`, false],
  ['urn:epc:pat:sgtin-96:3.9506000.013435.150', SGTIN, true],
  ['urn:epc:idpat:itip:9506000.*.*.*.*', 'urn:epc:id:itip:9506000.013435.01.02.A', true],
  ['urn:epc:idpat:itip:9506000.013435.01.*.*', 'urn:epc:id:itip:9506000.013435.01.02.A', true],
  ['urn:epc:idpat:itip:9506000.013435.02.*.*', 'urn:epc:id:itip:9506000.013435.01.02.A', false],
  ['https://id.gs1.org/8003/09506000123455', 'urn:epc:id:grai:9506000.12345.77', true],
  ['https://id.gs1.org/8010/9506000A', 'https://id.gs1.org/8010/9506000A/8011/7', true],
  ['https://id.gs1.org/01/09506000134352', SGTIN, true],
  ['urn:epc:idpat:upui:9506000.013435.*', SGTIN, false],
  ['urn:epc:idpat:upui:9506000.*.*', SGTIN, false],
  ['urn:epc:idpat:upui:9506000.*.*', 'urn:epc:id:upui:9506000.013435.150', true],
  ['urn:epc:idpat:upui:*.*.*', SGTIN, false],
  ['urn:epc:idpat:sgtin:9506000.*.*', 'urn:epc:id:upui:9506000.013435.150', false],
  ['urn:epc:idpat:sscc:9506000.*', 'urn:epc:id:sscc:9506000.1000000001', true],
  ['urn:epc:idpat:sgln:9506000.12345.*', 'urn:epc:id:sgln:9506000.12345.0', true],
  ['urn:epc:idpat:sgln:9506000.12345.*', 'urn:epc:id:sgln:9506000.12345.dock', true],
  ['urn:epc:pat:sgln-96:3.9506000.12345.[1-5]', 'urn:epc:id:sgln:9506000.12345.5', true],
  ['urn:epc:pat:sgln-96:3.9506000.12345.[1-5]', 'urn:epc:id:sgln:9506000.12345.6', false],
  ['urn:epc:idpat:grai:9506000.12345.*', 'urn:epc:id:grai:9506000.12345.77', true],
  ['urn:epc:idpat:giai:9506000.*', 'urn:epc:id:giai:9506000.77', true],
  ['urn:epc:idpat:gid:95100000.12345.*', 'urn:epc:id:gid:95100000.12345.400', true],
  ['urn:epc:idpat:gid:95100000.12345.*', 'urn:epc:id:gid:95100000.12346.400', false],
  ['urn:epc:pat:gid-96:95100000.12345.*', 'urn:epc:id:gid:95100000.12345.400', true],
  ['https://id.gs1.org/253/9506000123455', 'https://id.gs1.org/253/95060001234557', true],
  ['https://id.gs1.org/255/9506000123455', 'https://id.gs1.org/255/95060001234557', true],
  ['https://id.gs1.org/8006/095060001343520102', 'urn:epc:id:itip:9506000.013435.01.02.A', true],
  ['urn:epc:idpat:sgln:*.*.*', 'urn:epc:id:sgln:9506000.12345.0', true],
  ['urn:epc:idpat:sscc:*.*', 'urn:epc:id:sscc:9506000.1000000001', true],
  ['urn:epc:idpat:grai:9506000.*.*', 'urn:epc:id:grai:9506000.12345.77', true],
  ['urn:epc:idpat:grai:9506001.*.*', 'urn:epc:id:grai:9506000.12345.77', false],
  ['urn:epc:class:lgtin:9506000.013435.L1', 'urn:epc:class:lgtin:9506000.013435.L1', true],
  ['urn:epc:pat:sgtin-96:3.9506000.013435.[100-199]', 'urn:epc:id:sgtin:9506000.013435.0150', true],
  ['urn:epc:pat:sgtin-96:3.9506000.013435.[150-151]', 'urn:epc:id:sgtin:9506000.013435.151', true],
  ['URN:EPC:IDPAT:SGTIN:9506000.013435.*', SGTIN, true],
  ['urn:example:a%', 'urn:example:ab', false],
  ['urn:example:a_', 'urn:example:ab', false],
  ['urn:example:*', 'urn:example:ab', false],
])('%s and %s: %s', (pattern, uri, expected) => {
  expect(matches(pattern, uri)).toBe(expected);
});

const SSCC = 'urn:epc:id:sscc:9506000.1000000005';
const GSRN = 'urn:epc:id:gsrn:9506000.0000000015';
test.each([
  ['urn:epc:pat:sscc-96:3.9506000.[1000000005-1000000005]', SSCC, true],
  ['urn:epc:pat:sscc-96:3.9506000.[1000000001-1999999999]', SSCC, true],
  ['urn:epc:pat:sscc-96:3.9506000.[1000000006-1000000009]', SSCC, false],
  ['urn:epc:pat:sscc-96:3.9506000.[1000000001-1000000004]', SSCC, false],
  ['urn:epc:pat:sscc-96:3.9506000.[2000000001-2000000009]', SSCC, false],
  ['urn:epc:pat:sscc-96:3.9506000.[0000000001-0000000009]', SSCC, false],
  ['urn:epc:pat:gsrn-96:3.9506000.[0000000010-0000000015]', GSRN, true],
  ['urn:epc:pat:gsrn-96:3.9506000.[1-14]', GSRN, false],
  ['urn:epc:pat:gsrn-96:3.9506000.[16-9999999999]', GSRN, false],
  ['urn:epc:pat:giai-96:3.9506000.[1-9]', 'urn:epc:id:giai:9506000.9', true],
  ['urn:epc:pat:giai-96:3.9506000.[1-9]', 'urn:epc:id:giai:9506000.10', false],
  ['urn:epc:pat:gid-96:95100000.12345.[1-9]', 'urn:epc:id:gid:95100000.12345.9', true],
])(
  'a range counts the numbers as they are written, without the check digit: %s and %s: %s',
  (pattern, uri, expected) => {
    expect(matches(pattern, uri)).toBe(expected);
  },
);

test.each([
  'urn:epc:pat:sscc-96:3.9506000.[1000000001-2000000000]',
  'urn:epc:pat:sscc-96:3.9506000.[10000000000-10000000001]',
  'urn:epc:pat:gsrn-96:3.9506000.[1-10000000000]',
])('%s has a range that is too wide', (pattern) => {
  expect(() => epcPatternOf('MATCH_epc', pattern)).toThrow('has a range that is too wide');
});

test.each([
  'urn:epc:idpat:sgtin:9506000.0134*.*',
  'urn:epc:idpat:sgtin:9506000.*.150',
  'urn:epc:idpat:sgtin:*.*.150',
  'urn:epc:idpat:sgtin:9506000.013435.*.*',
  'urn:epc:idpat:sscc:9506000.1.*',
  'urn:epc:idpat:sgtin:9506000.[1-2].150',
  'urn:epc:idpat:sgtin:95060.013435.*',
  'urn:epc:idpat:sgtin:9506000.13435.*',
  'urn:epc:idpat:itip:9506000.13435.01.*.*',
  'urn:epc:idpat:sgln:9506000123456.*.*',
  'urn:epc:idpat:sgtin:9506000.013435.*1',
  'urn:epc:pat:sgtin-96:3.9506000.[1-5]',
  'urn:epc:pat:sgtin-96:3.9506000.[1-5].*',
  'urn:epc:pat:sscc-96:3.[1-5]',
])('%s is no pattern', (pattern) => {
  expect(() => epcPatternOf('MATCH_epc', pattern)).toThrow('is not an EPC pattern');
});

test.each([
  ['urn:epc:class:lgtin:9506000.013435.*', 'urn:epc:class:lgtin:9506000.013435.L1', true],
  ['urn:epc:class:lgtin:9506000.013435.L1', 'https://id.gs1.org/01/09506000134352/10/L1', true],
  ['urn:epc:class:lgtin:9506000.013435.L', 'urn:epc:class:lgtin:9506000.013435.L1', false],
  ['urn:epc:idpat:sgtin:9506000.013435.*', 'https://id.gs1.org/01/09506000134352', true],
  ['urn:epc:idpat:sgtin:9506000.013435.*', 'urn:epc:class:lgtin:9506000.013435.L1', false],
  ['urn:epc:idpat:sgtin:9506000.013435.400', 'urn:epc:idpat:sgtin:9506000.013435.*', false],
  ['urn:epc:idpat:sgtin:9506000.*.*', 'urn:epc:idpat:sgtin:9506000.013435.*', true],
  ['urn:epc:idpat:sgtin:9506000.*.*', 'urn:epc:class:lgtin:9506000.013435.L1', false],
  ['urn:epc:class:lgtin:9506000.*.*', 'urn:epc:class:lgtin:9506000.013435.L1', true],
  ['urn:epc:class:lgtin:9506000.*.*', 'urn:epc:idpat:sgtin:9506000.013435.*', false],
])('class %s and %s: %s', (pattern, uri, expected) => {
  expect(matchesPattern(keyOfUri(uri) ?? uri, classPatternOf('MATCH_epcClass', pattern))).toBe(
    expected,
  );
});
