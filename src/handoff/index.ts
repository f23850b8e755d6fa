export { saveHandoffs } from './handoff.store.js';
export type { HandoffState, Shipping } from './handoff.store.js';
