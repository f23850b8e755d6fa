import { Field, ID, Int, Float, ObjectType } from 'type-graphql';
import { connectionOf } from '../graphql/connection.types.js';
import type { WhereaboutsState } from '../holdings/whereabouts.rules.js';
import { WhereaboutsStateEnum } from '../holdings/whereabouts-state.types.js';
import { NULL_IN_HEARTBEAT, SubscriptionMessage } from '../graphql/subscription-message.types.js';
import { DateTime, Long } from '../graphql/scalars.js';
import type { Consignee } from './custody-path.rules.js';
import type { Explanation, ExplanationLink } from './explain-affected-package.js';
import type { AffectedPackage } from './list-affected-packages.js';
import { GapCodeEnum, GroupChangeEnum, LinkKindEnum, LotRoleEnum } from './recall-state.types.js';
import type { ClassLevelQuantity, Gap, LotRole, ScopeRow, ScopeTotals } from './recall-scope.js';
import type { SimilarLot } from '../search/index.js';
import type { GroupChange } from './scope-match.rules.js';
import type { PassedOnRow } from './sent-on.rules.js';

@ObjectType('RecallGap', {
  simpleResolvers: true,
  description: 'One reason why a scope may be incomplete.',
})
class RecallGapType implements Gap {
  @Field(() => GapCodeEnum, { description: 'Kind of reason.' })
  code!: Gap['code'];

  @Field(() => String, {
    description: 'A sentence for a person, with the number or name concerned.',
  })
  detail!: string;
}

@ObjectType('RecallSuggestion', {
  simpleResolvers: true,
  description:
    'A lot that may be meant by one that was asked for and never reported. It is not in the scope.',
})
export class RecallSuggestionType implements Pick<SimilarLot, 'asked'> {
  @Field(() => ID, { description: 'Key of the lot that was asked for.' })
  asked!: string;

  lot!: string;
}

@ObjectType('RecallCompleteness', {
  simpleResolvers: true,
  description: 'Whether the answer is complete, as far as the reported events can tell.',
})
export class RecallCompletenessType {
  @Field(() => Boolean, { description: 'False as soon as there is one reason for doubt.' })
  complete!: boolean;

  @Field(() => [String], { description: 'The reasons as sentences; empty when complete.' })
  reasons!: string[];

  @Field(() => [RecallGapType], { description: 'The reasons with their codes.' })
  gaps!: readonly Gap[];
}

@ObjectType('RecallTotals', {
  simpleResolvers: true,
  description: 'Affected units and the containers they are in.',
})
export class RecallTotalsType implements ScopeTotals {
  @Field(() => Int, { description: 'Affected units, wherever they are, including ended ones.' })
  units!: number;

  @Field(() => Int, {
    description: 'Outermost containers that stand somewhere with affected units inside.',
  })
  containers!: number;

  @Field(() => Int, {
    description: 'How many of the units were dispensed, destroyed or decommissioned.',
  })
  ended!: number;
}

@ObjectType('RecallRow', {
  simpleResolvers: true,
  description: 'Affected units that share state, site and status.',
})
export class RecallRowType implements ScopeRow {
  site!: string | null;
  origin!: string | null;

  @Field(() => WhereaboutsStateEnum, { description: 'At a site, in transit, or unknown.' })
  state!: WhereaboutsState;

  @Field(() => String, { description: 'Disposition in force, or how they ended.' })
  status!: string;

  @Field(() => Boolean, {
    description: 'Dispensed, destroyed or decommissioned: no longer in the supply chain.',
  })
  ended!: boolean;

  @Field(() => Int, { description: 'Affected units.' })
  units!: number;

  @Field(() => Int, {
    description:
      'Outermost containers that stand there with this status of their own and hold affected units.',
  })
  containers!: number;
}

@ObjectType('RecallTransit', {
  simpleResolvers: true,
  description: 'Affected units under way between two places.',
})
export class RecallTransitType {
  site!: string | null;
  origin!: string | null;

  @Field(() => Int, { description: 'Affected units.' })
  units!: number;

  @Field(() => Int, { description: 'Outermost containers with affected units.' })
  containers!: number;
}

