import { CLASS_PATTERNS, digitValue, lastFieldOf, LGTIN, URN_SCHEMES } from '../gs1/epc-urn.js';
import type { UrnScheme } from '../gs1/epc-urn.js';
import { keyOfUri } from '../gs1/identifier.js';

const BASE = 'https://id.gs1.org/';

/** Characters of a serial or lot in an EPC URN (EPC Tag Data Standard 6.3). */
const CHARS = "((?:%[2-7][0-9A-Fa-f]|[!'()*+,.0-9:;=A-Za-z_-])+)";

interface Form {
  readonly known: UrnScheme;
  /** Company prefix, reference, piece, total, last field; a field the scheme lacks is empty. */
  readonly fields: RegExp;
}

/** EPC URNs by form and scheme (CBV 2.0 section 8.9, EPC Tag Data Standard 6.3). */
const FORMS: ReadonlyMap<string, Form> = new Map([
  ...[...URN_SCHEMES].map(([name, known]) => [`id:${name}`, form(known)] as const),
  ...[...CLASS_PATTERNS].map(
    ([name, known]) => [`idpat:${name}`, form(known, '\\.\\*()')] as const,
  ),
  ['class:lgtin', form(LGTIN)],
]);

function form(known: UrnScheme, last = lastOf(known)): Form {
  const { ai, digits } = known;
  const numbers = `(?=\\d{6,12}\\.[\\d.]*)(\\d{6,12})\\.(\\d{0,${digits - 6}})`;
  const head = digits > 0 ? numbers : `(\\d{6,12})\\.${CHARS}`;
  const pieces = ai === '8006' ? '\\.(\\d\\d)\\.(\\d\\d)' : '()()';
  return { known, fields: new RegExp(`^${head}${pieces}${last}$`) };
}

function lastOf(known: UrnScheme): string {
  if (known.last === null) return '()';
  return lastFieldOf(known)?.set === 'N' ? '\\.(\\d{1,12})' : `\\.${CHARS}`;
}

const ESCAPED: Readonly<Record<string, string>> = {
  '!': '%21',
  '(': '%28',
  ')': '%29',
  '*': '%2A',
  '+': '%2B',
  ',': '%2C',
  ':': '%3A',
};

/** Escapes what a Digital Link must escape and an EPC URN need not; escapes of the URN stay. */
function escape(text: string): string {
  return text.replace(/[!()*+,:]/g, (char) => ESCAPED[char] ?? char);
}

function fromUrn(urn: string): string {
  const start = urn.indexOf(':', urn.indexOf(':', 8) + 1);
  const found = FORMS.get(urn.slice(8, start));
  const fields = found?.fields.exec(urn.slice(start + 1));
  return (found && fields && linkOf(found.known, fields)) ?? urn;
}

/** Null when company prefix and reference do not have the number of digits of the scheme. */
function linkOf(known: UrnScheme, fields: readonly string[]): string | null {
  const [, prefix = '', reference = '', piece = '', total = '', last = ''] = fields;
  const isNumber = known.digits > 0;
  if (isNumber && prefix.length + reference.length !== known.digits) return null;
  const value = isNumber ? digitValue(known, prefix, reference) : prefix + escape(reference);
  return `${BASE}${known.ai}/${value}${piece}${total}${finer(known, last)}`;
}

/** The last field, after the key. It is empty for extension 0 of a place and for a class. */
function finer({ last: ai }: UrnScheme, last: string): string {
  if (last === '' || (ai === '254' && last === '0')) return '';
  return ai ? `/${ai}/${escape(last)}` : escape(last);
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

/** Makes a Digital Link of any domain canonical: at its finest level, without attributes. */
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

/** URNs without escapes: only for them the key is the path of the Digital Link. */
const USUAL = /^urn:epc:(?:id:(?:sgtin|sscc|sgln|pgln)|class:lgtin):[^%]*$/;
const PLAIN = /^[-0-9A-Za-z/._]+$/;

function usualKey(text: string): string | null {
  const key = USUAL.test(text) ? keyOfUri(text) : null;
  return key !== null && PLAIN.test(key) ? key : null;
}

/**
 * The one URI of an identifier in the event hash (CBV 2.0 section 8.9). EPC URNs, class and pattern
 * URNs and Digital Links of any host become the canonical Digital Link at its finest level; other
 * texts stay. Check digits are not judged.
 */
export function canonicalUri(text: string): string {
  if (text.startsWith('http')) return fromLink(text);
  if (!text.startsWith('urn:epc:')) return text;
  const key = usualKey(text);
  return key === null ? fromUrn(text) : BASE + key;
}
