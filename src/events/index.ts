export type { StoredEvent } from './stored-event.js';
