import { XML_NAMESPACES } from '../epcis/xml/layout.js';
import type { XmlVersion } from '../epcis/xml/write-event.js';
import type { XmlElement } from '../epcis/xml/xml-tree.js';
import { elementsOf } from '../epcis/xml/xml-tree.js';
import { EpcisException } from './epcis-exception.js';
import { readQueryParams } from './query-params.js';
import type { GivenParams } from './query-params.js';
import { trimmedText } from './soap-message.js';

/** Controls of a subscription as they were written, not yet checked against each other. */
export interface GivenControls {
  readonly schedule?: Readonly<Record<string, string>>;
  readonly trigger?: string;
  readonly initialRecordTime?: string;
  readonly reportIfEmpty?: string;
}

/** An operation of the query control interface with its parameters (EPCIS 1.2 section 8.2.5). */
export type SoapRequest =
  | { readonly operation: 'getQueryNames' | 'getStandardVersion' | 'getVendorVersion' }
  | { readonly operation: 'getSubscriptionIDs'; readonly queryName: string }
  | { readonly operation: 'unsubscribe'; readonly subscriptionID: string }
  | { readonly operation: 'poll'; readonly queryName: string; readonly params: GivenParams }
  | {
      readonly operation: 'subscribe';
      readonly queryName: string;
      readonly params: GivenParams;
      readonly dest: string;
      readonly controls: GivenControls;
      readonly subscriptionID: string;
    };

type Bindings = Readonly<Record<string, string>>;
type Read = (operation: XmlElement, bound: Bindings) => SoapRequest;

const OPERATIONS: ReadonlyMap<string, Read> = new Map<string, Read>([
  ['GetQueryNames', without('getQueryNames')],
  ['GetStandardVersion', without('getStandardVersion')],
  ['GetVendorVersion', without('getVendorVersion')],
  [
    'GetSubscriptionIDs',
    (element) => ({ operation: 'getSubscriptionIDs', ...textsOf(element, ['queryName']) }),
  ],
  [
    'Unsubscribe',
    (element) => ({ operation: 'unsubscribe', ...textsOf(element, ['subscriptionID']) }),
  ],
  ['Poll', readPoll],
  ['Subscribe', readSubscribe],
]);

/** The EPCIS version whose query namespace an element has. */
export function epcisVersionOf({ uri }: XmlElement): XmlVersion | undefined {
  return (['1.2', '2.0'] as const).find((version) => XML_NAMESPACES.query[version] === uri);
}

/**
 * Reads an operation. This is liberal: an operation may begin with a small letter, as in the service description, its fields may be with or
 * without the namespace, and empty `params` may be left out.
 *
 * @param bound prefixes around the operation; names of extension parameters may use them
 * @throws EpcisException ValidationException, or QueryParameterException for parameters of a query
 */
export function readSoapRequest(operation: XmlElement, bound: Bindings): SoapRequest {
  const { local, uri } = operation;
  const read =
    epcisVersionOf(operation) === undefined
      ? undefined
      : OPERATIONS.get(local.charAt(0).toUpperCase() + local.slice(1));
  if (read !== undefined) return read(operation, bound);
  throw invalid(
    `${local.slice(0, 100)} of ${uri === '' ? 'no namespace' : uri.slice(0, 200)} is not an operation here; use one of ${[...OPERATIONS.keys()].join(', ')} of ${XML_NAMESPACES.query['1.2']}.`,
  );
}

function without(operation: 'getQueryNames' | 'getStandardVersion' | 'getVendorVersion'): Read {
  return (element) => {
    fieldsOf(element, []);
    return { operation };
  };
}

function readPoll(element: XmlElement, bound: Bindings): SoapRequest {
  const fields = fieldsOf(element, ['queryName', 'params']);
  const queryName = textIn(fields, 'queryName', element);
  return { operation: 'poll', queryName, params: readQueryParams(fields.get('params'), bound) };
}

function readSubscribe(element: XmlElement, bound: Bindings): SoapRequest {
  const names = ['queryName', 'params', 'dest', 'controls', 'subscriptionID'];
  const fields = fieldsOf(element, names);
  const queryName = textIn(fields, 'queryName', element);
  const dest = fields.get('dest');
  const controls = fields.get('controls');
  if (controls === undefined) throw invalid('Subscribe needs controls.');
  return {
    operation: 'subscribe',
    queryName,
    params: readQueryParams(fields.get('params'), bound),
    // A missing destination is reported like one that cannot be sent to.
    dest: dest === undefined ? '' : trimmedText(dest),
    controls: readControls(controls),
    subscriptionID: textIn(fields, 'subscriptionID', element),
  };
}

const SCHEDULE = ['second', 'minute', 'hour', 'dayOfMonth', 'month', 'dayOfWeek', 'extension'];

function readControls(element: XmlElement): GivenControls {
  const names = ['schedule', 'trigger', 'initialRecordTime', 'reportIfEmpty', 'extension'];
  const { schedule, ...given } = Object.fromEntries(fieldsOf(element, names));
  const texts = Object.entries(given).filter(([name]) => name !== 'extension');
  return {
    ...(schedule === undefined ? {} : { schedule: readSchedule(schedule) }),
    ...Object.fromEntries(texts.map(([name, value]) => [name, trimmedText(value)])),
  };
}

function readSchedule(element: XmlElement): Readonly<Record<string, string>> {
  const fields = [...fieldsOf(element, SCHEDULE)].filter(([name]) => name !== 'extension');
  return Object.fromEntries(fields.map(([name, value]) => [name, trimmedText(value)]));
}

function textsOf<N extends string>(element: XmlElement, names: readonly N[]): Record<N, string> {
  const fields = fieldsOf(element, names);
  return Object.fromEntries(names.map((name) => [name, textIn(fields, name, element)])) as Record<
    N,
    string
  >;
}

function textIn(
  fields: ReadonlyMap<string, XmlElement>,
  name: string,
  { local }: XmlElement,
): string {
  const field = fields.get(name);
  const text = field === undefined ? '' : trimmedText(field);
  if (text !== '') return text;
  throw invalid(`${local} needs ${name}.`);
}

/** Fields by name. Elements of other namespaces are extensions, and are ignored. */
function fieldsOf(element: XmlElement, names: readonly string[]): ReadonlyMap<string, XmlElement> {
  const fields = new Map<string, XmlElement>();
  for (const field of elementsOf(element)) {
    if (field.uri !== '' && field.uri !== element.uri) continue;
    const { local } = field;
    if (!names.includes(local))
      throw invalid(`${local.slice(0, 100)} is unknown in ${element.local.slice(0, 100)}.`);
    if (fields.has(local)) throw invalid(`${element.local} has ${local} twice.`);
    fields.set(local, field);
  }
  return fields;
}

function invalid(reason: string): EpcisException {
  return new EpcisException('ValidationException', reason);
}
