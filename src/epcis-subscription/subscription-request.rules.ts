import type { EpcFormat } from '../epcis/translate-identifiers.js';
import { epochMillis } from '../epcis/formats.js';
import { Problem } from '../shared/problem.js';
import { isScheduleField, parseSchedule } from './schedule.rules.js';
import type { Schedule } from './schedule.rules.js';
import type { SubscriptionControls, WebhookControls } from './subscription.js';

const MAX_TOKEN = 1024;
const MAX_DEST = 2000;
const MAX_NAME = 200;
/** Predefined queries of the 1.2 interface: they take parameters and are not stored. */
const PREDEFINED = ['SimpleEventQuery', 'SimpleMasterDataQuery'];
const EPC_FORMATS: readonly EpcFormat[] = [
  'No_Preference',
  'Always_GS1_Digital_Link',
  'Always_EPC_URN',
  'Never_Translates',
];

/** A query somebody wants stored, its parameters not yet checked. */
export interface QueryRequest {
  readonly name: string;
  readonly query: Readonly<Record<string, unknown>>;
  /** `@context` beside the two. */
  readonly context: unknown;
}

/**
 * Reads the body of POST /queries: `{name, query}`.
 *
 * @throws Problem QUERY_PARAMETER when it has another shape, or the name is one of the predefined queries
 */
export function parseQueryRequest(body: unknown): QueryRequest {
  const { name, query, '@context': context } = isObject(body) ? body : {};
  if (typeof name !== 'string' || !isName(name))
    throw new Problem(
      'QUERY_PARAMETER',
      `"name" has to be a text of 1 to ${MAX_NAME} characters, without control characters and halves of surrogate pairs.`,
      { details: { parameter: 'name' } },
    );
  if (PREDEFINED.includes(name))
    throw new Problem(
      'QUERY_PARAMETER',
      `"${name}" is a predefined query of the standard; give yours another name.`,
      { details: { parameter: 'name' } },
    );
  if (!isObject(query))
    throw new Problem(
      'QUERY_PARAMETER',
      '"query" has to be an object of query parameters, e.g. {"eventType": ["ObjectEvent"]}.',
      { details: { parameter: 'query' } },
    );
  return { name, query, context };
}

/**
 * Reads the body of POST /queries/{name}/subscriptions: a destination, and a schedule or `stream: true`.
 *
 * `secret` is taken for `signatureToken`: GS1's OpenAPI names it so in one place. What is not known is passed over.
 *
 * @param epcFormat header GS1-EPC-Format
 * @throws Problem SUBSCRIPTION_CONTROLS naming what is wrong, never the token
 */
export function parseWebhookRequest(body: unknown, epcFormat?: string): WebhookControls {
  if (!isObject(body)) throw refusal('body', 'has to be a JSON object.');
  const { dest, stream, schedule, reportIfEmpty, initialRecordTime } = body;
  if (typeof dest !== 'string' || dest.length > MAX_DEST || !URL.canParse(dest))
    throw refusal(
      'dest',
      `has to be the URL to send to, e.g. https://client.example.com/callback, of at most ${MAX_DEST} characters.`,
    );
  if (body['trigger'] !== undefined)
    throw refusal('trigger', 'is not served: write a "schedule", or "stream": true.');
  return {
    dest,
    token: tokenOf(body),
    schedule: scheduleOf(stream, schedule),
    reportIfEmpty: flagOf('reportIfEmpty', reportIfEmpty),
    initialRecordTime: timeOf(initialRecordTime),
    epcFormat: epcFormatOf(epcFormat ?? body['epcFormat']),
  };
}

/**
 * Reads the controls of a WebSocket subscription from the address: `stream=true`, or parts of a schedule.
 *
 * @throws Problem SUBSCRIPTION_CONTROLS, also for a parameter that is none of these
 */
export function parseSocketRequest(
  search: URLSearchParams,
  epcFormat?: string,
): SubscriptionControls {
  const parts: Record<string, string> = {};
  const others: Record<string, string> = {};
  for (const [name, value] of search) {
    if (name in parts || name in others) throw refusal(name, 'is given twice.');
    (isScheduleField(name) ? parts : others)[name] = value;
  }
  const known = ['stream', 'reportIfEmpty', 'initialRecordTime'];
  const stray = Object.keys(others).find((name) => !known.includes(name));
  if (stray !== undefined)
    throw refusal(stray, 'is no parameter of a subscription: the query itself is stored.');
  const schedule = Object.keys(parts).length > 0 ? parts : undefined;
  return {
    schedule: scheduleOf(wordOf(others['stream']), schedule),
    reportIfEmpty: flagOf('reportIfEmpty', wordOf(others['reportIfEmpty'])),
    initialRecordTime: timeOf(others['initialRecordTime']),
    epcFormat: epcFormatOf(epcFormat),
  };
}

function scheduleOf(stream: unknown, schedule: unknown): Schedule | null {
  const streams = flagOf('stream', stream);
  const given = schedule !== undefined && schedule !== null;
  if (streams && given)
    throw refusal('stream', 'excludes "schedule": write one of them, not both.');
  if (streams) return null;
  if (!given)
    throw refusal(
      'schedule',
      'is missing: write a schedule, e.g. {"hour": "1", "minute": "5"}, or "stream": true.',
    );
  return parseSchedule(schedule);
}

function tokenOf({ signatureToken, secret }: Readonly<Record<string, unknown>>): string | null {
  const token = signatureToken ?? secret ?? null;
  if (token === null) return null;
  if (typeof token !== 'string' || token === '' || token.length > MAX_TOKEN)
    throw refusal('signatureToken', `has to be a text of 1 to ${MAX_TOKEN} characters.`);
  if (typeof secret === 'string' && secret !== token)
    throw refusal('secret', 'differs from "signatureToken": they are one thing, write it once.');
  return token;
}

function flagOf(name: string, value: unknown): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value !== 'boolean') throw refusal(name, 'has to be true or false.');
  return value;
}

const wordOf = (text: string | undefined): unknown =>
  text === 'true' || text === 'false' ? text === 'true' : text;

function timeOf(value: unknown): number | null {
  if (value === undefined || value === null) return null;
  const ms = typeof value === 'string' ? epochMillis(value) : null;
  if (ms === null)
    throw refusal(
      'initialRecordTime',
      'has to be an instant with its offset, e.g. 2026-04-04T20:33:31.116Z.',
    );
  return ms;
}

function epcFormatOf(value: unknown): EpcFormat {
  if (value === undefined || value === null) return 'Always_GS1_Digital_Link';
  const found = EPC_FORMATS.find((format) => format === value);
  if (found === undefined)
    throw refusal('GS1-EPC-Format', `has to be one of ${EPC_FORMATS.join(', ')}.`);
  return found;
}

function isName(name: string): boolean {
  return (
    name.length >= 1 &&
    name.length <= MAX_NAME &&
    name.trim() === name &&
    // Halves of surrogate pairs, which JSON can hold, stand in no address.
    !/[\p{Cc}\p{Cs}]/u.test(name) &&
    name !== '.' &&
    name !== '..'
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refusal(parameter: string, fault: string): Problem {
  return new Problem('SUBSCRIPTION_CONTROLS', `"${parameter}" ${fault}`, {
    details: { parameter },
  });
}
