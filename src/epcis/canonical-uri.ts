import { keyOfUri } from '../gs1/identifier.js';

const BASE = 'https://id.gs1.org/';

/** Characters of a serial or lot in an EPC URN (EPC Tag Data Standard 6.3). */
const CHARS = "((?:%[2-7][0-9A-Fa-f]|[!'()*+,.0-9:;=A-Za-z_-])+)";

/** Company prefix and reference, by the number of digits the two have together. */
function digits(count: number): string {
  return `(?=\\d{6,12}\\.[\\d.]*)(\\d{6,12})\\.(\\d{0,${count - 6}})`;
}

interface Scheme {
  readonly form: RegExp;
  /** Digits of company prefix and reference together; 0 where the reference is free text. */
  readonly count: number;
  readonly write: (number: string, rest: readonly string[]) => string;
}

function scheme(count: number, tail: string, write: Scheme['write']): Scheme {
  return { form: new RegExp(`^${digits(count)}${tail}$`), count, write };
}

function freeScheme(tail: string, write: Scheme['write']): Scheme {
  return { form: new RegExp(`^(\\d{6,12})\\.${tail}$`), count: 0, write };
}

const STAR = '\\.\\*';

/** EPC URNs by scheme, and the Digital Link that says the same (CBV 2.0 section 8.9, EPC Tag Data Standard 6.3). */
const SCHEMES: ReadonlyMap<string, Scheme> = new Map([
  [
    'id:sgtin',
    scheme(13, `\\.${CHARS}`, (gtin, [serial = '']) => `01/${gtin}/21/${escape(serial)}`),
  ],
  ['id:sscc', scheme(17, '', (sscc) => `00/${sscc}`)],
  [
    'id:sgln',
    scheme(
      12,
      `\\.${CHARS}`,
      (gln, [extension = '']) =>
        `414/${gln}${extension === '0' ? '' : `/254/${escape(extension)}`}`,
    ),
  ],
  ['id:pgln', scheme(12, '', (gln) => `417/${gln}`)],
  ['id:grai', scheme(12, `\\.${CHARS}`, (grai, [serial = '']) => `8003/0${grai}${escape(serial)}`)],
  ['id:giai', freeScheme(CHARS, (prefix, [asset = '']) => `8004/${prefix}${escape(asset)}`)],
  ['id:gsrn', scheme(17, '', (gsrn) => `8018/${gsrn}`)],
  ['id:gsrnp', scheme(17, '', (gsrn) => `8017/${gsrn}`)],
  ['id:gdti', scheme(12, `\\.${CHARS}`, (gdti, [serial = '']) => `253/${gdti}${escape(serial)}`)],
  [
    'id:cpi',
    freeScheme(
      `${CHARS}\\.(\\d{1,12})`,
      (prefix, [part = '', serial = '']) => `8010/${prefix}${escape(part)}/8011/${serial}`,
    ),
  ],
  ['id:sgcn', scheme(12, '\\.(\\d{1,12})', (gcn, [serial = '']) => `255/${gcn}${serial}`)],
  [
    'id:ginc',
    freeScheme(CHARS, (prefix, [consignment = '']) => `401/${prefix}${escape(consignment)}`),
  ],
  ['id:gsin', scheme(16, '', (gsin) => `402/${gsin}`)],
  [
    'id:itip',
    scheme(
      13,
      `\\.(\\d\\d)\\.(\\d\\d)\\.${CHARS}`,
      (gtin, [piece = '', total = '', serial = '']) =>
        `8006/${gtin}${piece}${total}/21/${escape(serial)}`,
    ),
  ],
  [
    'id:upui',
    scheme(13, `\\.${CHARS}`, (gtin, [extension = '']) => `01/${gtin}/235/${escape(extension)}`),
  ],
  ['class:lgtin', scheme(13, `\\.${CHARS}`, (gtin, [lot = '']) => `01/${gtin}/10/${escape(lot)}`)],
  ['idpat:sgtin', scheme(13, STAR, (gtin) => `01/${gtin}`)],
  ['idpat:upui', scheme(13, STAR, (gtin) => `01/${gtin}`)],
  ['idpat:grai', scheme(12, STAR, (grai) => `8003/0${grai}`)],
  ['idpat:gdti', scheme(12, STAR, (gdti) => `253/${gdti}`)],
  ['idpat:sgcn', scheme(12, STAR, (gcn) => `255/${gcn}`)],
  [
    'idpat:cpi',
    freeScheme(`${CHARS}${STAR}`, (prefix, [part = '']) => `8010/${prefix}${escape(part)}`),
  ],
  [
    'idpat:itip',
    scheme(
      13,
      `\\.(\\d\\d)\\.(\\d\\d)${STAR}`,
      (gtin, [piece = '', total = '']) => `8006/${gtin}${piece}${total}`,
    ),
  ],
]);

const ESCAPED: Readonly<Record<string, string>> = {
  '!': '%21',
  '(': '%28',
  ')': '%29',
  '*': '%2A',
  '+': '%2B',
  ',': '%2C',
  ':': '%3A',
};

