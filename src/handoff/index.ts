export { expectedArrivalOf } from './expected-arrival.rules.js';
export { saveHandoffs } from './handoff.store.js';
export type { Handoff, HandoffStatus } from './handoff.js';
export type { HandoffState, Shipping } from './handoff.store.js';
export { readHandoffs } from './handoff-list.read-model.js';
export { readHandoffPackages } from './handoff.read-model.js';
