import { escapedText } from '../epcis/xml/write-text.js';
import type { MessageFault, SoapVersion } from './soap-message.js';
import { ENVELOPES } from './soap-message.js';

/** Who caused a fault. SOAP 1.2 calls Client Sender, and Server Receiver. */
export type FaultCode = MessageFault | 'Server';

/** An answer over HTTP. */
export interface SoapAnswer {
  readonly status: number;
  readonly mediaType: 'text/xml' | 'application/soap+xml';
  readonly body: string;
}

/** A fault; `detail` is XML. */
export interface SoapFault {
  readonly code: FaultCode;
  readonly reason: string;
  readonly detail?: string;
}

const MEDIA_TYPES = { '1.1': 'text/xml', '1.2': 'application/soap+xml' } as const;
const CODES_12: Readonly<Record<FaultCode, string>> = {
  VersionMismatch: 'VersionMismatch',
  MustUnderstand: 'MustUnderstand',
  Client: 'Sender',
  Server: 'Receiver',
};

function envelope(version: SoapVersion, body: string): Omit<SoapAnswer, 'status'> {
  return {
    mediaType: MEDIA_TYPES[version],
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<soap:Envelope xmlns:soap="${ENVELOPES[version]}"><soap:Body>${body}</soap:Body></soap:Envelope>\n`,
  };
}

/** A result in its envelope. */
export function resultAnswer(version: SoapVersion, result: string): SoapAnswer {
  return { status: 200, ...envelope(version, result) };
}

/**
 * A fault in its envelope. With SOAP 1.1 every fault is HTTP 500, even for errors of the client (SOAP 1.1 section 6.2, WS-I Basic Profile
 * 1.1 R1126). With SOAP 1.2 errors of the sender are 400 (SOAP 1.2 part 2, table 20).
 */
export function faultAnswer(version: SoapVersion, { code, reason, detail }: SoapFault): SoapAnswer {
  const text = escapedText(reason);
  if (version === '1.1') {
    const about = detail === undefined ? '' : `<detail>${detail}</detail>`;
    const fault = `<soap:Fault><faultcode>soap:${code}</faultcode><faultstring>${text}</faultstring>${about}</soap:Fault>`;
    return { status: 500, ...envelope(version, fault) };
  }
  const about = detail === undefined ? '' : `<soap:Detail>${detail}</soap:Detail>`;
  const fault = `<soap:Fault><soap:Code><soap:Value>soap:${CODES_12[code]}</soap:Value></soap:Code><soap:Reason><soap:Text xml:lang="en">${text}</soap:Text></soap:Reason>${about}</soap:Fault>`;
  return { status: code === 'Client' ? 400 : 500, ...envelope(version, fault) };
}
