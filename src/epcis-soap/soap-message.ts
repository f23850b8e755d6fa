import { decode } from '../epcis/charset.js';
import type { XmlElement } from '../epcis/xml/xml-tree.js';
import { elementsOf, parseXml, textOfElement } from '../epcis/xml/xml-tree.js';

/** Versions of SOAP: 1.1 (W3C Note, 2000) and 1.2 (W3C Recommendation, 2007). */
export type SoapVersion = '1.1' | '1.2';

/** Namespaces of the envelope. */
export const ENVELOPES: Readonly<Record<SoapVersion, string>> = {
  '1.1': 'http://schemas.xmlsoap.org/soap/envelope/',
  '1.2': 'http://www.w3.org/2003/05/soap-envelope',
};

/** Fault codes for a wrong message, not for a wrong request in it. */
export type MessageFault = 'VersionMismatch' | 'MustUnderstand' | 'Client';

/** The operation in a message, or what is wrong with the message. */
export type SoapRead =
  | {
      readonly kind: 'message';
      readonly version: SoapVersion;
      readonly operation: XmlElement;
      /** Prefixes declared around the operation. */
      readonly bound: Readonly<Record<string, string>>;
    }
  /** An envelope that must be answered with a fault. */
  | {
      readonly kind: 'fault';
      readonly version: SoapVersion;
      readonly code: MessageFault;
      readonly reason: string;
    }
  /** The document is not an envelope. */
  | { readonly kind: 'none'; readonly reason: string };

const LIMITS = { depth: 32, attributes: 256, elements: 20_000, namespaces: 256, name: 500 };

/** Actors and roles by which a header addresses its receiver. */
const ADDRESSED: ReadonlySet<string> = new Set([
  '',
  'http://schemas.xmlsoap.org/soap/actor/next',
  'http://www.w3.org/2003/05/soap-envelope/role/next',
  'http://www.w3.org/2003/05/soap-envelope/role/ultimateReceiver',
]);

/**
 * Reads a SOAP message. The namespace of the envelope gives its version. A document type declaration is refused, even an empty one (SOAP
 * 1.1 section 3, SOAP 1.2 section 5). No header is understood.
 */
export function readSoapMessage(bytes: Uint8Array, contentType: string): SoapRead {
  const decoded = decode(bytes, contentType, true);
  if (!decoded.ok)
    return { kind: 'none', reason: decoded.issues.map(({ message }) => message).join(' ') };
  const { text } = decoded;
  const parsed = parseXml(text, LIMITS);
  if (!parsed.ok) return { kind: 'none', reason: parsed.issue.message };
  const { root } = parsed;
  if (
    text
      .slice(0, root.offset)
      .replaceAll(/<!--.*?-->/gs, '')
      .includes('<!DOCTYPE')
  )
    return { kind: 'none', reason: 'A SOAP message must not have a document type declaration.' };
  return readEnvelope(root);
}

function readEnvelope(root: XmlElement): SoapRead {
  if (root.local !== 'Envelope')
    return {
      kind: 'none',
      reason: `The document is ${root.local}, not a SOAP Envelope. Documents are captured at /epcis/capture.`,
    };
  const version = versionOf(root.uri);
  if (version === undefined) {
    const reason = `The envelope is of ${root.uri === '' ? 'no namespace' : root.uri}; send one of ${Object.values(ENVELOPES).join(' or ')}.`;
    return { kind: 'fault', version: '1.1', code: 'VersionMismatch', reason };
  }
  const parts = elementsOf(root).filter(({ uri }) => uri === root.uri);
  const header = parts.find(({ local }) => local === 'Header');
  const stray = header === undefined ? undefined : notUnderstood(header, version);
  if (stray !== undefined) {
    const reason = `The header ${stray.name} (${stray.uri}) must be understood, but this service does not know it.`;
    return { kind: 'fault', version, code: 'MustUnderstand', reason };
  }
  const bodies = parts.filter(({ local }) => local === 'Body');
  const [operation, ...more] = bodies.flatMap(elementsOf);
  if (operation === undefined || more.length > 0 || bodies.length > 1) {
    const reason = 'The envelope must have one Body with one element: the operation.';
    return { kind: 'fault', version, code: 'Client', reason };
  }
  const bound = { ...root.bound, ...bodies[0]?.bound, ...operation.bound };
  return { kind: 'message', version, operation, bound };
}

function versionOf(namespace: string): SoapVersion | undefined {
  return (['1.1', '1.2'] as const).find((version) => ENVELOPES[version] === namespace);
}

function notUnderstood(header: XmlElement, version: SoapVersion): XmlElement | undefined {
  return elementsOf(header).find(({ attributes }) => {
    const own = new Map(
      attributes
        .filter(({ uri }) => uri === ENVELOPES[version])
        .map(({ local, value }) => [local, value.trim()]),
    );
    const must = own.get('mustUnderstand') ?? '0';
    const role = own.get(version === '1.1' ? 'actor' : 'role') ?? '';
    return (must === '1' || must === 'true') && ADDRESSED.has(role);
  });
}

/** The text of an element without the white space around it. */
export function trimmedText(element: XmlElement): string {
  return textOfElement(element).trim();
}
