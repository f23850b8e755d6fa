import { isOnCanonicalDomain, readDigitalLink } from './digital-link.js';
import { readUrn } from './epc-urn.js';
import { makeIdentifier } from './key.js';
import type { GivenKey } from './key.js';
import { pureUri } from './other-epc.js';
import type { IdentifierFault, ParsedIdentifier } from './parsed.js';

/** Scheme, colon and text without spaces or control characters (RFC 3986 4.3, no full check). */
const ABSOLUTE_URI = /^[a-z][a-z0-9+.-]*:[^\s\p{Cc}]+$/iu;
const EPC_URN = /^urn:epc:(id|class|idpat|tag|pat|raw):/i;

/** True for an absolute URI. */
export function isAbsoluteUri(text: string): boolean {
  return ABSOLUTE_URI.test(text);
}

/**
 * Reads an absolute URI: EPC URN, GS1 Digital Link, or any other, which is its own key. A faulty
 * Digital Link is refused on id.gs1.org. On another domain it counts as a private URI, and
 * `faultAsLink` says what is wrong.
 *
 * @see EPC TDS 6, GS1 Digital Link URI Syntax
 */
export function parseUri(uri: string): ParsedIdentifier {
  if (EPC_URN.test(uri)) {
    const given = readUrn(uri);
    if (given !== null) return judge(given);
  } else {
    const link = parsedLink(uri);
    if (link !== null && (link.ok || isOnCanonicalDomain(uri))) return link;
  }
  const key = pureUri(uri);
  const level = key.startsWith('urn:epc:idpat:') ? 'class' : 'instance';
  return { ok: true, id: { key, scheme: 'other', level } };
}

/** What is wrong with a URI that has the form of a Digital Link; null when nothing is. */
export function faultAsLink(uri: string): IdentifierFault | null {
  const link = parsedLink(uri);
  return link === null || link.ok ? null : link;
}

function parsedLink(uri: string): ParsedIdentifier | null {
  const given = readDigitalLink(uri);
  return given === null ? null : judge(given);
}

/** Judges a key; a fault is returned as it is. */
export function judge(given: GivenKey | IdentifierFault): ParsedIdentifier {
  return 'ok' in given ? given : makeIdentifier(given);
}
