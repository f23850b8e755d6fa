import { Field, ID, ObjectType } from 'type-graphql';
import { DateTime } from '../graphql/scalars.js';
import type { Sighting } from './custody.rules.js';
import type { History } from '../holdings/history.rules.js';
import type { WhereaboutsState } from '../holdings/whereabouts.rules.js';
import { WhereaboutsStateEnum } from '../holdings/whereabouts-state.types.js';
import type { Located } from './location.loaders.js';

@ObjectType('Whereabouts', {
  simpleResolvers: true,
  description:
    'Where a package is at an instant, after everything that happened at that instant: at a site, in transit, or unknown.',
})
export class WhereaboutsType implements Located {
  key!: string;
  at!: number;
  site!: string | null;
  origin!: string | null;
  destination!: string | null;
  by!: string | null;
  containers!: readonly string[];
  from!: number | null;
  holding!: string | null;
  history!: History;

  @Field(() => Boolean, {
    description: 'False when no event up to that instant names it. All else is empty then.',
  })
  known!: boolean;

  @Field(() => WhereaboutsStateEnum, { description: 'At a site, in transit, or unknown.' })
  state!: WhereaboutsState;

  @Field(() => String, {
    nullable: true,
    description:
      'Disposition in force (CBV bare word), stated for it or for what it is in; `active` when none was ever stated. After its end, how it ended: dispensed, destroyed, decommissioned.',
  })
  status!: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When that disposition was stated; null when none was, or after its end.',
  })
  statusSince!: number | null;
}

@ObjectType('LastSeen', {
  simpleResolvers: true,
  description:
    'The newest event that states where a package was. The event names the package, or a container it was in.',
})
export class LastSeenType implements Sighting {
  t!: number;
  hash!: string;
  readPoint!: string | null;
  bizLocation!: string | null;

  @Field(() => ID, { description: 'The event.' })
  eventId!: string;

  @Field(() => String, { nullable: true, description: 'What was being done.' })
  bizStep!: string | null;
}

@ObjectType('PassedOn', {
  simpleResolvers: true,
  description:
    'How a partner passed a package on: what the last events tell that it saw. Nothing of later.',
})
export class PassedOnType {
  site!: string | null;
  party!: string | null;

  @Field(() => DateTime, { description: 'When it was out of your hands and your title.' })
  at!: number;

  @Field(() => Boolean, { description: 'Whether you saw that it was received.' })
  received!: boolean;
}
