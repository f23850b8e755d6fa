import { fault, quoted } from './parsed.js';
import type { IdentifierFault } from './parsed.js';

/** Sizes of the tag encodings by scheme, withdrawn ones included (EPC TDS 14; 64 bits: TDS 1.1). */
const SIZES: Readonly<Record<string, readonly string[]>> = {
  sgtin: ['96', '198', '64'],
  sscc: ['96', '64'],
  sgln: ['96', '195', '64'],
  grai: ['96', '170', '64'],
  giai: ['96', '202', '64'],
  gsrn: ['96'],
  gsrnp: ['96'],
  gdti: ['96', '113', '174'],
  sgcn: ['96'],
  cpi: ['96', 'var'],
  itip: ['110', '212'],
  gid: ['96'],
  usdod: ['96', '64'],
  adi: ['var'],
};

/** The identity in a tag or tag pattern URI: its scheme, and the fields of the pure identity. */
export interface TagIdentity {
  readonly scheme: string;
  readonly body: string;
}

/** Control fields (`[att=x01]:`) before the encoding describe the tag, not the object. */
const FORM = /^urn:epc:(tag|pat):(?:(?:\[[a-z]+=[^\]]*\])+:)?([a-z]+)-([a-z0-9]+):(.*)$/is;
const FILTER = /^\d{1,2}$/;
const OPEN_FILTER = /^(?:\d{1,2}|\*|\[\d+-\d+\])$/;

/**
 * Reads an EPC tag URI (`urn:epc:tag:sgtin-96:3.0614141.812345.6789`) or tag pattern
 * (`urn:epc:pat:…`). It drops the filter value and the size of the tag, and judges no field.
 *
 * @see EPC TDS 12 (tag URIs) and 13 (patterns)
 */
export function readTag(urn: string): TagIdentity | IdentifierFault {
  const [, form = '', name = '', size = '', rest = ''] = FORM.exec(urn) ?? [];
  const scheme = name.toLowerCase();
  if (SIZES[scheme]?.includes(size.toLowerCase()) !== true) return unknownTag(urn);
  // A GID has no filter value.
  return scheme === 'gid' ? { scheme, body: rest } : withoutFilter(scheme, rest, form);
}

function withoutFilter(scheme: string, rest: string, form: string): TagIdentity | IdentifierFault {
  const dot = rest.indexOf('.');
  const filter = rest.slice(0, Math.max(dot, 0));
  const wanted = form.toLowerCase() === 'tag' ? FILTER : OPEN_FILTER;
  if (wanted.test(filter)) return { scheme, body: rest.slice(dot + 1) };
  return fault(
    'VALUE',
    `An EPC tag URI has a filter value before the company prefix (urn:epc:tag:sgtin-96:3.0614141.812345.6789), found ${quoted(filter)}.`,
  );
}

function unknownTag(urn: string): IdentifierFault {
  const known = Object.entries(SIZES).flatMap(([scheme, sizes]) =>
    sizes.map((size) => `${scheme}-${size}`),
  );
  return fault(
    'UNKNOWN_FORM',
    `${quoted(urn)} is not a known EPC tag URI: urn:epc:tag: with one of ${known.join(', ')}.`,
  );
}