/** What a Digital Link wants escaped that an EPC URN does not; escapes of the URN stay as they are. */
function escape(text: string): string {
  return text.replace(/[!()*+,:]/g, (char) => ESCAPED[char] ?? char);
}

/** The check digit of GS1 General Specifications 7.9.1: threes from the right. */
function checkDigit(text: string): string {
  let sum = 0;
  for (let i = text.length - 1, weight = 3; i >= 0; i -= 1, weight = 4 - weight)
    sum += (text.charCodeAt(i) - 48) * weight;
  return String((10 - (sum % 10)) % 10);
}

/** Number of a key: with 13 or 17 digits the first of the reference leads, as indicator or extension digit. */
function numberOf(count: number, name: string, prefix: string, reference: string): string | null {
  if (count === 0) return prefix;
  if (prefix.length + reference.length !== count) return null;
  const leads = count === 13 || name === 'id:sscc';
  const number = leads ? reference.slice(0, 1) + prefix + reference.slice(1) : prefix + reference;
  return number + checkDigit(number);
}

function fromUrn(urn: string): string {
  const start = urn.indexOf(':', urn.indexOf(':', 8) + 1);
  const name = urn.slice(8, start);
  const known = SCHEMES.get(name);
  const parts = known?.form.exec(urn.slice(start + 1));
  if (!known || !parts) return urn;
  const [, prefix = '', ...rest] = parts;
  const number = numberOf(known.count, name, prefix, rest[0] ?? '');
  return number === null
    ? urn
    : BASE + known.write(number, known.count === 0 ? rest : rest.slice(1));
}

const AI_OF: Readonly<Record<string, string>> = {
  gtin: '01',
  itip: '8006',
  cpid: '8010',
  gln: '414',
  party: '417',
  gsrnp: '8017',
  gsrn: '8018',
  gcn: '255',
  sscc: '00',
  gdti: '253',
  ginc: '401',
  gsin: '402',
  grai: '8003',
  giai: '8004',
  cpv: '22',
  lot: '10',
  ser: '21',
};

const LINK =
  /^https?:\/\/[^?#]*?\/((?:01|gtin|8006|itip|8010|cpid|414|gln|417|party|8017|gsrnp|8018|gsrn|255|gcn|00|sscc|253|gdti|401|ginc|402|gsin|8003|grai|8004|giai)\/\d{4}[^?]+)/;
const TEXT = `[-"'.0-9;<=>?A-Z_a-z]`;
const VALID = new RegExp(
  `^(?:00/\\d{18}|01/\\d{14}(?:/(?:21|10)/${TEXT}{0,20}|/235/${TEXT}{0,28})?|253/\\d{13}${TEXT}{0,17}|255/\\d{13,25}|401/${TEXT}{0,30}` +
    `|402/\\d{17}|414/\\d{13}(?:/254/${TEXT}{0,20})?|417/\\d{13}|8003/\\d{14}${TEXT}{0,16}|8004/${TEXT}{0,30}` +
    `|8006/\\d{18}(?:/(?:21|10)/${TEXT}{0,20})?|8010/[-#/0-9A-Z]{0,30}(?:/8011/\\d{0,12})?|801[78]/\\d{18})$`,
);

/** Digital Links of any resolver, to the canonical one of the finest level without attributes. */
function fromLink(uri: string): string {
  const path = LINK.exec(uri)?.[1];
  if (path === undefined) return uri;
  if (VALID.test(path)) return BASE + path;
  const canonical = path
    .split('/')
    .map((step, index) => (index % 2 === 0 ? (AI_OF[step] ?? step) : step))
    .join('/')
    .replace(
      /^01\/(\d{8}|\d{12}|\d{13})(?=\/|$)/,
      (_all, gtin: string) => `01/${gtin.padStart(14, '0')}`,
    )
    .replace(/\/22\/[^/]*(?=\/|$)/, '')
    .replace(/\/10\/[^/]*(?=\/21\/)/, '');
  return VALID.test(canonical) ? BASE + canonical : uri;
}

/** URNs whose key is the path of their Digital Link: those in which nothing is escaped, as the escapes stay. */
const USUAL = /^urn:epc:(?:id:(?:sgtin|sscc|sgln|pgln)|class:lgtin):[^%]*$/;
const PLAIN = /^[-0-9A-Za-z/._]+$/;

function usualKey(text: string): string | null {
  const key = USUAL.test(text) ? keyOfUri(text) : null;
  return key !== null && PLAIN.test(key) ? key : null;
}

/**
 * The one URI that stands for an identifier in the event hash (CBV 2.0 section 8.9): EPC URNs, class and pattern URNs and Digital
 * Links of any host become the canonical Digital Link at its finest level; whatever else stays as it is. Judges no check digit.
 */
export function canonicalUri(text: string): string {
  if (text.startsWith('http')) return fromLink(text);
  if (!text.startsWith('urn:epc:')) return text;
  const key = usualKey(text);
  return key === null ? fromUrn(text) : BASE + key;
}
