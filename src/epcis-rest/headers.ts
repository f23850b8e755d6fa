import type { IncomingHttpHeaders } from 'node:http';
import { Problem } from '../shared/problem.js';
import type { EpcisSyntax } from './negotiation.js';

/** Forms of EPCs that a request may ask for (GS1-EPC-Format). */
const EPC_FORMATS = [
  'No_Preference',
  'Always_GS1_Digital_Link',
  'Always_EPC_URN',
  'Never_Translates',
] as const;

/** Forms of CBV words that a request may ask for in XML (GS1-CBV-XML-Format). */
const CBV_XML_FORMATS = [
  'No_Preference',
  'Always_Web_URI',
  'Always_URN',
  'Never_Translates',
] as const;

/** Version of the standard that a document is written in. */
export type EpcisVersion = '2.0' | '1.2';

/** What the GS1 headers of a request ask for. */
export interface EpcisRequestHeaders {
  /** Default `Always_GS1_Digital_Link`, as in the standard's OpenAPI. */
  readonly epcFormat: (typeof EPC_FORMATS)[number];
  readonly cbvXmlFormat: (typeof CBV_XML_FORMATS)[number];
  /** GS1-Extensions: prefix to namespace. */
  readonly extensions: Readonly<Record<string, string>>;
  /** Newest version that the request accepts; 1.2 only in XML. */
  readonly version: EpcisVersion;
}

/** What this service supports, as `OPTIONS` reports it. */
export const SUPPORTED_HEADERS: Readonly<Record<string, string>> = {
  'GS1-EPCIS-Version': '2.0.0',
  'GS1-EPCIS-Min': '1.2.0',
  'GS1-EPCIS-Max': '2.0.0',
  'GS1-CBV-Version': '2.0.0',
  'GS1-CBV-Min': '1.2.0',
  'GS1-CBV-Max': '2.0.0',
  'GS1-EPC-Format': 'No_Preference',
  'GS1-CBV-XML-Format': 'No_Preference',
};

/** The headers that an answer depends on, for caches. */
export const VARY = `Accept, GS1-EPC-Format, GS1-CBV-XML-Format, GS1-Extensions, ${['EPCIS', 'CBV']
  .flatMap((standard) => ['Version', 'Min', 'Max'].map((part) => `GS1-${standard}-${part}`))
  .join(', ')}`;

/** Versions of EPCIS and CBV, newest first. */
const VERSIONS = ['2.0', '1.2'] as const;
const MAX_HEADER = 4096;
const MAX_VERSION = 200;

/**
 * Reads the GS1 headers of a request.
 *
 * @param syntax the syntax of the answer; JSON exists only in version 2.0
 * @throws Problem `BAD_USER_INPUT` that names the header, `NOT_ACCEPTABLE` when no version fits
 */
export function readEpcisHeaders(
  headers: IncomingHttpHeaders,
  syntax: EpcisSyntax,
): EpcisRequestHeaders {
  return {
    epcFormat: oneOf(headers, 'GS1-EPC-Format', EPC_FORMATS, 'Always_GS1_Digital_Link'),
    cbvXmlFormat: oneOf(headers, 'GS1-CBV-XML-Format', CBV_XML_FORMATS, 'No_Preference'),
    extensions: extensionsOf(headers),
    version: versionOf(headers, syntax),
  };
}

/** The headers of an answer in that version. */
export function answerHeaders({
  version,
  extensions,
}: Pick<EpcisRequestHeaders, 'version' | 'extensions'>): Record<string, string> {
  const given = Object.entries(extensions).map(([prefix, namespace]) => `${prefix}=${namespace}`);
  return {
    'GS1-EPCIS-Version': `${version}.0`,
    'GS1-CBV-Version': `${version}.0`,
    ...(given.length === 0 ? {} : { 'GS1-Extensions': given.join(',') }),
  };
}

/**
 * The value of a header with a fixed set of values, in the standard's spelling; case is ignored.
 *
 * @throws Problem `BAD_USER_INPUT` that names the header
 */
export function oneOf<T extends string>(
  headers: IncomingHttpHeaders,
  name: string,
  allowed: readonly T[],
  standard: T,
): T {
  const given = headerOf(headers, name);
  if (given === undefined) return standard;
  const value = allowed.find((word) => word.toLowerCase() === given.toLowerCase());
  if (value !== undefined) return value;
  throw refusal(name, given, `must be one of ${allowed.join(', ')}`);
}

function headerOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const given = headers[name.toLowerCase()];
  return (Array.isArray(given) ? given.join(',') : given)?.trim();
}

function refusal(name: string, given: string, rule: string): Problem {
  const found = given.slice(0, 100);
  return new Problem('BAD_USER_INPUT', `Header ${name}: ${rule}. Found ${JSON.stringify(found)}.`, {
    details: { header: name, found },
  });
}

/** `GS1-Extensions: ext=https://example.com/, other=…`; the header may also be given more than once. */
function extensionsOf(headers: IncomingHttpHeaders): Readonly<Record<string, string>> {
  const name = 'GS1-Extensions';
  const given = headerOf(headers, name);
  if (given === undefined || given === '') return {};
  if (given.length > MAX_HEADER)
    throw refusal(name, given, `may have at most ${MAX_HEADER} characters`);
  const pairs = given.split(',').map((part): [string, string] => {
    const at = part.indexOf('=');
    const prefix = part.slice(0, at).trim();
    const namespace = part.slice(at + 1).trim();
    if (at < 1 || !/^[A-Za-z_][\w.-]*$/.test(prefix) || !/^[A-Za-z][\w+.-]*:\S+$/.test(namespace))
      throw refusal(name, given, 'must be a list of prefix=URI, separated by commas');
    return [prefix, namespace];
  });
  return Object.fromEntries(pairs);
}

type Parts = readonly [number, number];

function versionOf(headers: IncomingHttpHeaders, syntax: EpcisSyntax): EpcisVersion {
  const fits = ['EPCIS', 'CBV'].map((standard) => {
    const [exact, min, max] = ['Version', 'Min', 'Max'].map((part) =>
      partsOf(headers, `GS1-${standard}-${part}`),
    );
    return (version: string): boolean => {
      const own = toParts(version);
      return (
        (exact === undefined || compare(own, exact) === 0) &&
        (min === undefined || compare(own, min) >= 0) &&
        (max === undefined || compare(own, max) <= 0)
      );
    };
  });
  const spoken = syntax === 'JSON' ? VERSIONS.slice(0, 1) : VERSIONS;
  const found = spoken.find((version) => fits.every((fit) => fit(version)));
  if (found !== undefined) return found;
  const remedy = `${syntax} is available in version ${spoken.join(' or ')} of EPCIS and CBV.`;
  throw new Problem(
    'NOT_ACCEPTABLE',
    `The headers GS1-EPCIS-Version, -Min, -Max and GS1-CBV-Version, -Min, -Max exclude every version. ${remedy}`,
    { details: { acceptable: spoken.map((version) => `${version}.0`) } },
  );
}

/** Major and minor version; a patch does not change documents. */
function partsOf(headers: IncomingHttpHeaders, name: string): Parts | undefined {
  const given = headerOf(headers, name);
  if (given === undefined) return undefined;
  if (given.length > MAX_VERSION || !/^\d+(\.\d+)*$/.test(given))
    throw refusal(name, given, 'must be a version such as 2.0.0');
  return toParts(given);
}

function toParts(version: string): Parts {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return [major, minor];
}

function compare(a: Parts, b: Parts): number {
  return a[0] - b[0] || a[1] - b[1];
}
