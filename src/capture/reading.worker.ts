import { parentPort } from 'node:worker_threads';
import { findExcess } from '../epcis/json-scan.js';
import { jsonSource } from '../epcis/source-document.js';
import { isObject } from '../epcis/checks.js';
import { MAX_JSON_DEPTH } from '../epcis/json-depth.js';
import type { ReadDocument } from './read-document.js';
import { readDocument, readFrom } from './read-document.js';
import type { ReadingEnd, ReadingJob, ReadingPart, SentEvent } from './reading-protocol.js';

/** Characters of the events in one part. The receiver needs some milliseconds for them. */
const PART_LENGTH = 128 * 1024;
const PART_ENTRIES = 200;
/** Most characters of a GraphQL request apart from its document. */
const MAX_BESIDE = 1024 * 1024;
const TOO_MUCH_BESIDE =
  'A GraphQL request may have 1 MiB besides one document. Send the document in a variable of its own.';

function* partsOf(
  { events, masterData, ...rest }: ReadDocument,
  operation?: ReadingEnd['operation'],
): Generator<ReadingPart> {
  let part: SentEvent[] = [];
  let length = 0;
  for (const { event, text = JSON.stringify(event), ...about } of events) {
    part.push({ ...about, text });
    length += text.length;
    if (length < PART_LENGTH) continue;
    yield { kind: 'events', events: part };
    [part, length] = [[], 0];
  }
  yield { kind: 'events', events: part };
  for (let at = 0; at < masterData.length; at += PART_ENTRIES)
    yield { kind: 'masterData', masterData: masterData.slice(at, at + PART_ENTRIES) };
  yield { kind: 'end', end: { rest, ...(operation === undefined ? {} : { operation }) } };
}

function* refusal(refused: NonNullable<ReadingEnd['refused']>): Generator<ReadingPart> {
  yield { kind: 'end', end: { refused } };
}

function bad(message: string): Generator<ReadingPart> {
  return refusal({ code: 'BAD_USER_INPUT', message });
}

function graphqlParts({ bytes, limits }: ReadingJob): Generator<ReadingPart> {
  const text = new TextDecoder().decode(bytes);
  if (findExcess(text, { depth: MAX_JSON_DEPTH, values: Infinity }) !== undefined)
    return bad(`The body nests deeper than ${MAX_JSON_DEPTH} levels. Flatten it.`);
  const request = parsed(text);
  if (!isObject(request)) return bad('The body is not a JSON object.');
  const variables = isObject(request['variables']) ? request['variables'] : {};
  const [largest] = Object.entries(variables)
    .map(([variable, value]) => ({ variable, value, size: JSON.stringify(value).length }))
    .sort((a, b) => b.size - a.size);
  if (largest === undefined || text.length - largest.size > MAX_BESIDE)
    return refusal({ code: 'PAYLOAD_TOO_LARGE', message: TOO_MUCH_BESIDE });
  const { variable, value } = largest;
  const others = Object.fromEntries(
    Object.entries(variables).filter(([name]) => name !== variable),
  );
  const operation = { request: { ...request, variables: others }, variable };
  return partsOf(readFrom(jsonSource(value), limits, false), operation);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

let parts: Generator<ReadingPart> = bad('Nothing was asked.');

parentPort?.on('message', (asked: ReadingJob | 'next') => {
  if (asked !== 'next')
    parts =
      asked.kind === 'graphql' ? graphqlParts(asked) : partsOf(readDocument(asked, asked.limits));
  parentPort?.postMessage(parts.next().value);
});
