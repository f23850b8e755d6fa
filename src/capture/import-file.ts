import { HOST } from '../access/principal.js';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { CaptureLimits } from '../epcis/parse-document.js';
import type { Issue } from '../epcis/faults.js';
import { NO_WARNINGS } from '../epcis/faults.js';
import type { SourceDocument, SourceRead } from '../epcis/source-document.js';
import { readSource } from '../epcis/source-document.js';
import type { Graph } from '../graph/graph.js';
import type { CaptureDeps } from './capture-document.js';
import { captureDocument } from './capture-document.js';
import type { CaptureFault } from './capture-fault.js';
import { toFault } from './capture-fault.js';
import { readImported, saveImported } from './import-file.store.js';
import { append } from '../shared/append.js';

/** What became of a file. */
export interface ImportedFile {
  readonly captured: number;
  readonly repeated: number;
  readonly faults: readonly CaptureFault[];
  /** What is unusual but accepted. */
  readonly warnings: readonly CaptureFault[];
}

/** Events of one capture. It is small, so that little is repeated after an interruption. */
const CHUNK = 500;

const EMPTY: CaptureFault = {
  code: 'NO_DOCUMENT',
  pointer: '',
  found: 'no line with a document',
  expected: 'one EPCIS document in each line',
  remedy: 'Add a document, or leave the file out.',
};

/**
 * Captures the events of a file in chunks of 500, each in its own transaction, and records in the store how far it came without a
 * fault. The next run on the same content goes on there. It tries refused events again; events that are known are no fault.
 *
 * The file's extension (`.xml`, `.json`, `.jsonld`, `.ndjson`) tells the syntax. What cannot be read is a fault.
 *
 * @param progress called after each chunk with the events done and their total
 */
export async function importFile(
  { capture, graph }: { readonly capture: CaptureDeps; readonly graph: Graph },
  path: string,
  progress: (done: number, total: number) => void,
): Promise<ImportedFile> {
  const id = await hashOf(path);
  const before = await readImported(graph, id);
  let [captured, repeated, done, parts] = [0, 0, 0, 0];
  const faults: CaptureFault[] = [];
  const warnings: CaptureFault[] = [];
  for await (const { chunk, total } of chunksOf(path, capture.limits)) {
    parts++;
    if (Array.isArray(chunk)) {
      append(faults, chunk);
      continue;
    }
    done += chunk.size;
    if (chunk.size === 0 || done > before) {
      const outcome = await captureDocument(capture, chunk.source, {
        errorBehaviour: 'PROCEED',
        sentBy: HOST.subject,
      });
      captured += outcome.captured;
      repeated += outcome.repeated;
      append(
        faults,
        outcome.faults.map((fault) => atOffset(fault, chunk)),
      );
      append(
        warnings,
        outcome.warnings.map((warning) => atOffset(warning, chunk)),
      );
      if (faults.length === 0) await graph.write((tx) => saveImported(tx, id, done));
    } else repeated += chunk.size;
    progress(done, total);
  }
  return { captured, repeated, faults: parts === 0 ? [EMPTY] : faults, warnings };
}

interface Chunk {
  readonly source: SourceDocument;
  readonly size: number;
  /** Index of its first event in the file's document. */
  readonly offset: number;
  /** Line of the document in the file, for `.ndjson`. */
  readonly line: number | null;
}

/** Makes the pointer of a fault relative to the file. */
function atOffset(fault: CaptureFault, { offset, line }: Chunk): CaptureFault {
  return atLine({ ...fault, pointer: moved(fault.pointer, offset) }, line);
}

function atLine(fault: CaptureFault, line: number | null): CaptureFault {
  return line === null ? fault : { ...fault, pointer: `:${line}${fault.pointer}` };
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(path)) hash.update(part as Buffer);
  return hash.digest('hex');
}

/** A part of a file, or why it cannot be read. */
interface Part {
  readonly chunk: Chunk | CaptureFault[];
  readonly total: number;
}

async function* chunksOf(path: string, limits: CaptureLimits): AsyncGenerator<Part> {
  const size = Math.min(CHUNK, limits.maxEvents);
  if (!/\.(ndjson|jsonl)$/i.test(path)) {
    const type = path.toLowerCase().endsWith('.xml') ? 'application/xml' : 'application/json';
    yield* split(readSource(await readFile(path), type, limits), { line: null, seen: 0, size });
    return;
  }
  let [line, seen] = [0, 0];
  for await (const bytes of linesOf(path)) {
    line++;
    if (bytes.every((byte) => byte <= SPACE)) continue;
    const read = readSource(bytes, 'application/json', limits);
    for (const part of split(read, { line, seen, size })) {
      seen = part.total;
      yield part;
    }
  }
}

