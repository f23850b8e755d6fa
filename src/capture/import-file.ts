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
import { captureDocument } from './capture-document.js';
import type { CaptureDeps, ErrorBehaviour } from './capture-document.js';
import type { CaptureFault } from './capture-fault.js';
import { toFault } from './capture-fault.js';
import { finishImported, readImported, saveImported } from './import-file.store.js';
import { linesOf } from './lines-of.js';
import { append } from '../shared/append.js';

/** What became of a file. */
export interface ImportedFile {
  readonly captured: number;
  readonly repeated: number;
  /** An earlier run stored all of it, so this one read nothing. */
  readonly storedBefore: boolean;
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

/** What importing needs. */
export interface ImportDeps {
  readonly capture: CaptureDeps;
  readonly graph: Graph;
  /** Default PROCEED. */
  readonly errorBehaviour?: ErrorBehaviour;
}

/**
 * Captures the events of a file and records in the store how far it came without a fault. The next run on the same content goes on
 * there. It tries refused events again; events that are known are no fault. A file that is stored to its end is not read again.
 *
 * With PROCEED, chunks of 500 events are a transaction each. With ROLLBACK, a document is stored whole or not at all, so it is not cut.
 *
 * The file's extension (`.xml`, `.json`, `.jsonld`, `.ndjson`) tells the syntax. What cannot be read is a fault.
 *
 * @param progress called after each chunk with the events done and their total
 */
export async function importFile(
  { capture, graph, errorBehaviour = 'PROCEED' }: ImportDeps,
  path: string,
  progress: (done: number, total: number) => void,
): Promise<ImportedFile> {
  const id = await hashOf(path);
  const before = await readImported(graph, id);
  if (before.finished)
    return { captured: 0, repeated: before.whole, storedBefore: true, faults: [], warnings: [] };
  const size = errorBehaviour === 'ROLLBACK' ? Infinity : Math.min(CHUNK, capture.limits.maxEvents);
  let [captured, repeated, done] = [0, 0, 0];
  const faults: CaptureFault[] = [];
  const warnings: CaptureFault[] = [];
  for await (const { chunk, total } of chunksOf(path, size, capture.limits)) {
    if (Array.isArray(chunk)) {
      append(faults, chunk);
      continue;
    }
    done += chunk.size;
    if (chunk.size === 0 || done > before.whole) {
      const outcome = await captureDocument(capture, chunk.source, {
        errorBehaviour,
        sender: HOST,
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
  if (faults.length === 0)
    await graph.write((tx) => finishImported(tx, id, { whole: done, at: capture.clock.now() }));
  return { captured, repeated, storedBefore: false, faults, warnings };
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

async function* chunksOf(path: string, size: number, limits: CaptureLimits): AsyncGenerator<Part> {
  if (!/\.(ndjson|jsonl)$/i.test(path)) {
    const type = path.toLowerCase().endsWith('.xml') ? 'application/xml' : 'application/json';
    yield* split(readSource(await readFile(path), type, limits), { line: null, seen: 0, size });
    return;
  }
  let [line, seen] = [0, 0];
  let isEmpty = true;
  for await (const bytes of linesOf(path)) {
    line++;
    if (bytes.every((byte) => byte <= SPACE)) continue;
    isEmpty = false;
    const read = readSource(bytes, 'application/json', limits);
    for (const part of split(read, { line, seen, size })) {
      seen = part.total;
      yield part;
    }
  }
  if (isEmpty) yield { chunk: [EMPTY], total: 0 };
}

const SPACE = 0x20;

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
