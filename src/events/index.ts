export { cutEvent } from './cut-event.rules.js';
export type { SeenOfEvent } from './cut-event.rules.js';
export type { StoredEvent } from './stored-event.js';
export { readEvents } from './event.read-model.js';
