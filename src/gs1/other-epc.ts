import { readTag } from './epc-tag.js';
import { fault, quoted } from './parsed.js';
import type { IdentifierFault } from './parsed.js';

interface Shape {
  readonly form: RegExp;
  readonly wanted: string;
}

const NUMBER = '(?:0|[1-9]\\d*)';
/** CAGE code or DoDAAC: five or six digits and capitals, without I and O. */
const CAGE = '[0-9A-HJ-NP-Z]{5,6}';
const ADI = '(?:[-0-9A-Z]|%2[Ff])';

/** EPC schemes that are not GS1 keys: the URN is the key. BIC and IMO check digits are ignored. */
const SHAPES: ReadonlyMap<string, Shape> = new Map([
  [
    'gid',
    shape(
      `${NUMBER}\\.${NUMBER}\\.${NUMBER}`,
      'manager number, object class and serial, numbers without leading zeros',
    ),
  ],
  [
    'usdod',
    shape(`${CAGE}\\.${NUMBER}`, 'CAGE code or DoDAAC, and a number without leading zeros'),
  ],
  [
    'adi',
    shape(
      `${CAGE}\\.${ADI}{0,32}\\.(?:%23)?${ADI}{1,30}`,
      'CAGE code or DoDAAC, part number (may be empty) and serial, of capitals, digits, - and %2F',
    ),
  ],
  ['bic', shape('[A-Z]{4}\\d{7}', 'four capitals and seven digits')],
  ['imovn', shape('\\d{7}', 'seven digits')],
]);

/** The names of the EPC schemes that are not GS1 keys. */
export const OTHER_SCHEMES: readonly string[] = [...SHAPES.keys()];

/**
 * Judges the fields of a URN whose scheme is not a GS1 key; null when they are right.
 *
 * @see EPC TDS 6.3.12 to 6.3.18 (GID, USDOD, ADI, BIC, IMOVN)
 */
export function faultOfOther(scheme: string, body: string): IdentifierFault | null {
  const known = SHAPES.get(scheme);
  if (known === undefined || known.form.test(body)) return null;
  return fault('CHARACTER', `The fields of ${scheme} are ${known.wanted}; found ${quoted(body)}.`);
}

/** The key of what is not a GS1 key: a tag's pure identity or pattern, otherwise the URI itself. */
export function pureUri(uri: string): string {
  if (!/^urn:epc:(?:tag|pat):/i.test(uri)) return uri;
  const tag = readTag(uri);
  if ('ok' in tag) return uri;
  return `urn:epc:${tag.body.includes('*') ? 'idpat' : 'id'}:${tag.scheme}:${tag.body}`;
}

function shape(form: string, wanted: string): Shape {
  return { form: new RegExp(`^${form}$`), wanted };
}
