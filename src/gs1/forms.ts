import { writeDigitalLink } from './digital-link.js';
import { formatElementString } from './element-string.js';
import { digitsFromPrefix, writeUrn } from './epc-urn.js';
import { readKey } from './key.js';
import type { GivenKey } from './key.js';
import type { PrefixLengths } from './prefix-lengths.js';

/** One identifier in all its written forms. */
export interface IdentifierForms {
  readonly key: string;
  /** Null when the length of the company prefix is unknown, or no EPC URN can express it. */
  readonly urn: string | null;
  /** `https://id.gs1.org/…`; the URI itself when it is not a GS1 key. */
  readonly digitalLink: string;
  /** With AIs in brackets; null when it is not a GS1 key. */
  readonly elementString: string | null;
}

/**
 * All forms of a canonical key. The key is trusted, not judged.
 *
 * @param companyPrefixLength 6 to 12; no URN without it, since a URN shows where the prefix ends
 * @see EPC TDS 6.3, GS1 Digital Link URI Syntax ("canonical"), GS1 General Specifications 4.14
 */
export function formsOf(key: string, companyPrefixLength?: number): IdentifierForms {
  const given = readKey(key);
  if (given === null || 'ok' in given) {
    return { key, urn: key.startsWith('urn:') ? key : null, digitalLink: key, elementString: null };
  }
  return {
    key,
    urn: companyPrefixLength === undefined ? null : writeUrn(given, companyPrefixLength),
    digitalLink: writeDigitalLink(given),
    elementString: writeBracketed(given),
  };
}

/**
 * The EPC URN of a canonical key, which is trusted. Null when the length of its company prefix is
 * unknown, when no EPC URN can express it, or when it is not a GS1 key.
 *
 * @see EPC TDS 6.3
 */
export function urnOfKey(key: string, prefixes: PrefixLengths): string | null {
  const given = readKey(key);
  if (given === null || 'ok' in given) return null;
  const length = prefixes.lengthFor(digitsFromPrefix(given));
  return length === undefined ? null : writeUrn(given, length);
}

function writeBracketed({ spec, value, qualifiers }: GivenKey): string {
  const finer = [...qualifiers].map(([ai, one]) => ({ ai, value: one }));
  return formatElementString([{ ai: spec.ai, value }, ...finer], 'BRACKETED');
}
