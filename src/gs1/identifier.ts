import { isDigits } from './characters.js';
import { FNC1, GS1_SYMBOLOGY, SYMBOLOGY } from './element-string.js';
import { parseKeyInElements } from './key-in-elements.js';
import { keySpec } from './key-table.js';
import { padGtin, readKey } from './key.js';
import type { GivenKey } from './key.js';
import { fault, quoted } from './parsed.js';
import type { Identifier, IdentifierFault, ParsedIdentifier } from './parsed.js';
import { faultAsLink, isAbsoluteUri, judge, parseUri } from './uri.js';

export { formsOf, urnOfKey } from './forms.js';
export { keyOfUri } from './key-of-uri.js';
export { gtinOfKey, isClassKey, lotKey } from './key.js';
export { faultAsLink } from './uri.js';
export type { Identifier, ParsedIdentifier } from './parsed.js';

/**
 * Reads an identifier in any form: EPC URN, GS1 Digital Link, element string (in brackets, or as
 * scanned with or without symbology identifier), plain GTIN-8, -12, -13, -14 or SSCC, our own key,
 * or any other absolute URI, which is its own key. Never throws.
 *
 * Thirteen digits are a GTIN-13 here; use `parseGln` where a GLN is meant.
 *
 * @see GS1 General Specifications 3 and 7.8, GS1 Digital Link URI Syntax, EPC TDS 6
 */
export function parseIdentifier(text: string): ParsedIdentifier {
  const trimmed = text.trim();
  const symbology = SYMBOLOGY.exec(trimmed)?.[0];
  if (symbology === undefined) return parseText(trimmed);
  const data = trimmed.slice(symbology.length);
  return GS1_SYMBOLOGY.has(symbology) ? parseKeyInElements(trimmed) : parseText(data);
}

/**
 * Reads a GTIN where one is expected: 8, 12, 13 or 14 digits, or any identifier that has a GTIN
 * (its serial or lot is dropped). The answer is the product, key `01/<gtin14>`.
 *
 * @see GS1 General Specifications 3.3.1
 */
export function parseGtin(text: string): ParsedIdentifier {
  const trimmed = text.trim();
  if (isDigits(trimmed) && trimmed.length < 16) {
    return [8, 12, 13, 14].includes(trimmed.length)
      ? parsePlain(trimmed)
      : wrongLength('GTIN', '8, 12, 13 or 14', trimmed);
  }
  const parsed = parseIdentifier(trimmed);
  if (!parsed.ok) return parsed;
  const { gtin, companyPrefixLength } = parsed.id;
  if (gtin === undefined) return wrongKind('a GTIN', parsed.id, trimmed);
  return judge({
    ...plain('01', gtin),
    ...(companyPrefixLength === undefined ? {} : { companyPrefixLength }),
  });
}

/**
 * Reads a GLN where one is expected: 13 digits, or any form of a GLN of that kind. The kinds are a
 * place (`414/…`, an extension is kept) and a party (`417/…`).
 *
 * @see GS1 General Specifications 3.4.4, 3.4.5 and 3.4.7
 */
export function parseGln(text: string, level: 'location' | 'party' = 'location'): ParsedIdentifier {
  const trimmed = text.trim();
  if (isDigits(trimmed) && trimmed.length < 16) {
    return trimmed.length === 13
      ? judge(plain(level === 'location' ? '414' : '417', trimmed))
      : wrongLength('GLN', '13', trimmed);
  }
  const parsed = parseIdentifier(trimmed);
  if (!parsed.ok) return parsed;
  const wanted = level === 'location' ? 'the GLN of a place' : 'the GLN of a party';
  return parsed.id.level === level ? parsed : wrongKind(wanted, parsed.id, trimmed);
}

function parseText(text: string): ParsedIdentifier {
  if (isAbsoluteUri(text)) return parseUri(text);
  const key = readKey(text);
  if (key !== null) return judge(key);
  if (text.startsWith('(')) return parseKeyInElements(text);
  if (isDigits(text) && [8, 12, 13, 14, 18].includes(text.length)) return parsePlain(text);
  return text.startsWith(FNC1) || /^\d{2}/.test(text)
    ? parseKeyInElements(text)
    : unknownForm(text);
}

function parsePlain(digits: string): ParsedIdentifier {
  return digits.length === 18 ? parseEighteen(digits) : judge(plain('01', padGtin(digits)));
}

/** Keys with a check digit whose scan without brackets may have 18 digits, like an SSCC. */
const SCANNED_IN_18: readonly (readonly [ai: string, name: string])[] = [
  ['8003', 'GRAI'],
  ['253', 'GDTI'],
  ['255', 'GCN'],
];

/**
 * An SSCC, or the scan of a key that begins with its AI. The check digits decide; when both or
 * neither are right, nobody can tell.
 */
function parseEighteen(digits: string): ParsedIdentifier {
  const sscc = judge(plain('00', digits));
  const [ai, name] = SCANNED_IN_18.find(([begin]) => digits.startsWith(begin)) ?? [];
  if (ai === undefined || name === undefined) return sscc;
  const rest = digits.slice(ai.length);
  const scanned = parseKeyInElements(`(${ai})${rest}`);
  if (sscc.ok !== scanned.ok) return sscc.ok ? sscc : scanned;
  return fault(
    'AMBIGUOUS',
    `${quoted(digits)} may be an SSCC or, scanned with its AI, the ${name} ${rest}: the check digits of ${sscc.ok ? 'both' : 'neither'} are right. Write (00)${digits} or (${ai})${rest}.`,
  );
}

function plain(ai: string, value: string): GivenKey | IdentifierFault {
  const spec = keySpec(ai);
  return spec === undefined ? unknownForm(value) : { spec, value, qualifiers: new Map() };
}

function wrongLength(name: string, wanted: string, found: string): IdentifierFault {
  return fault(
    'LENGTH',
    `A ${name} has ${wanted} digits, found ${found.length} in ${quoted(found)}.`,
  );
}

function wrongKind(wanted: string, found: Identifier, text: string): IdentifierFault {
  const asLink = found.scheme === 'other' ? faultAsLink(text) : null;
  if (asLink !== null) return asLink;
  return fault(
    'WRONG_KIND',
    `Expected ${wanted}, found ${quoted(text)}, which is ${found.scheme === 'other' ? 'a URI, but not a GS1 key' : `of the kind ${found.scheme} (${found.key})`}.`,
  );
}

function unknownForm(text: string): IdentifierFault {
  return fault(
    'UNKNOWN_FORM',
    `${quoted(text)} is not an identifier in a known form. Give an EPC URN (urn:epc:id:sgtin:…), a GS1 Digital Link (https://id.gs1.org/01/…), an element string ((01)…(21)… or as scanned), a GTIN or SSCC in digits, or another absolute URI.`,
  );
}
