/** A network of any size as EPCIS events: the same events for the same options, in the order in which they arrive. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { disturbed } from './generator/disturb.js';
import { documentOf } from './generator/document.js';
import type { GeneratedDocument } from './generator/document.js';
import type { GeneratedEvent } from './generator/events.js';
import { lotsOf } from './generator/lots.js';
import type { LotPlan } from './generator/lots.js';
import { merged } from './generator/merge.js';
import { networkOf } from './generator/network.js';
import { DEFAULTS, withDefaults } from './generator/options.js';
import type { GivenOptions } from './generator/options.js';
import { runLanes } from './generator/run-story.js';

/** How events are put into documents. */
export interface Grouping {
  readonly eventsPerDocument: number;
}

/** Keeps a document well below the 16 MiB that capture takes by default. */
const EPCS_PER_DOCUMENT = 50_000;

/**
 * The events, one by one, in order of arrival. Memory does not grow with `units`: what is held are the stories that overlap.
 *
 * @throws RangeError for options that make no sense
 */
export function* generate(given: GivenOptions): Generator<GeneratedEvent> {
  const options = withDefaults(given);
  yield* disturbed(merged(runLanes(options)), networkOf(options), options);
}

/** The events in documents; the first one also names products, sites and parties. */
export function* documents(
  given: GivenOptions,
  { eventsPerDocument }: Grouping,
): Generator<GeneratedDocument> {
  const network = networkOf(withDefaults(given));
  let events: GeneratedEvent[] = [];
  let epcs = 0;
  let isFirst = true;
  const close = (): GeneratedDocument => {
    const document = documentOf(events, isFirst ? network : undefined);
    events = [];
    epcs = 0;
    isFirst = false;
    return document;
  };
  for (const event of generate(given)) {
    const more = countEpcs(event);
    if (events.length > 0 && epcs + more > EPCS_PER_DOCUMENT) yield close();
    events.push(event);
    epcs += more;
    if (events.length >= eventsPerDocument) yield close();
  }
  if (events.length > 0) yield close();
}

/** The lots that {@link generate} makes, big one first: GTIN, lot number and serials (`G` and nine digits), to ask about. */
export function* generatedLots(given: GivenOptions): Generator<LotPlan> {
  yield* lotsOf(withDefaults(given));
}

function countEpcs(event: GeneratedEvent): number {
  switch (event.type) {
    case 'ObjectEvent':
      return event.epcList?.length ?? 0;
    case 'AggregationEvent':
      return event.childEPCs?.length ?? 0;
    case 'TransformationEvent':
      return event.outputEPCList?.length ?? 0;
  }
}

const USAGE = `npx tsx seeds/generate.ts --units 10000 --out - > documents.ndjson
One EPCIS document a line. Options and what holds without them:
  --out <file or ->           -
  --events-per-document <n>   500
${Object.entries(DEFAULTS)
  .map(([name, value]) => `  --${dashed(name)} <n>`.padEnd(30) + String(value))
  .join('\n')}
`;

function dashed(name: string): string {
  return name.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`);
}

/** Writes documents as lines of JSON, no faster than they are taken. */
async function main(args: readonly string[]): Promise<void> {
  const names = ['units', ...Object.keys(DEFAULTS)];
  const { values } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      ['help', 'out', 'events-per-document', ...names.map(dashed)].map((name) => [
        name,
        { type: name === 'help' ? ('boolean' as const) : ('string' as const) },
      ]),
    ),
  });
  if (values['help'] === true || values['units'] === undefined) {
    process.stdout.write(USAGE);
    return;
  }
  const given = names.flatMap((name): [string, number][] => {
    const value = values[dashed(name)];
    return value === undefined ? [] : [[name, Number(value)]];
  });
  const options = { units: 0, ...Object.fromEntries(given) };
  const eventsPerDocument = Number(values['events-per-document'] ?? 500);
  const file = typeof values['out'] === 'string' ? values['out'] : '-';
  const out = file === '-' ? process.stdout : createWriteStream(file);
  for (const document of documents(options, { eventsPerDocument }))
    if (!out.write(`${JSON.stringify(document)}\n`)) await once(out, 'drain');
  if (file !== '-') {
    out.end();
    await once(out, 'finish');
  }
}

const isCommand =
  process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href;
if (isCommand) await main(process.argv.slice(2));
