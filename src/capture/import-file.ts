import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import type { Graph } from '../graph/graph.js';
import type { CaptureDeps, CaptureFault } from './capture-document.js';
import { captureDocument } from './capture-document.js';
import { readImported, saveImported } from './import-file.store.js';

/** What became of a file. */
export interface ImportedFile {
  readonly captured: number;
  readonly repeated: number;
  readonly faults: readonly CaptureFault[];
}

/** Events of one capture; small enough that little is done again after an interruption. */
const CHUNK = 500;

/**
 * Captures the events of a file in chunks of 500, each its own transaction, and notes in the store how far it came.
 * Run again on the same content it goes on behind the last chunk; events known already are no fault.
 *
 * @param progress told after each chunk: events done, and of how many
 * @throws SyntaxError when the file is not JSON
 */
export async function importFile(
  { capture, graph }: { readonly capture: CaptureDeps; readonly graph: Graph },
  path: string,
  progress: (done: number, total: number) => void,
): Promise<ImportedFile> {
  const id = await hashOf(path);
  const before = await readImported(graph, id);
  let [captured, repeated, done] = [0, 0, 0];
  const faults: CaptureFault[] = [];
  for await (const { chunk, total } of chunksOf(path)) {
    done += chunk.size;
    if (chunk.size === 0 || done > before) {
      const outcome = await captureDocument(capture, chunk.document, 'PROCEED');
      captured += outcome.captured;
      repeated += outcome.repeated;
      faults.push(...outcome.faults.map((fault) => atOffset(fault, chunk)));
      await graph.write((tx) => saveImported(tx, id, done));
    }
    progress(done, total);
  }
  return { captured, repeated, faults };
}

interface Chunk {
  readonly document: unknown;
  readonly size: number;
  /** Where its events stand in the file's document. */
  readonly offset: number;
  /** Which document of the file, for `.ndjson`. */
  readonly line: number | null;
}

/** Pointers are told as in the file. */
function atOffset(fault: CaptureFault, { offset, line }: Chunk): CaptureFault {
  const pointer = fault.pointer.replace(
    /(\/eventList\/)(\d+)/,
    (_, list: string, index: string) => `${list}${Number(index) + offset}`,
  );
  return { ...fault, pointer: line === null ? pointer : `:${line}${pointer}` };
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(path)) hash.update(part as Buffer);
  return hash.digest('hex');
}

async function* chunksOf(path: string): AsyncGenerator<{ chunk: Chunk; total: number }> {
  if (!path.endsWith('.ndjson')) {
    const document: unknown = JSON.parse(await readFile(path, 'utf8'));
    const total = eventsOf(document)?.list.length ?? 0;
    for (const chunk of split(document, null)) yield { chunk, total };
    return;
  }
  let [line, seen] = [0, 0];
  for await (const text of createInterface({ input: createReadStream(path) })) {
    line++;
    if (text.trim() === '') continue;
    for (const chunk of split(JSON.parse(text), line)) {
      seen += chunk.size;
      yield { chunk, total: seen };
    }
  }
}

interface Body {
  readonly list: readonly unknown[];
  readonly withEvents: (events: readonly unknown[]) => unknown;
}

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

/** The event list of a document, wherever it stands; undefined when there is none to split. */
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

function* split(document: unknown, line: number | null): Generator<Chunk> {
  const body = eventsOf(document);
  if (body === undefined || body.list.length <= CHUNK) {
    yield { document, size: body?.list.length ?? 0, offset: 0, line };
    return;
  }
  for (let offset = 0; offset < body.list.length; offset += CHUNK) {
    const events = body.list.slice(offset, offset + CHUNK);
    yield { document: body.withEvents(events), size: events.length, offset, line };
  }
}
