import { readDigitalLink } from './digital-link.js';
import { readUrn } from './epc-urn.js';
import { makeIdentifier } from './key.js';
import type { GivenKey } from './key.js';
import { pureUri } from './other-epc.js';
import type { IdentifierFault, ParsedIdentifier } from './parsed.js';

/** Scheme, colon, something, no blanks or control characters (RFC 3986 4.3, not checked further). */
const ABSOLUTE_URI = /^[a-z][a-z0-9+.-]*:[^\s\p{Cc}]+$/iu;
const EPC_URN = /^urn:epc:(id|class|idpat|tag|pat|raw):/i;

/** True for an absolute URI. */
export function isAbsoluteUri(text: string): boolean {
  return ABSOLUTE_URI.test(text);
}

/**
 * Reads an absolute URI: EPC URN, GS1 Digital Link, or any other, which is its own key.
 *
 * @see EPC TDS 6, GS1 Digital Link URI Syntax
 */
export function parseUri(uri: string): ParsedIdentifier {
  const given = EPC_URN.test(uri) ? readUrn(uri) : readDigitalLink(uri);
  if (given !== null) return judge(given);
  const key = pureUri(uri);
  const level = key.startsWith('urn:epc:idpat:') ? 'class' : 'instance';
  return { ok: true, id: { key, scheme: 'other', level } };
}

/** Hands a fault on and judges a key. */
export function judge(given: GivenKey | IdentifierFault): ParsedIdentifier {
  return 'ok' in given ? given : makeIdentifier(given);
}
