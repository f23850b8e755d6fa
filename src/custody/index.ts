export { saveHandoffs } from './handoff.store.js';
export type { HandoffState, ReceiptsAt, Shipping } from './handoff.store.js';
