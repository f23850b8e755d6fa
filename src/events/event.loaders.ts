import DataLoader from 'dataloader';
import { perOperation } from '../graphql/per-operation.js';
import { readDeclarations, readDocumentHeaders, readEvents } from './event.read-model.js';
import type { StoredDeclaration, StoredEvent } from './stored-event.js';

const BATCH = { maxBatchSize: 1000 };

/** Loaders of event data. Each batches its reads over all events of one operation. */
export const eventLoaders = perOperation((view) => ({
  /** Events by id; null when there is none. */
  event: new DataLoader<string, StoredEvent | null>((ids) => readEvents(view, ids), BATCH),
  /** Error declarations by event id. */
  declarations: new DataLoader<string, StoredDeclaration[]>(
    (ids) => readDeclarations(view, ids),
    BATCH,
  ),
  /** What a document said around its events, by the header's id. */
  documentHeader: new DataLoader<string, Readonly<Record<string, unknown>> | null>(
    (ids) => readDocumentHeaders(view, ids),
    BATCH,
  ),
}));

/** Without a memory, for what outlives an operation. */
export { readEvents } from './event.read-model.js';
