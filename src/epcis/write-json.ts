import { isDeepStrictEqual } from 'node:util';
import { parse, stringify } from 'lossless-json';
import type { JsonObject } from './checks.js';
import { isObject } from './checks.js';
import type { EpcisEvent } from './event.js';
import { timeText } from './xml/write-text.js';
import { withNumbersAsWritten } from './write-numbers.js';
import type { Bindings } from './write-prefixes.js';
import { ownBindings, sharedBindings } from './write-prefixes.js';

/** An event to write. */
export interface OutputEvent {
  /** The event, with identifiers and words in the requested form. */
  readonly event: EpcisEvent;
  /** JSON text of the stored event; numbers are written as they are in it. */
  readonly text?: string;
  /** Prefixes that the document around the event declared. */
  readonly context?: Readonly<Record<string, string>>;
  /** Epoch milliseconds. */
  readonly recordTimeMs?: number;
}

/** Header of a captured document: fields with a namespace, and `@context` with their prefixes. */
export type OutputHeader = Readonly<Record<string, unknown>>;

/** A header from the text of a `DocumentHeader`; `LosslessNumber`s keep the digits as they came. */
export function outputHeader(text: string): OutputHeader {
  return parse(text) as OutputHeader;
}

/** A vocabulary of master data, in the JSON binding (EPCIS 2.0 section 9.4). */
export interface VocabularyOut {
  readonly type: string;
  readonly vocabularyElementList?: readonly VocabularyElementOut[];
}

/** One element of a vocabulary. */
export interface VocabularyElementOut {
  readonly id: string;
  readonly attributes?: readonly { readonly id: string; readonly attribute?: unknown }[];
  readonly children?: readonly string[];
}

/** What a document contains besides its events. */
export interface OutputOptions {
  readonly kind: 'EPCISDocument' | 'EPCISQueryDocument';
  /** For an EPCISQueryDocument; `SimpleEventQuery` when absent. */
  readonly queryName?: string;
  readonly subscriptionID?: string;
  /** Epoch milliseconds. */
  readonly creationDateMs: number;
  /** Headers of the events' documents, `{}` for none. A field is written if all agree on it. */
  readonly headers?: readonly OutputHeader[];
  readonly masterData?: readonly VocabularyOut[];
}

const STANDARD_CONTEXT = 'https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld';

/**
 * The fields that all headers have with the same value. A statement that covers only some of the
 * events is left out, because it would seem to cover all of them.
 */
export function commonHeader(headers: readonly OutputHeader[]): OutputHeader {
  const [first = {}, ...others] = headers;
  const common = Object.entries(first).filter(([key, value]) =>
    others.every((other) => Object.hasOwn(other, key) && isDeepStrictEqual(other[key], value)),
  );
  return Object.fromEntries(common);
}

function contextOf(event: JsonObject, bindings: Bindings | undefined): unknown {
  const own = event['@context'];
  if (bindings === undefined) return own;
  if (own === undefined) return bindings;
  return [bindings, ...(Array.isArray(own) ? (own as readonly unknown[]) : [own])];
}

const DAY_END = /^\d{4}-\d\d-\d\dT24:/i;
const TIMES = ['eventTime', 'declarationTime', 'time', 'startTime', 'endTime'];
const HOLDERS = ['errorDeclaration', 'sensorElementList', 'sensorMetadata', 'sensorReport'];

/** Writes 24:00:00, which RFC 3339 lacks, as the next day; the same object if nothing changes. */
function withinTheDay(value: JsonObject): JsonObject {
  const changed: Record<string, unknown> = {};
  for (const name of TIMES) {
    const time = value[name];
    if (typeof time === 'string' && DAY_END.test(time)) changed[name] = timeText(time);
  }
  for (const name of HOLDERS) {
    const held = value[name];
    const inside = Array.isArray(held) ? held.map(inDay) : inDay(held);
    if (!isDeepStrictEqual(inside, held)) changed[name] = inside;
  }
  return Object.keys(changed).length === 0 ? value : { ...value, ...changed };
}

function inDay(value: unknown): unknown {
  return isObject(value) ? withinTheDay(value) : value;
}

