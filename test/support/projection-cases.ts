/** Minimal cases with answers written out by hand: the reference and the product's projection are both held to them. */
import type { ProjectionCase } from './projection-case.js';
import { MEMBERSHIP_AND_PLACE } from './projection-moves.js';
import { OUTCOMES } from './projection-outcomes.js';
import { TRAPS } from './projection-traps.js';

export const PROJECTION_CASES: readonly ProjectionCase[] = [
  ...TRAPS,
  ...MEMBERSHIP_AND_PLACE,
  ...OUTCOMES,
];
