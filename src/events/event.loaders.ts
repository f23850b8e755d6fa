import DataLoader from 'dataloader';
import type { Graph } from '../graph/graph.js';
import { readDeclarations, readDocumentHeaders, readEvents } from './event.read-model.js';
import type { StoredDeclaration, StoredEvent } from './stored-event.js';

/** Events by id; null when there is none. */
export function makeEventLoader(
  graph: Graph,
  signal?: AbortSignal,
): DataLoader<string, StoredEvent | null> {
  return new DataLoader((ids) => readEvents(graph, ids, signal), { maxBatchSize: 1000 });
}

/** Error declarations by event id. */
export function makeDeclarationLoader(
  graph: Graph,
  signal?: AbortSignal,
): DataLoader<string, StoredDeclaration[]> {
  return new DataLoader((ids) => readDeclarations(graph, ids, signal), { maxBatchSize: 1000 });
}

/** What documents said around their events, by the header's id. */
export function makeDocumentHeaderLoader(
  graph: Graph,
  signal?: AbortSignal,
): DataLoader<string, Readonly<Record<string, unknown>> | null> {
  return new DataLoader((ids) => readDocumentHeaders(graph, ids, signal), { maxBatchSize: 1000 });
}
