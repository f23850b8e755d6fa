import type { TestApp } from './app-for-tests.js';
import { epcis } from './epcis-client.js';
import type { EpcisAnswer } from './epcis-client.js';

/** The two versions of SOAP. */
export const SOAP = {
  '1.1': { type: 'text/xml; charset=utf-8', uri: 'http://schemas.xmlsoap.org/soap/envelope/' },
  '1.2': { type: 'application/soap+xml', uri: 'http://www.w3.org/2003/05/soap-envelope' },
} as const;
type Soap = keyof typeof SOAP;

/** How an operation is sent. */
export interface Sent {
  readonly soap?: Soap;
  /** Of the query namespace. */
  readonly epcisVersion?: '1' | '2';
}

/** An operation in its envelope. */
export function envelopeOf(
  operation: string,
  inside: string,
  { soap = '1.1', epcisVersion = '1' }: Sent = {},
): string {
  const { uri } = SOAP[soap];
  return `<?xml version="1.0"?>
    <s:Envelope xmlns:s="${uri}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:ex="http://ns.example.com/epcis/">
      <s:Header/>
      <s:Body>
        <q:${operation} xmlns:q="urn:epcglobal:epcis-query:xsd:${epcisVersion}">${inside}</q:${operation}>
      </s:Body>
    </s:Envelope>`;
}

/** Sends an operation in an envelope, as an ERP system does it. */
export function callSoap(
  app: Pick<TestApp, 'url'>,
  operation: string,
  inside = '',
  { soap = '1.1', epcisVersion = '1' }: Sent = {},
): Promise<EpcisAnswer> {
  const { type } = SOAP[soap];
  const body = envelopeOf(operation, inside, { soap, epcisVersion });
  const accept = 'text/xml, application/soap+xml';
  const headers = { 'content-type': type, soapaction: '""', accept };
  return epcis(app, 'POST', '/soap', { body, headers });
}

const list = (...texts: string[]): string =>
  texts.map((text) => `<string>${text}</string>`).join('');

/** Parameters by name: a value is a list, a text with its type before it (`xsd:int 5`), or nothing. */
export type ParamValues = Record<string, string[] | string | null>;

function params(values: ParamValues): string {
  const all = Object.entries(values).map(([name, value]) => {
    if (value === null)
      return `<param><name>${name}</name><value xsi:type="q:VoidHolder"/></param>`;
    if (Array.isArray(value))
      return `<param><name>${name}</name><value xsi:type="q:ArrayOfString">${list(...value)}</value></param>`;
    const [type = '', ...text] = value.split(' ');
    return `<param><name>${name}</name><value xsi:type="${type}">${text.join(' ')}</value></param>`;
  });
  return `<params>${all.join('')}</params>`;
}

/** The inside of a Poll, or the beginning of a Subscribe. */
export const pollOf = (queryName: string, values: ParamValues = {}): string =>
  `<queryName>${queryName}</queryName>${params(values)}`;

/** Texts of an ArrayOfString. */
export const strings = ({ text }: EpcisAnswer): string[] =>
  [...text.matchAll(/<string>([^<]*)<\/string>/g)].map(([, one = '']) => one);

/** The QueryResults of an answer. */
export function resultsOf({ text }: EpcisAnswer): string {
  const [results] = /<epcisq:QueryResults[\s\S]*<\/epcisq:QueryResults>/.exec(text) ?? [];
  if (results === undefined) throw new Error(text);
  return results;
}

export interface Fault {
  readonly status: number;
  readonly code: string | undefined;
  readonly exception: string | undefined;
  readonly detail: string;
}

/** What a fault says; `exception` only in the namespace of 1.2. */
export function faultOf({ status, text }: EpcisAnswer): Fault {
  const [, code] = /<(?:faultcode|soap:Value)>(?:soap:)?(\w+)</.exec(text) ?? [];
  const [, detail = ''] = /<(?:soap:D|d)etail>(.*)<\/(?:soap:D|d)etail>/s.exec(text) ?? [];
  const [, exception] =
    /^<epcisq:(\w+) xmlns:epcisq="urn:epcglobal:epcis-query:xsd:1">/.exec(detail) ?? [];
  return { status, code, exception, detail };
}