@ObjectType('RecallWithoutLot', {
  simpleResolvers: true,
  description:
    'Units of the products concerned whose lot nobody stated. They are possibly affected and not in the totals. List them with packages(filter: {withoutLot: true}).',
})
export class RecallWithoutLotType extends RecallTotalsType {
  @Field(() => [RecallRowType], { description: 'Where they are.' })
  rows!: readonly ScopeRow[];
}

@ObjectType('RecallLot', { simpleResolvers: true, description: 'One lot of a scope.' })
export class RecallLotType {
  id!: string;

  @Field(() => LotRoleEnum, { description: 'How it came in.' })
  role!: LotRole;

  @Field(() => ID, {
    nullable: true,
    description: 'The lot it was made from, or the container with the contents it was made from.',
  })
  madeFrom!: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'The event that brought it in: a transformation, or the event that put it into a container.',
  })
  eventId!: string | null;
}

@ObjectType('RecallConsignee', {
  simpleResolvers: true,
  description:
    'Somebody who holds, held or is about to receive affected units, and must be notified.',
})
export class RecallConsigneeType implements Consignee {
  party!: string | null;
  sites!: readonly string[];

  @Field(() => Int, {
    nullable: true,
    description:
      'Fewest changes of custody from the first known holder, which has 0. Null while nothing has arrived.',
  })
  depth!: number | null;

  @Field(() => Int, {
    description:
      'Affected units that it holds (as `holder` of `rows`), including those that left its sites and were not received. Ended units are not held.',
  })
  holdingNow!: number;

  @Field(() => Int, {
    description:
      'Affected units on their way to it: to one of its sites, or by a shipping that names the party but no site. The sender holds them until they are received.',
  })
  inbound!: number;

  @Field(() => Int, {
    description:
      'Affected units that it has ever had, each counted once. A partner is told only of those it sees there now.',
  })
  everHeld!: number;
}

@ObjectType('PassedOnRow', {
  simpleResolvers: true,
  description:
    'Affected units that a partner sent on to one counterpart. A unit counts by its newest shipping, and not when it came back.',
})
export class RecallPassedOnType implements PassedOnRow {
  counterpart!: string | null;

  @Field(() => Int, { description: 'Affected units, received or not.' })
  units!: number;

  @Field(() => Int, { description: 'Containers that were shipped with such units inside.' })
  containers!: number;

  @Field(() => Int, { description: 'Units of which a receipt is seen.' })
  received!: number;

  @Field(() => Int, { description: 'Units of which no receipt is seen.' })
  outstanding!: number;

  @Field(() => DateTime, { description: 'When the newest of them was shipped.' })
  at!: number;
}

@ObjectType('RecallClassLevel', {
  simpleResolvers: true,
  description:
    'A report of affected material, or of what containers of the scope held, without serial numbers. No count includes it.',
})
export class RecallClassLevelType implements ClassLevelQuantity {
  lot!: string;
  t!: number;

  @Field(() => String, { description: 'quantity, childQuantity, inputQuantity or outputQuantity.' })
  role!: string;

  @Field(() => Float, { nullable: true, description: 'How much; null when unspecified.' })
  quantity!: number | null;

  @Field(() => String, { nullable: true, description: 'Unit of measure; null for a count.' })
  uom!: string | null;

  @Field(() => ID, { description: 'The event.' })
  eventId!: string;

  @Field(() => ID, { nullable: true, description: 'Key of the container it was reported in.' })
  container!: string | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'What that container holds of it now, or at `asOf`: what was put in since it was last emptied, less what was taken out. Null without a container, for a partner, and when an event did not state a quantity.',
  })
  left!: number | null;
}

@ObjectType('RecallPackage', {
  simpleResolvers: true,
  description: 'One affected unit, and where it is.',
})
export class RecallPackageType implements AffectedPackage {
  lot!: string | null;
  site!: string | null;
  origin!: string | null;

  @Field(() => ID, { description: 'Canonical key.' })
  key!: string;

  @Field(() => Boolean, {
    description:
      'Only possibly affected: its lot is unknown, or it was commissioned under several lots, and some are not in the scope.',
  })
  possibly!: boolean;