const [LINE_FEED, SPACE] = [0x0a, 0x20];

/** Reads lines as bytes. A text reader would also end a line at U+2028, which JSON strings may hold, and would hide invalid UTF-8. */
async function* linesOf(path: string): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  for await (const read of createReadStream(path)) {
    let part = read as Buffer;
    for (let end = part.indexOf(LINE_FEED); end >= 0; end = part.indexOf(LINE_FEED)) {
      yield Buffer.concat([...rest, part.subarray(0, end)]);
      rest = [];
      part = part.subarray(end + 1);
    }
    rest.push(part);
  }
  yield Buffer.concat(rest);
}

interface Body {
  readonly list: readonly unknown[];
  readonly withEvents: (events: readonly unknown[]) => unknown;
}

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

/** The event list of a document, wherever it is; undefined when there is none to split. */
function eventsOf(document: unknown): Body | undefined {
  if (!isObject(document) || !isObject(document['epcisBody'])) return undefined;
  const body = document['epcisBody'];
  if (Array.isArray(body['eventList']))
    return {
      list: body['eventList'],
      withEvents: (eventList) => ({ ...document, epcisBody: { ...body, eventList } }),
    };
  const results = body['queryResults'];
  const inner = isObject(results) ? results['resultsBody'] : undefined;
  if (!isObject(results) || !isObject(inner) || !Array.isArray(inner['eventList']))
    return undefined;
  return {
    list: inner['eventList'],
    withEvents: (eventList) => ({
      ...document,
      epcisBody: { ...body, queryResults: { ...results, resultsBody: { ...inner, eventList } } },
    }),
  };
}

interface Split {
  readonly line: number | null;
  /** Number of events of the file before this part. */
  readonly seen: number;
  /** Largest number of events in a chunk. */
  readonly size: number;
}

function* split(read: SourceRead, { line, seen, size: most }: Split): Generator<Part> {
  if (!read.ok) {
    yield { chunk: read.issues.map((issue) => atLine(toFault(issue), line)), total: seen };
    return;
  }
  const { source } = read;
  const body = eventsOf(source.document);
  const size = body?.list.length ?? 0;
  if (body === undefined || size <= most) {
    yield { chunk: { source, size, offset: 0, line }, total: seen + size };
    return;
  }
  for (let offset = 0; offset < size; offset += most) {
    const events = body.list.slice(offset, offset + most);
    const part = partOf(source, body.withEvents(events), offset, events.length);
    const done = line === null ? size : seen + offset + events.length;
    yield { chunk: { source: part, size: events.length, offset, line }, total: done };
  }
}

const INDEX = /(\/eventList\/)(\d+)/;

/** Moves the event index in a pointer. */
function moved(pointer: string, by: number): string {
  return pointer.replace(INDEX, (_, list: string, index: string) => `${list}${Number(index) + by}`);
}

/** A document with some events of another one. It still knows how they were written. */
function partOf(
  source: SourceDocument,
  document: unknown,
  offset: number,
  size: number,
): SourceDocument {
  const here = (issues: readonly Issue[] = []): readonly Issue[] =>
    issues.flatMap((issue) => {
      const index = Number(INDEX.exec(issue.pointer)?.[2] ?? offset);
      const isHere = index >= offset && index < offset + size;
      return isHere ? [{ ...issue, pointer: moved(issue.pointer, -offset) }] : [];
    });
  const { issues, warnings: { kept, found } = NO_WARNINGS, eventPlaces } = source;
  // Warnings that were only counted go with the first part.
  const counted = offset === 0 ? found - kept.length : 0;
  const warned = here(kept);
  return {
    ...source,
    document,
    issues: here(issues),
    warnings: { kept: warned, found: warned.length + counted },
    ...(eventPlaces === undefined ? {} : { eventPlaces: eventPlaces.slice(offset, offset + size) }),
    textOf: (pointer) => source.textOf(moved(pointer, offset)),
    placeOf: (pointer) => source.placeOf(moved(pointer, offset)),
  };
}
