import { registerEnumType } from 'type-graphql';
import type { WhereaboutsState } from './whereabouts.rules.js';

export const WhereaboutsStateEnum = {
  SITE: 'SITE',
  IN_TRANSIT: 'IN_TRANSIT',
  UNKNOWN: 'UNKNOWN',
  PASSED_ON: 'PASSED_ON',
} as const satisfies Record<WhereaboutsState, WhereaboutsState>;

registerEnumType(WhereaboutsStateEnum, {
  name: 'WhereaboutsState',
  description: 'What is known about the place of packages.',
  valuesConfig: {
    SITE: { description: 'At a site.' },
    IN_TRANSIT: { description: 'Shipped and not yet received.' },
    UNKNOWN: {
      description:
        'The newest event does not say where; `lastSeen` of a package tells where it was.',
    },
    PASSED_ON: {
      description:
        'For partners: you had it or owned it, and you do not any more. `passedOn` tells what you know of that.',
    },
  },
});
