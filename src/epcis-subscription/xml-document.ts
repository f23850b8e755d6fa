import type { AnswerForm } from '../epcis-query/index.js';
import type { EpcFormat } from '../epcis/translate-identifiers.js';
import { XML_NAMESPACES } from '../epcis/xml/layout.js';
import { attribute, escapedText } from '../epcis/xml/write-text.js';
import { elementText } from '../epcis/xml/write-values.js';
import type { Subscription, XmlFormat } from './subscription.js';

/** What a document states about its subscription. */
export interface XmlAbout {
  readonly epcFormat: EpcFormat;
  readonly format: XmlFormat;
  readonly queryName: string;
  readonly subscriptionID: string;
}

/** The form of an XML document for a subscriber. */
export function xmlForm({ format, ...about }: XmlAbout): AnswerForm {
  return { syntax: 'XML', version: versionOf(format), cbvXmlFormat: 'Always_URN', ...about };
}

function versionOf(format: XmlFormat): '1.2' | '2.0' {
  return format === 'XML 1.2' ? '1.2' : '2.0';
}

/**
 * The message to a subscriber whose query could not be executed (EPCIS 1.2 section 8.2.9): a problem, or an XML document with the
 * exception.
 */
export function failureDocument(
  { format, queryName, id }: Pick<Subscription, 'format' | 'queryName' | 'id'>,
  nowMs: number,
): { readonly body: string; readonly contentType: string } {
  const reason = `The query "${queryName}" could not be executed; it will be tried again.`;
  if (format !== null)
    return {
      body: exceptionDocument(versionOf(format), { reason, queryName, subscriptionID: id }, nowMs),
      contentType: 'text/xml; charset=utf-8',
    };
  const problem = {
    type: 'epcisException:ImplementationException',
    title: 'A server-side error occurred',
    status: 500,
    detail: reason,
  };
  return { body: JSON.stringify(problem), contentType: 'application/problem+json' };
}

interface Told {
  readonly reason: string;
  readonly queryName: string;
  readonly subscriptionID: string;
}

function exceptionDocument(
  version: '1.2' | '2.0',
  { reason, queryName, subscriptionID }: Told,
  nowMs: number,
): string {
  const fields = { reason, severity: 'ERROR', queryName, subscriptionID };
  const inside = Object.entries(fields).map(([name, text]) =>
    elementText(name, '', escapedText(text)),
  );
  const attributes =
    attribute('xmlns:epcisq', XML_NAMESPACES.query[version]) +
    attribute('schemaVersion', version) +
    attribute('creationDate', new Date(nowMs).toISOString());
  const exception = elementText('epcisq:ImplementationException', '', inside.join(''));
  const body = elementText('EPCISBody', '', exception);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${elementText('epcisq:EPCISQueryDocument', attributes, body)}\n`;
}