/** The event as it is written: with its context, and with recordTime right after eventTime. */
function outgoing(output: OutputEvent, shared: Bindings): unknown {
  const event = withinTheDay(output.event as unknown as JsonObject);
  const context = contextOf(event, ownBindings(output.context ?? {}, shared));
  const fields = Object.entries(event).filter(([key]) => key !== '@context');
  if (output.recordTimeMs !== undefined) {
    const at = fields.findIndex(([key]) => key === 'recordTime');
    const recorded: [string, string] = ['recordTime', isoTime(output.recordTimeMs)];
    if (at >= 0) fields.splice(at, 1, recorded);
    else fields.splice(fields.findIndex(([key]) => key === 'eventTime') + 1, 0, recorded);
  }
  const whole = Object.fromEntries(
    context === undefined ? fields : [['@context', context], ...fields],
  );
  return withNumbersAsWritten(whole, output.text);
}

/** One event alone, with the context that a reader needs (EPCIS 2.0, section 12: POST /events). */
export function writeJsonEvent(output: OutputEvent): string {
  const { '@context': own, ...fields } = outgoing(output, {}) as JsonObject;
  const given = own === undefined ? [] : [own].flat();
  const context = given.includes(STANDARD_CONTEXT) ? own : [STANDARD_CONTEXT, ...given];
  return stringify({ '@context': context, ...fields }) ?? '';
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

function bodyOf(eventList: readonly unknown[], options: OutputOptions): JsonObject {
  if (options.kind === 'EPCISDocument') return { eventList };
  const { queryName = 'SimpleEventQuery', subscriptionID, masterData } = options;
  const resultsBody = {
    eventList,
    ...(masterData === undefined ? {} : { vocabularyList: masterData }),
  };
  const subscription = subscriptionID === undefined ? {} : { subscriptionID };
  return { queryResults: { queryName, ...subscription, resultsBody } };
}

/** Fields that only an EPCISDocument has; a header keeps them under a name with a namespace. */
const ADDRESSES = ['sender', 'receiver', 'instanceIdentifier'] as const;

/** The header of an EPCISDocument. In JSON an EPCISQueryDocument has none; it holds the fields. */
function aroundOf(fields: JsonObject, options: OutputOptions): JsonObject {
  if (options.kind === 'EPCISQueryDocument') return fields;
  const rest = { ...fields };
  const around: Record<string, unknown> = {};
  for (const name of ADDRESSES) {
    if (typeof rest[`epcis:${name}`] !== 'string') continue;
    around[name] = rest[`epcis:${name}`];
    Reflect.deleteProperty(rest, `epcis:${name}`);
  }
  const { masterData } = options;
  const header = {
    ...(masterData === undefined ? {} : { epcisMasterData: { vocabularyList: masterData } }),
    ...rest,
  };
  return Object.keys(header).length === 0 ? around : { ...around, epcisHeader: header };
}

/**
 * An EPCISDocument or EPCISQueryDocument in JSON-LD (EPCIS 2.0 section 10). It is valid by the JSON
 * schema 2.0.1 if the events are. Numbers are written as they came. A prefix with different
 * meanings in two events is declared on each event.
 */
export function writeJsonDocument(events: readonly OutputEvent[], options: OutputOptions): string {
  const { '@context': headerContext, ...fields } = commonHeader(options.headers ?? []);
  const scopes = [
    { bindings: isObject(headerContext) ? (headerContext as Bindings) : {}, content: fields },
    ...events.map(({ context = {}, event }) => ({ bindings: context, content: event })),
  ];
  const shared = sharedBindings(scopes);
  const context =
    Object.keys(shared).length === 0 ? [STANDARD_CONTEXT] : [STANDARD_CONTEXT, shared];
  const document = {
    '@context': context,
    type: options.kind,
    schemaVersion: '2.0',
    creationDate: isoTime(options.creationDateMs),
    ...aroundOf(fields, options),
    epcisBody: bodyOf(
      events.map((event) => outgoing(event, shared)),
      options,
    ),
  };
  return stringify(document) ?? '';
}
