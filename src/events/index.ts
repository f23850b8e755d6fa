export { listEvents, readDeclarations, readEvents } from './event.read-model.js';
export type { EventOrder, EventSelection, StoredDeclaration, StoredEvent } from './stored-event.js';
