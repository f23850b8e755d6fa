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

/** A query to store. Its parameters are not yet checked. */
export interface QueryRequest {
  readonly name: string;
  readonly query: Readonly<Record<string, unknown>>;
  /** The `@context` of the body. */
  readonly context: unknown;
}

/**
 * Reads the body of POST /queries: `{name, query}`.
 *
 * @throws Problem QUERY_PARAMETER when it has another shape, or when the name is that of a predefined query
 */
export function parseQueryRequest(body: unknown): QueryRequest {
  const { name, query, '@context': context } = isObject(body) ? body : {};
  if (typeof name !== 'string' || !isName(name))
    throw new Problem(
      'QUERY_PARAMETER',
      `"name" must be a text of 1 to ${MAX_NAME} characters, without control characters or unpaired surrogates.`,
      { details: { parameter: 'name' } },
    );
  if (PREDEFINED.includes(name))
    throw new Problem(
      'QUERY_PARAMETER',
      `"${name}" is a predefined query of the standard; choose another name.`,
      { details: { parameter: 'name' } },
    );
  if (!isObject(query))
    throw new Problem(
      'QUERY_PARAMETER',
      '"query" must be an object of query parameters, e.g. {"eventType": ["ObjectEvent"]}.',
      { details: { parameter: 'query' } },
    );
  return { name, query, context };
}

/**
 * Reads the body of POST /queries/{name}/subscriptions: a destination, and a schedule or `stream: true`.
 *
 * `secret` is read as `signatureToken`, because GS1's OpenAPI uses that name in one place. Unknown fields are ignored.
 *
 * @param epcFormat header GS1-EPC-Format
 * @throws Problem SUBSCRIPTION_CONTROLS naming what is wrong, never the token
 */
export function parseWebhookRequest(body: unknown, epcFormat?: string): WebhookControls {
  if (!isObject(body)) throw refusal('body', 'must be a JSON object.');
  const { dest, stream, schedule, reportIfEmpty, initialRecordTime } = body;
  if (typeof dest !== 'string' || dest.length > MAX_DEST || !URL.canParse(dest))
    throw refusal(
      'dest',
      `must be the URL to send to, e.g. https://client.example.com/callback, of at most ${MAX_DEST} characters.`,
    );
  if (body['trigger'] !== undefined)
    throw refusal('trigger', 'is not supported: write a "schedule", or "stream": true.');
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
 * Reads the controls of a WebSocket subscription from the address: `stream=true`, or fields of a schedule.
 *
 * @throws Problem SUBSCRIPTION_CONTROLS, also for any other parameter
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
    throw refusal(stray, 'is not a parameter of a subscription: the query itself is stored.');
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
    throw refusal('signatureToken', `must be a text of 1 to ${MAX_TOKEN} characters.`);
  if (typeof secret === 'string' && secret !== token)
    throw refusal(
      'secret',
      'differs from "signatureToken": both are the same thing, write it once.',
    );
  return token;
}

function flagOf(name: string, value: unknown): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value !== 'boolean') throw refusal(name, 'must be true or false.');
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
      'must be an instant with its offset, e.g. 2026-04-04T20:33:31.116Z.',
    );
  return ms;
}

function epcFormatOf(value: unknown): EpcFormat {
  if (value === undefined || value === null) return 'Always_GS1_Digital_Link';
  const found = EPC_FORMATS.find((format) => format === value);
  if (found === undefined)
    throw refusal('GS1-EPC-Format', `must be one of ${EPC_FORMATS.join(', ')}.`);
  return found;
}

function isName(name: string): boolean {
  return (
    name.length >= 1 &&
    name.length <= MAX_NAME &&
    name.trim() === name &&
    // JSON may contain unpaired surrogates, but an address cannot.
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
