import { faultAsLink, isClassKey, keyOfUri, parseIdentifier } from '../gs1/identifier.js';
import type { Check } from './checks.js';
import type { Faults, Finding } from './faults.js';
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
 * A URI that identifies an object, a class, a place or a party (CBV 2.0 section 8). If it claims to
 * be a GS1 key, it must be a right one; the JSON schema accepts any URI. On a domain that is not
 * configured for Digital Links, a faulty link counts as a private URI and gives a warning.
 */
export const identifier: Check = (value, parent, key, faults) => {
  if (typeof value !== 'string' || !isUri(value)) {
    faults.add(NOT_A_URI, pointerTo(parent, key), value);
    return;
  }
  const known = keyOfUri(value);
  if (known === null) faults.add(notAGs1Key(value), pointerTo(parent, key), value);
  else if (known === value && LINK.test(value))
    judgeLookAlike(value, pointerTo(parent, key), faults);
};

const LINK = /^https?:/i;

function judgeLookAlike(uri: string, at: string, faults: Faults): void {
  const fault = faultAsLink(uri);
  if (fault === null) return;
  const code = 'GS1_ID_INVALID';
  if (isOn(uri, faults.linkDomains))
    faults.add({ code, expected: 'a right GS1 Digital Link', remedy: fault.message }, at, uri);
  else {
    const expected = 'a right GS1 Digital Link, or a private URI that does not look like one';
    const remedy = `It is accepted as a private URI. As a Digital Link it fails: ${fault.message}`;
    faults.warn({ code: 'LOOKS_LIKE_GS1_ID', expected, remedy }, at, uri);
  }
}

/** A listed domain includes its subdomains. */
function isOn(uri: string, domains: readonly string[]): boolean {
  if (domains.length === 0) return false;
  const host = /^https?:\/\/(?:[^/?#]*@)?([^/?#:]+)/i.exec(uri)?.[1]?.toLowerCase() ?? '';
  return domains.some((one) => `.${host}`.endsWith(`.${one}`));
}

const CLASS_NAMED: Finding = {
  code: 'CLASS_AS_EPC',
  expected: 'the identifier of one thing, with its serial',
  remedy: 'It counts as a class with unknown quantity. Write it into a quantity list.',
};

/** An identifier in a list of single objects; one of a class gives a warning. */
export const epc: Check = (value, parent, key, faults) => {
  identifier(value, parent, key, faults);
  if (typeof value === 'string' && isClassKey(keyOfUri(value) ?? ''))
    faults.warn(CLASS_NAMED, pointerTo(parent, key), value);
};

const CLASS_NAMED_AS_PARENT: Finding = {
  ...CLASS_NAMED,
  remedy: 'All events with this identifier mean the same one container. Name the container itself.',
};

/** The identifier of a container; one of a class gives a warning. */
export const parent: Check = (value, above, key, faults) => {
  identifier(value, above, key, faults);
  if (typeof value === 'string' && isClassKey(keyOfUri(value) ?? ''))
    faults.warn(CLASS_NAMED_AS_PARENT, pointerTo(above, key), value);
};

/** What an identifier names: equal for all its written forms. */
export function sameThing(value: unknown): unknown {
  return typeof value === 'string' ? (keyOfUri(value) ?? value) : value;
}
