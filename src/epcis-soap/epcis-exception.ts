import type { XmlVersion } from '../epcis/xml/write-event.js';
import { escapedText } from '../epcis/xml/write-text.js';
import { XML_NAMESPACES } from '../epcis/xml/layout.js';

/** Exceptions of the query control interface (EPCIS 1.2 section 8.2.6). */
export const EPCIS_EXCEPTIONS = [
  'DuplicateNameException',
  'InvalidURIException',
  'NoSuchNameException',
  'NoSuchSubscriptionException',
  'DuplicateSubscriptionException',
  'QueryParameterException',
  'QueryTooLargeException',
  'QueryTooComplexException',
  'SubscriptionControlsException',
  'SubscribeNotPermittedException',
  'SecurityException',
  'ValidationException',
  'ImplementationException',
] as const;

/** One of {@link EPCIS_EXCEPTIONS}. */
export type EpcisExceptionName = (typeof EPCIS_EXCEPTIONS)[number];

/** Further fields of an exception, when its type has them. */
export interface ExceptionParticulars {
  readonly queryName?: string | undefined;
  readonly subscriptionID?: string | undefined;
  /** For an ImplementationException: `SEVERE` when nobody knows whether the operation took effect. */
  readonly severity?: 'ERROR' | 'SEVERE' | undefined;
}

/** A refusal with the standard's own exception; its message is the `reason`. */
export class EpcisException extends Error {
  constructor(
    readonly exception: EpcisExceptionName,
    reason: string,
    readonly particulars: ExceptionParticulars = {},
  ) {
    super(reason);
    this.name = exception;
  }
}

function element(name: string, text: string | undefined): string {
  return text === undefined ? '' : `<${name}>${escapedText(text)}</${name}>`;
}

/** The exception as an element for the detail of a fault, or for the body of an EPCISQueryDocument. */
export function exceptionXml(
  { exception, message, particulars }: EpcisException,
  version: XmlVersion,
): string {
  const { queryName, subscriptionID, severity = 'ERROR' } = particulars;
  const isOurs = exception === 'ImplementationException';
  const about =
    isOurs || exception === 'QueryTooLargeException'
      ? element('queryName', queryName) + element('subscriptionID', subscriptionID)
      : '';
  const inside = element('reason', message) + (isOurs ? element('severity', severity) : '') + about;
  const namespace = XML_NAMESPACES.query[version];
  return `<epcisq:${exception} xmlns:epcisq="${namespace}">${inside}</epcisq:${exception}>`;
}
