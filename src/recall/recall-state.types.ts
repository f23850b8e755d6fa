import { registerEnumType } from 'type-graphql';

export const RecallStateEnum = {
  SITE: 'SITE',
  IN_TRANSIT: 'IN_TRANSIT',
  UNKNOWN: 'UNKNOWN',
} as const;

registerEnumType(RecallStateEnum, {
  name: 'RecallState',
  description: 'What is known of the place of affected units.',
  valuesConfig: {
    SITE: { description: 'At a site.' },
    IN_TRANSIT: { description: 'Shipped and not yet received.' },
    UNKNOWN: { description: 'Nobody said where they are since their newest event.' },
  },
});

export const GroupChangeEnum = { ENTERED: 'ENTERED', LEFT: 'LEFT', MOVED: 'MOVED' } as const;

registerEnumType(GroupChangeEnum, {
  name: 'RecallGroupChange',
  description: 'What became of a group of affected packages.',
  valuesConfig: {
    ENTERED: { description: 'Known for the first time.' },
    LEFT: { description: 'Dispensed, destroyed or decommissioned.' },
    MOVED: { description: 'Elsewhere, or with another status.' },
  },
});

export const GapCodeEnum = {
  LINEAGE_CUT: 'LINEAGE_CUT',
  UNITS_CUT: 'UNITS_CUT',
  NOT_FOUND: 'NOT_FOUND',
  MADE_TIME_UNKNOWN: 'MADE_TIME_UNKNOWN',
  UNITS_WITHOUT_LOT: 'UNITS_WITHOUT_LOT',
  CLASS_LEVEL: 'CLASS_LEVEL',
  MADE_INTO: 'MADE_INTO',
  CONTAINERS_OF_LOT: 'CONTAINERS_OF_LOT',
  CHANGED_WHILE_READ: 'CHANGED_WHILE_READ',
} as const;

registerEnumType(GapCodeEnum, {
  name: 'RecallGapCode',
  description: 'Why a recall scope may not be the whole truth.',
  valuesConfig: {
    LINEAGE_CUT: { description: 'Transformations or lots beyond the bound were not followed.' },
    UNITS_CUT: { description: 'More units than can be taken in one by one.' },
    NOT_FOUND: { description: 'Something asked for was never reported.' },
    MADE_TIME_UNKNOWN: { description: 'A lot cannot be dated and was taken in.' },
    UNITS_WITHOUT_LOT: { description: 'Units of the products have no known lot.' },
    CLASS_LEVEL: { description: 'Quantities were reported without serial numbers.' },
    MADE_INTO: { description: 'A selected lot was made into lots that are not in the scope.' },
    CONTAINERS_OF_LOT: {
      description: 'Containers are themselves of a lot; what is inside may be of another product.',
    },
    CHANGED_WHILE_READ: { description: 'Units moved while they were counted.' },
  },
});

export const LotRoleEnum = {
  SELECTED: 'SELECTED',
  MADE_FROM: 'MADE_FROM',
  SOURCE: 'SOURCE',
} as const;

registerEnumType(LotRoleEnum, {
  name: 'RecallLotRole',
  description: 'How a lot came into a recall scope.',
  valuesConfig: {
    SELECTED: { description: 'Asked for.' },
    MADE_FROM: { description: 'Made from a source lot.' },
    SOURCE: { description: 'The source lot itself.' },
  },
});
