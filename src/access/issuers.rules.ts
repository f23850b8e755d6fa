import { parseGln, parseIdentifier } from '../gs1/identifier.js';
import { hostNameOf, isLoopback } from '../shared/host-name.js';

/** Who signs tokens, and whom its tokens may speak for. One entry of the setting `OIDC_ISSUERS`. */
export interface Issuer {
  /** An URL, compared with the claim `iss` letter by letter. */
  readonly issuer: string;
  /** The claim `aud` of a token must be this text or contain it. */
  readonly audience: string;
  /** Where the keys are. Without it, OIDC discovery tells. */
  readonly jwksUri?: string;
  /** Its tokens may speak for the host and give the roles of the host. */
  readonly host: boolean;
  /** Canonical keys, `417/<gln13>`. Its tokens may speak for these and for no others. */
  readonly organisations: readonly string[];
}

/** The key of an organisation, or why a text is none. The message quotes at most 80 characters of it. */
export type ReadOrganisation =
  { readonly ok: true; readonly key: string } | { readonly ok: false; readonly message: string };

type Fields = Readonly<Record<string, unknown>>;

const FIELDS = ['issuer', 'audience', 'jwksUri', 'host', 'organisations'];
const EXAMPLE =
  '[{"issuer":"https://id.example","audience":"custody-graph","organisations":["9506000134352"]}]';

/**
 * Reads the setting `OIDC_ISSUERS`, a JSON array. An empty text has no issuers.
 *
 * @throws Error whose message names the entry and the field, the rule and the remedy
 */
export function issuersOf(text: string): readonly Issuer[] {
  if (text.trim() === '') return [];
  const issuers = entriesOf(text).map((entry, index) => issuerOf(entry, `entry ${index + 1}`));
  issuers.forEach(({ issuer }, index) => {
    if (issuers.findIndex((other) => other.issuer === issuer) < index)
      throw new Error(
        `entry ${index + 1}, field "issuer": ${issuer} is there already. Put all its organisations into one entry`,
      );
  });
  return issuers;
}

/**
 * The organisation that a text names by its GLN: 13 digits, or an SGLN, a PGLN or a GS1 Digital Link. An extension of an SGLN is left out.
 *
 * @see GS1 General Specifications 3.4
 */
export function organisationOf(text: string): ReadOrganisation {
  // Thirteen digits alone would be read as a GTIN.
  const read = /^\s*\d*\s*$/.test(text) ? parseGln(text, 'party') : parseIdentifier(text);
  if (!read.ok) return read;
  const { gln, key } = read.id;
  return gln === undefined
    ? { ok: false, message: `Expected the GLN of an organisation, found ${key.slice(0, 80)}.` }
    : { ok: true, key: `417/${gln}` };
}

/** True for https, and for http on this machine. Over any other http, somebody else could answer in place of the issuer. */
function isSafeUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, host, username, password, hash } = new URL(text);
  if (username !== '' || password !== '' || hash !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostNameOf(host) ?? ''));
}

/**
 * True when discovery may lead from this issuer to keys at this address. An issuer elsewhere must not
 * make this service ask by http on its own machine.
 */
export function mayHaveKeysAt(address: string, issuer: string): boolean {
  return isSafeUrl(address) && (address.startsWith('https:') || issuer.startsWith('http:'));
}

function entriesOf(text: string): readonly unknown[] {
  const remedy = `must be a JSON array in one line, such as ${EXAMPLE}`;
  try {
    const entries: unknown = JSON.parse(text);
    if (Array.isArray(entries)) return entries;
  } catch (cause) {
    throw new Error(remedy, { cause });
  }
  throw new Error(remedy);
}

function issuerOf(entry: unknown, at: string): Issuer {
  if (!isFields(entry)) throw new Error(`${at} must be a JSON object, as in ${EXAMPLE}`);
  const unknown = Object.keys(entry).find((name) => !FIELDS.includes(name));
  if (unknown !== undefined)
    throw faultAt(at, unknown, `is not known. The fields are ${FIELDS.join(', ')}`);

  const { jwksUri } = entry;
  const host = hostIn(entry, at);
  const organisations = organisationsIn(entry, at);
  if (!host && organisations.length === 0)
    throw faultAt(
      at,
      'organisations',
      'must list at least one GLN, because the issuer may not speak for anybody else. List the GLNs, or set "host": true if it is the issuer of the host',
    );
  return {
    issuer: issuerUrlIn(entry, at),
    audience: audienceIn(entry, at),
    ...(jwksUri === undefined ? {} : { jwksUri: urlIn(entry, 'jwksUri', at) }),
    host,
    organisations,
  };
}

function issuerUrlIn(entry: Fields, at: string): string {
  const url = urlIn(entry, 'issuer', at);
  if (!url.includes('?')) return url;
  throw faultAt(at, 'issuer', 'must have no query. Copy it from the claim "iss" of a token');
}

function urlIn(entry: Fields, field: string, at: string): string {
  const value = entry[field];
  if (typeof value === 'string' && isSafeUrl(value)) return value;
  throw faultAt(
    at,
    field,
    `must be a URL that begins with https://, without user and fragment; http:// is only for 127.0.0.1, [::1] and localhost. Found ${shown(value)}`,
  );
}

function audienceIn({ audience }: Fields, at: string): string {
  if (typeof audience === 'string' && audience.trim() !== '') return audience;
  throw faultAt(
    at,
    'audience',
    `must be a text: what the issuer writes into "aud" of a token for this service. Found ${shown(audience)}`,
  );
}

function hostIn({ host = false }: Fields, at: string): boolean {
  if (typeof host === 'boolean') return host;
  throw faultAt(at, 'host', `must be true or false, without quotes. Found ${shown(host)}`);
}

function organisationsIn({ organisations = [] }: Fields, at: string): readonly string[] {
  if (!Array.isArray(organisations))
    throw faultAt(
      at,
      'organisations',
      `must be an array of GLNs, such as ["9506000134352"]. Found ${shown(organisations)}`,
    );
  return organisations.map((gln: unknown, index) => {
    const field = `organisations[${index}]`;
    if (typeof gln !== 'string')
      throw faultAt(at, field, `must be a GLN of 13 digits in quotes. Found ${shown(gln)}`);
    const read = organisationOf(gln);
    if (!read.ok) throw faultAt(at, field, `must be a GLN of 13 digits. ${read.message}`);
    return read.key;
  });
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function faultAt(at: string, field: string, fault: string): Error {
  return new Error(`${at}, field "${field}": ${fault}`);
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 100);
}
