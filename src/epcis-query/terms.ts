/** The writer's door: what new events are found by. Through index.ts it would read the whole side that asks. */
export type { TermRow } from './event-terms.store.js';
export { storeTerms } from './event-terms.store.js';
export { termsOfDeclaration, termsOfEvent } from './event-terms.rules.js';
