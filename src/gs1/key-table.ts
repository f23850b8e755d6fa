import type { CharacterSet } from './characters.js';
import type { IdentifierLevel, IdentifierScheme } from './parsed.js';

/** A key qualifier: it narrows a key, for example from a product to a lot. */
export interface QualifierSpec {
  readonly ai: string;
  readonly name: string;
  readonly set: CharacterSet;
  readonly maxLength: number;
  /** What the key with this qualifier is; absent when the qualifier is not part of the key. */
  readonly makes?: { readonly scheme: IdentifierScheme; readonly level: IdentifierLevel };
}

/** One GS1 key as an application identifier (AI) carries it. */
export interface KeySpec {
  readonly ai: string;
  /** For messages. */
  readonly name: string;
  /** Number of digits that begin the value, with the check digit; 0 when it has no fixed part. */
  readonly digits: number;
  /** Position of the check digit when it is not the last of `digits`. */
  readonly checkedDigits: number;
  /** What may follow the digits in the same AI: a serial, or the whole value if `digits` is 0. */
  readonly tail?: { readonly set: CharacterSet; readonly maxLength: number };
  /** The scheme of the key without a qualifier or serial. */
  readonly scheme: IdentifierScheme;
  readonly level: IdentifierLevel;
  /** In the order of the Digital Link path. The last one given that has `makes` wins. */
  readonly qualifiers: readonly QualifierSpec[];
}

const CPV = { ai: '22', name: 'consumer product variant', set: 'X', maxLength: 20 } as const;
const TPX = {
  ai: '235',
  name: 'third-party controlled serial (TPX)',
  set: 'X',
  maxLength: 28,
  makes: { scheme: 'upui', level: 'instance' },
} as const;
const UIC = { ai: '7040', name: 'unique identification code', set: 'X', maxLength: 4 } as const;
const SRIN = { ai: '8019', name: 'service relation instance', set: 'N', maxLength: 10 } as const;
const SLIP = { ai: '8020', name: 'payment slip reference', set: 'X', maxLength: 25 } as const;
const EXTENSION = {
  ai: '254',
  name: 'GLN extension',
  set: 'X',
  maxLength: 20,
  makes: { scheme: 'sgln', level: 'location' },
} as const;
const COMPONENT_SERIAL = {
  ai: '8011',
  name: 'component serial',
  set: 'N',
  maxLength: 12,
  makes: { scheme: 'cpi', level: 'instance' },
} as const;

function lot(scheme: IdentifierScheme): QualifierSpec {
  return { ai: '10', name: 'lot', set: 'X', maxLength: 20, makes: { scheme, level: 'class' } };
}

function serial(scheme: IdentifierScheme): QualifierSpec {
  return {
    ai: '21',
    name: 'serial',
    set: 'X',
    maxLength: 20,
    makes: { scheme, level: 'instance' },
  };
}

function spec(
  ai: string,
  name: string,
  kind: readonly [IdentifierScheme, IdentifierLevel],
  rest: Partial<KeySpec> & Pick<KeySpec, 'digits'>,
): KeySpec {
  const [scheme, level] = kind;
  return { ai, name, scheme, level, checkedDigits: rest.digits, qualifiers: [], ...rest };
}

/**
 * The GS1 keys we know. In a scan with several, the first in this order wins.
 *
 * @see GS1 General Specifications 3 (AIs), GS1 Digital Link URI Syntax (qualifiers and their order), EPC TDS 6.3
 */
export const KEYS: readonly KeySpec[] = [
  spec('00', 'SSCC', ['sscc', 'instance'], { digits: 18 }),
  spec('01', 'GTIN', ['gtin', 'class'], {
    digits: 14,
    qualifiers: [CPV, lot('lgtin'), serial('sgtin'), TPX],
  }),
  spec('8006', 'ITIP', ['itip', 'class'], {
    digits: 18,
    checkedDigits: 14,
    qualifiers: [CPV, lot('itip'), serial('itip')],
  }),
  spec('8003', 'GRAI', ['grai', 'class'], { digits: 14, tail: { set: 'X', maxLength: 16 } }),
  spec('8004', 'GIAI', ['giai', 'instance'], {
    digits: 0,
    tail: { set: 'X', maxLength: 30 },
    qualifiers: [UIC],
  }),
  spec('253', 'GDTI', ['gdti', 'class'], { digits: 13, tail: { set: 'X', maxLength: 17 } }),
  spec('255', 'GCN', ['sgcn', 'class'], { digits: 13, tail: { set: 'N', maxLength: 12 } }),
  spec('8010', 'CPID', ['cpi', 'class'], {
    digits: 0,
    tail: { set: 'Y', maxLength: 30 },
    qualifiers: [COMPONENT_SERIAL],
  }),
  spec('8017', 'GSRN of a provider', ['gsrnp', 'instance'], { digits: 18, qualifiers: [SRIN] }),
  spec('8018', 'GSRN of a recipient', ['gsrn', 'instance'], { digits: 18, qualifiers: [SRIN] }),
  spec('402', 'GSIN', ['gsin', 'instance'], { digits: 17 }),
  spec('401', 'GINC', ['ginc', 'instance'], { digits: 0, tail: { set: 'X', maxLength: 30 } }),
  spec('414', 'GLN', ['sgln', 'location'], { digits: 13, qualifiers: [EXTENSION, UIC] }),
  spec('417', 'GLN of a party', ['pgln', 'party'], { digits: 13, qualifiers: [UIC] }),
  spec('415', 'GLN of the invoicing party', ['payee', 'party'], { digits: 13, qualifiers: [SLIP] }),
  spec('8013', 'GMN', ['gmn', 'class'], { digits: 0, tail: { set: 'X', maxLength: 25 } }),
];

const BY_AI: ReadonlyMap<string, KeySpec> = new Map(KEYS.map((key) => [key.ai, key]));

/** The GS1 key with this application identifier. */
export function keySpec(ai: string): KeySpec | undefined {
  return BY_AI.get(ai);
}
