import fc from 'fast-check';

const DIGITS = '0123456789';
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const SET_82 = `${DIGITS}${UPPER}${UPPER.toLowerCase()}!"%&'()*+,-./:;<=>?_`;
const SET_39 = `${DIGITS}${UPPER}#-/`;

/** Characters by GS1 set. */
export const ALPHABETS = {
  N: DIGITS,
  X: SET_82,
  Y: SET_39,
  Z: `${DIGITS}${UPPER}${UPPER.toLowerCase()}-_`,
} as const;

/** Texts of an alphabet. */
export function alphabetText(
  alphabet: string,
  minLength: number,
  maxLength: number,
): fc.Arbitrary<string> {
  return fc.string({
    unit: fc.nat(alphabet.length - 1).map((at) => alphabet.charAt(at)),
    minLength,
    maxLength,
  });
}

function text(alphabet: string, maxLength: number): fc.Arbitrary<string> {
  return alphabetText(alphabet, 1, maxLength);
}

/** Values of GS1 set 82. */
export function set82(maxLength: number): fc.Arbitrary<string> {
  return text(SET_82, maxLength);
}

function digits(length: number): fc.Arbitrary<string> {
  return text(DIGITS, length).map((some) => some.padStart(length, '0'));
}

function urnText(value: string): string {
  return value.replace(
    /["%&/<>?#]/g,
    (found) => `%${found.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** `<company prefix>.<reference>` of so many digits together. */
function prefixed(total: number): fc.Arbitrary<string> {
  return fc
    .tuple(digits(total), fc.integer({ min: 6, max: 12 }))
    .map(([all, length]) => `${all.slice(0, length)}.${all.slice(length)}`);
}

function prefixedText(maxLength: number, alphabet: string): fc.Arbitrary<string> {
  return fc
    .integer({ min: 6, max: 12 })
    .chain((length) => fc.tuple(digits(length), text(alphabet, maxLength - length)))
    .map(([prefix, reference]) => `${prefix}.${urnText(reference)}`);
}

function serialised(head: string, total: number, last: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(prefixed(total), last)
    .map(([body, serial]) => `${head}${body}.${urnText(serial)}`);
}

function joined(head: string, body: fc.Arbitrary<string>, tail = ''): fc.Arbitrary<string> {
  return body.map((found) => `${head}${found}${tail}`);
}

const numberSerial = fc.bigInt({ min: 0n, max: 999_999_999_999n }).map(String);
const pieces = fc
  .tuple(fc.integer({ min: 1, max: 99 }), fc.integer({ min: 1, max: 99 }))
  .map(([one, two]) =>
    [Math.min(one, two), Math.max(one, two)].map((n) => String(n).padStart(2, '0')).join('.'),
  );

/** Canonical EPC URNs of every scheme that is a GS1 key, by scheme. */
export const URNS: Readonly<Record<string, fc.Arbitrary<string>>> = {
  sgtin: serialised('urn:epc:id:sgtin:', 13, set82(20)),
  sscc: joined('urn:epc:id:sscc:', prefixed(17)),
  sgln: serialised('urn:epc:id:sgln:', 12, fc.oneof(fc.constant('0'), set82(20))),
  pgln: joined('urn:epc:id:pgln:', prefixed(12)),
  grai: serialised('urn:epc:id:grai:', 12, set82(16)),
  giai: joined('urn:epc:id:giai:', prefixedText(30, SET_82)),
  gsrn: joined('urn:epc:id:gsrn:', prefixed(17)),
  gsrnp: joined('urn:epc:id:gsrnp:', prefixed(17)),
  gdti: serialised('urn:epc:id:gdti:', 12, set82(17)),
  cpi: fc
    .tuple(prefixedText(30, SET_39), numberSerial)
    .map(([body, serial]) => `urn:epc:id:cpi:${body}.${serial}`),
  itip: fc
    .tuple(prefixed(13), pieces, set82(20))
    .map(([body, piece, serial]) => `urn:epc:id:itip:${body}.${piece}.${urnText(serial)}`),
  upui: serialised('urn:epc:id:upui:', 13, set82(28)),
  sgcn: serialised('urn:epc:id:sgcn:', 12, text(DIGITS, 12)),
  ginc: joined('urn:epc:id:ginc:', prefixedText(30, SET_82)),
  gsin: joined('urn:epc:id:gsin:', prefixed(16)),
  lgtin: serialised('urn:epc:class:lgtin:', 13, set82(20)),
  'gtin (pattern)': joined('urn:epc:idpat:sgtin:', prefixed(13), '.*'),
  'grai (pattern)': joined('urn:epc:idpat:grai:', prefixed(12), '.*'),
  'gdti (pattern)': joined('urn:epc:idpat:gdti:', prefixed(12), '.*'),
  'sgcn (pattern)': joined('urn:epc:idpat:sgcn:', prefixed(12), '.*'),
  'cpi (pattern)': joined('urn:epc:idpat:cpi:', prefixedText(30, SET_39), '.*'),
  'itip (pattern)': fc
    .tuple(prefixed(13), pieces)
    .map(([body, piece]) => `urn:epc:idpat:itip:${body}.${piece}.*`),
};