  @Field(() => WhereaboutsStateEnum, { description: 'At a site, in transit, or unknown.' })
  state!: WhereaboutsState;

  @Field(() => String, { description: 'Its disposition in force, or how it ended.' })
  status!: string;

  @Field(() => Boolean, { description: 'Dispensed, destroyed or decommissioned.' })
  ended!: boolean;

  @Field(() => [ID], { description: 'Keys of the containers around it, innermost first.' })
  containers!: readonly string[];
}

export const RecallPackageConnectionType = connectionOf('RecallPackage', () => RecallPackageType);

@ObjectType('RecallExplanationLink', {
  simpleResolvers: true,
  description: 'One link of an explanation.',
})
export class RecallExplanationLinkType implements ExplanationLink {
  @Field(() => LinkKindEnum, { description: 'What kind of fact it is.' })
  kind!: ExplanationLink['kind'];

  @Field(() => String, { description: 'A sentence for a person to read.' })
  text!: string;

  @Field(() => ID, { nullable: true, description: 'The event that states it.' })
  eventId!: string | null;

  @Field(() => DateTime, { nullable: true, description: 'When.' })
  at!: number | null;
}

@ObjectType('RecallExplanation', {
  simpleResolvers: true,
  description: 'Why a package is in a scope, or that it is not in it.',
})
export class RecallExplanationType implements Explanation {
  @Field(() => ID, { description: 'Canonical key of the package.' })
  key!: string;

  @Field(() => Boolean, {
    description: 'True for an affected package, and for a container with affected units inside.',
  })
  inScope!: boolean;

  @Field(() => Boolean, {
    description:
      'Only possibly affected: its lot is unknown (then `inScope` is false), or several lots were stated for it, and some are not in the scope.',
  })
  possibly!: boolean;

  @Field(() => [RecallExplanationLinkType], {
    description: 'The chain of facts, from the package to what was asked for.',
  })
  links!: readonly ExplanationLink[];
}

@ObjectType('RecallScope', {
  description:
    'What a recall reaches, where it is now, who has or had it, and whether the answer is complete.',
})
export class RecallScopeType {}

@ObjectType('RecallScopeChange', {
  simpleResolvers: true,
  description:
    'A group of affected packages entered, left or moved, with the new totals of the scope.',
})
export class RecallScopeChangeType {
  site!: string | null;
  origin!: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The event that caused it. Null when you see none that did.',
  })
  eventId!: string | null;

  @Field(() => DateTime, { nullable: true, description: 'When it happened; null like `eventId`.' })
  eventTime!: number | null;

  @Field(() => DateTime, { description: 'When it was recorded.' })
  recordTime!: number;

  @Field(() => GroupChangeEnum, { description: 'Entered, left or moved.' })
  change!: GroupChange;

  @Field(() => ID, { description: 'Key of the package that moved, with all that it carries.' })
  key!: string;

  @Field(() => Int, {
    description: 'Affected units that it carries, including those possibly affected.',
  })
  units!: number;

  @Field(() => WhereaboutsStateEnum, { description: 'Its state now.' })
  state!: WhereaboutsState;

  @Field(() => String, { nullable: true, description: 'Its status now.' })
  status!: string | null;

  @Field(() => RecallTotalsType, {
    description: 'The totals of the scope when this message was sent.',
  })
  totals!: ScopeTotals;

  @Field(() => RecallTotalsType, {
    description: 'Units that are possibly affected, because their lot is unknown.',
  })
  unitsWithoutLot!: ScopeTotals;

  @Field(() => Boolean, { description: 'Whether these totals are complete.' })
  complete!: boolean;

  @Field(() => Long, {
    nullable: true,
    description: 'Log position that the totals refer to; null for partners.',
  })
  logPosition!: number | null;
}

@ObjectType('RecallScopeMessage', {
  simpleResolvers: true,
  description: 'A message of `recallScopeChanges`: one change, or a heartbeat.',
})
export class RecallScopeMessageType extends SubscriptionMessage {
  @Field(() => RecallScopeChangeType, { nullable: true, description: NULL_IN_HEARTBEAT })
  change!: RecallScopeChangeType | null;
}
