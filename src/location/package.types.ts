import { Field, Float, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { NodeType } from '../graphql/node.types.js';
import { connectionOf } from '../graphql/connection.types.js';
import { DateTime } from '../graphql/scalars.js';
import type { Origin } from './origin.read-model.js';
import type {
  ClassInside,
  LotInside,
  PackageException,
  PackageExceptionCode,
  PackageLevel,
} from './package.js';

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
  implements: NodeType,
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

const PackageExceptionCodeEnum = {
  AFTER_END: 'AFTER_END',
  AMBIGUOUS_ORDER: 'AMBIGUOUS_ORDER',
  CYCLE: 'CYCLE',
  DUPLICATE_COMMISSION: 'DUPLICATE_COMMISSION',
  EVENT_IN_FUTURE: 'EVENT_IN_FUTURE',
  EXPIRY_CONTRADICTED: 'EXPIRY_CONTRADICTED',
  LOT_CONTRADICTED: 'LOT_CONTRADICTED',
  NOT_COMMISSIONED: 'NOT_COMMISSIONED',
  NOT_IN: 'NOT_IN',
  NO_STANDING: 'NO_STANDING',
  PACKED_AFTER_END: 'PACKED_AFTER_END',
  REPACK_WITHOUT_UNPACK: 'REPACK_WITHOUT_UNPACK',
  SEEN_APART: 'SEEN_APART',
  SERIAL_NOT_ALLOCATED: 'SERIAL_NOT_ALLOCATED',
  SERIAL_REUSED: 'SERIAL_REUSED',
  SSCC_REUSED: 'SSCC_REUSED',
  TITLE_UNSTATED: 'TITLE_UNSTATED',
} as const satisfies { [code in PackageExceptionCode]: code };

registerEnumType(PackageExceptionCodeEnum, {
  name: 'PackageExceptionCode',
  description: 'What cannot be right about a package.',
  valuesConfig: {
    AFTER_END: { description: 'An event names it after its end.' },
    AMBIGUOUS_ORDER: {
      description: 'Two events of one instant disagree, and nothing says which came last.',
    },
    CYCLE: { description: 'It was packed into something that it holds.' },
    DUPLICATE_COMMISSION: { description: 'It was commissioned twice.' },
    EVENT_IN_FUTURE: {
      description: 'An event is dated more than a day ahead. It counts from that date on.',
    },
    EXPIRY_CONTRADICTED: { description: 'Its lot has several expiry dates.' },
    LOT_CONTRADICTED: { description: 'It was commissioned under several lots.' },
    NOT_COMMISSIONED: { description: 'Its first event does not commission it.' },
    NOT_IN: { description: 'It was taken out of a container that it was not in.' },
    NO_STANDING: {
      description:
        "The sender of an event had no part in the package, so the event changes nobody's sight.",
    },
    PACKED_AFTER_END: { description: 'It was packed after its end.' },
    REPACK_WITHOUT_UNPACK: {
      description: 'It was packed while it was still in another container.',
    },
    SEEN_APART: { description: 'It was seen at another place than the container it was in.' },
    SERIAL_NOT_ALLOCATED: {
      description: 'Its product takes serials from pools, and no pool gave this one out.',
    },
    SERIAL_REUSED: { description: 'It was commissioned again after its end.' },
    SSCC_REUSED: {
      description: 'The SSCC was used again while it was full, or within a year of its use.',
    },
    TITLE_UNSTATED: {
      description: 'It came to another holder and nobody said who owns it now, so its title ended.',
    },
  },
});

@ObjectType('PackageException', {
  simpleResolvers: true,
  description:
    'Something about a package that cannot be right. It is kept and shown, never silently repaired.',
})
export class PackageExceptionType implements PackageException {
  @Field(() => PackageExceptionCodeEnum, { description: 'What is wrong.' })
  code!: PackageExceptionCode;

  @Field(() => DateTime, { description: 'At which instant in the order of events.' })
  at!: number;

  @Field(() => ID, { nullable: true, description: 'The event that shows it.' })
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

  @Field(() => ID, { description: 'The event that attached it.' })
  eventId!: string;
}

@ObjectType('Origin', {
  simpleResolvers: true,
  description: 'Where a package comes from. Everybody who has it or had it may know this.',
})
export class OriginType implements Origin {
  site!: string | null;
  at!: number;
  lot!: string | null;
  madeAt!: number | null;
}
