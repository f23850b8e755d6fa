import { Field, Float, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { connectionOf } from '../graphql/connection.types.js';
import { DateTime } from '../graphql/scalars.js';
import type { ClassInside, LotInside, PackageException, PackageLevel } from './package.js';

export const PackageLevelEnum = { UNIT: 'UNIT', CONTAINER: 'CONTAINER' } as const;

registerEnumType(PackageLevelEnum, {
  name: 'PackageLevel',
  description: 'Whether a package holds others.',
  valuesConfig: {
    UNIT: { description: 'A serialised pack. Nothing was ever packed into it.' },
    CONTAINER: {
      description: 'An SSCC, GRAI or GIAI, or anything else that something was packed into.',
    },
  },
});

export const PackageSchemeEnum = {
  SGTIN: 'SGTIN',
  SSCC: 'SSCC',
  GRAI: 'GRAI',
  GIAI: 'GIAI',
  CPI: 'CPI',
  ITIP: 'ITIP',
  UPUI: 'UPUI',
  GDTI: 'GDTI',
  GSRN: 'GSRN',
  GSRNP: 'GSRNP',
  SGCN: 'SGCN',
  OTHER: 'OTHER',
} as const;
export type PackageScheme = keyof typeof PackageSchemeEnum;

registerEnumType(PackageSchemeEnum, {
  name: 'PackageScheme',
  description: 'The GS1 key that identifies a package.',
  valuesConfig: {
    SGTIN: { description: 'GTIN and serial: a pack, bundle or case of a trade item.' },
    SSCC: { description: 'Logistic unit: a pallet or parcel.' },
    GRAI: { description: 'Returnable asset: a tote, roll cage or pallet that is used again.' },
    GIAI: { description: 'Individual asset.' },
    CPI: { description: 'A component or part with a serial.' },
    ITIP: { description: 'A piece of a trade item.' },
    UPUI: { description: 'Tobacco pack.' },
    GDTI: { description: 'Document.' },
    GSRN: { description: 'Recipient of a service.' },
    GSRNP: { description: 'Provider of a service.' },
    SGCN: { description: 'Coupon.' },
    OTHER: { description: 'A URI that is not a GS1 key.' },
  },
});

/** Holds only the key. Every field is loaded when asked for, batched over all packages of the operation. */
@ObjectType('Package', {
  simpleResolvers: true,
  description:
    'A thing with an identity of its own, at any level: unit, bundle, case, pallet, tote. A field is read only when asked for.',
})
export class PackageType {
  @Field(() => ID, {
    description: 'Canonical key, e.g. `01/09506000134352/21/A1` or `00/095060001343520000`.',
  })
  key!: string;
  /** Set when it is known without a read. */
  level?: PackageLevel;
}

/** A package that holds another. */
export function toContainer(key: string): PackageType {
  return { key, level: 'CONTAINER' };
}

export const PackageConnectionType = connectionOf('Package', () => PackageType);

@ObjectType('LotInside', {
  simpleResolvers: true,
  description: 'Units of one lot inside a container, including nested containers.',
})
export class LotInsideType implements LotInside {
  lot!: string;

  @Field(() => Int, { description: 'How many units.' })
  units!: number;
}

@ObjectType('ClassInside', {
  simpleResolvers: true,
  description:
    'What a container and the containers in it hold by class, without serials: what events put in since each was last emptied, less what they took out.',
})
export class ClassInsideType implements ClassInside {
  lot!: string;

  @Field(() => Float, {
    nullable: true,
    description: 'How much; null when an event did not state its quantity.',
  })
  quantity!: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'Unit of measure (UN/CEFACT Rec 20); null for pieces.',
  })
  uom!: string | null;

  @Field(() => Boolean, {
    description: 'True when more was taken out than put in: an event is missing or wrong.',
  })
  negative!: boolean;
}

@ObjectType('ContentsSummary', {
  simpleResolvers: true,
  description: 'What a container holds now.',
})
export class ContentsSummaryType {
  @Field(() => Int, { description: 'Number of packages directly inside.' })
  packages!: number;

  @Field(() => Int, { description: 'Number of units inside, including nested containers.' })
  units!: number;

  @Field(() => [LotInsideType], { description: 'Units by product and lot.' })
  lots!: LotInsideType[];

  @Field(() => [ClassInsideType], { description: 'What is inside by class only, without serials.' })
  classes!: ClassInsideType[];
}

@ObjectType('PackageException', {
  simpleResolvers: true,
  description:
    'Something about a package that cannot be right. It is kept and shown, never silently repaired.',
})
export class PackageExceptionType implements PackageException {
  @Field(() => String, {
    description:
      'What is wrong, e.g. `SEEN_APART`, `REPACK_WITHOUT_UNPACK`, `NOT_IN`, `CYCLE`, `AFTER_END`, `DUPLICATE_COMMISSION`, `SSCC_REUSED`, `LOT_CONTRADICTED` (commissioned under several lots), `EXPIRY_CONTRADICTED` (its lot has several expiry dates), `EVENT_IN_FUTURE` (an event dated more than a day ahead; it counts from that date on).',
  })
  code!: string;

  @Field(() => DateTime, { description: 'At which instant in the order of events.' })
  at!: number;

  @Field(() => String, { nullable: true, description: 'The event that shows it.' })
  eventId!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Details, e.g. the other container, event or date.',
  })
  detail!: string | null;
}

@ObjectType('Association', {
  simpleResolvers: true,
  description:
    'One thing durably attached to another by an AssociationEvent: a sensor on a pallet, a component in a device. This is not packing: neither shares the place of the other.',
})
export class AssociationType {
  @Field(() => ID, { description: 'Key of the package or place that it is attached to.' })
  parent!: string;

  @Field(() => ID, { description: 'Key of what is attached.' })
  child!: string;

  @Field(() => DateTime, { description: 'When it was attached.' })
  since!: number;

  @Field(() => String, { description: 'The event that attached it.' })
  eventId!: string;
}
