import { keyOfUri, parseIdentifier } from '../gs1/identifier.js';
import type { Check } from './checks.js';
import type { Finding } from './faults.js';
import { pointerTo } from './faults.js';
import { isUri } from './formats.js';

const NOT_A_URI: Finding = {
  code: 'URI_INVALID',
  expected: 'a URI that names one thing',
  remedy: 'Write an EPC URN (urn:epc:id:…), a GS1 Digital Link URI, or a URI of your own.',
};

function notAGs1Key(uri: string): Finding {
  const parsed = parseIdentifier(uri);
  const remedy = parsed.ok ? 'Check its lengths, characters and check digit.' : parsed.message;
  return { code: 'GS1_ID_INVALID', expected: 'a well-formed GS1 identifier', remedy };
}

/**
 * A URI that identifies an object, a class, a place or a party (CBV 2.0 section 8). One that claims to be a GS1 key must be a
 * right one: stricter than the JSON schema, which takes any URI.
 */
export const identifier: Check = (value, parent, key, faults) => {
  if (typeof value !== 'string' || !isUri(value))
    faults.add(NOT_A_URI, pointerTo(parent, key), value);
  else if (keyOfUri(value) === null) faults.add(notAGs1Key(value), pointerTo(parent, key), value);
};

/** What an identifier names: the same for each way of writing it. */
export function sameThing(value: unknown): unknown {
  return typeof value === 'string' ? (keyOfUri(value) ?? value) : value;
}
