import { registerEnumType } from 'type-graphql';
import type { LinkKind } from './explain-affected-package.js';

export const GroupChangeEnum = { ENTERED: 'ENTERED', LEFT: 'LEFT', MOVED: 'MOVED' } as const;

registerEnumType(GroupChangeEnum, {
  name: 'RecallGroupChange',
  description: 'What became of a group of affected packages.',
  valuesConfig: {
    ENTERED: { description: 'Reported for the first time.' },
    LEFT: { description: 'Dispensed, destroyed or decommissioned.' },
    MOVED: { description: 'At another place, or with another status.' },
  },
});

export const GapCodeEnum = {
  LINEAGE_CUT: 'LINEAGE_CUT',
  UNITS_CUT: 'UNITS_CUT',
  LOT_UNKNOWN: 'LOT_UNKNOWN',
  PRODUCT_UNKNOWN: 'PRODUCT_UNKNOWN',
  SERIAL_UNKNOWN: 'SERIAL_UNKNOWN',
  SERIALS_MISSING: 'SERIALS_MISSING',
  CONTAINER_UNKNOWN: 'CONTAINER_UNKNOWN',
  CONTENTS_UNKNOWN: 'CONTENTS_UNKNOWN',
  SITE_UNKNOWN: 'SITE_UNKNOWN',
  SITE_WINDOW_EMPTY: 'SITE_WINDOW_EMPTY',
  WINDOW_IN_FUTURE: 'WINDOW_IN_FUTURE',
  AS_OF_IN_FUTURE: 'AS_OF_IN_FUTURE',
  NOT_KNOWN_THEN: 'NOT_KNOWN_THEN',
  NOTHING_FOUND: 'NOTHING_FOUND',
  MADE_WINDOW_EMPTY: 'MADE_WINDOW_EMPTY',
  MADE_TIME_UNKNOWN: 'MADE_TIME_UNKNOWN',
  UNITS_WITHOUT_LOT: 'UNITS_WITHOUT_LOT',
  CLASS_LEVEL: 'CLASS_LEVEL',
  MADE_INTO: 'MADE_INTO',
  CONTAINERS_OF_LOT: 'CONTAINERS_OF_LOT',
  LOT_CONTRADICTED: 'LOT_CONTRADICTED',
  CHANGED_WHILE_READ: 'CHANGED_WHILE_READ',
} as const;

registerEnumType(GapCodeEnum, {
  name: 'RecallGapCode',
  description: 'Why a recall scope may be incomplete.',
  valuesConfig: {
    LINEAGE_CUT: { description: 'Transformations or lots beyond the limit were not followed.' },
    UNITS_CUT: { description: 'There are more units than can be listed one by one.' },
    LOT_UNKNOWN: {
      description: 'A lot asked for was never reported, or only by events dated later than now.',
    },
    PRODUCT_UNKNOWN: {
      description:
        'A product asked for was never reported, or only by events dated later than now.',
    },
    SERIAL_UNKNOWN: {
      description: 'A serial asked for was never reported, or only by events dated later than now.',
    },
    SERIALS_MISSING: { description: 'Some serials of a range asked for were never reported.' },
    CONTAINER_UNKNOWN: {
      description:
        'The container asked for was never reported, or only by events dated later than now.',
    },
    CONTENTS_UNKNOWN: { description: 'Nobody ever reported what is in a container.' },
    SITE_UNKNOWN: { description: 'The site asked for was never reported.' },
    SITE_WINDOW_EMPTY: { description: 'Nothing was reported at the site within the window.' },
    WINDOW_IN_FUTURE: { description: 'The window at the site is not over yet.' },
    AS_OF_IN_FUTURE: { description: 'The instant asked for lies ahead of now.' },
    NOT_KNOWN_THEN: { description: 'Units were first reported after the instant asked for.' },
    NOTHING_FOUND: { description: 'All that was asked for is known, and none of it has units.' },
    MADE_WINDOW_EMPTY: { description: 'No lot of the product was made within the window.' },
    MADE_TIME_UNKNOWN: { description: 'A lot has no known production time and was included.' },
    UNITS_WITHOUT_LOT: { description: 'Units of the products have no known lot.' },
    CLASS_LEVEL: { description: 'Quantities were reported without serial numbers.' },
    MADE_INTO: {
      description:
        'Lots or packages of the scope were made into something that is not in the scope.',
    },
    CONTAINERS_OF_LOT: {
      description: 'Containers are themselves of a lot. Their contents may be of another product.',
    },
    LOT_CONTRADICTED: {
      description: 'Units were commissioned under lots in the scope and also under others.',
    },
    CHANGED_WHILE_READ: { description: 'Units moved while they were counted.' },
  },
});

export const LotRoleEnum = {
  SELECTED: 'SELECTED',
  MADE_FROM: 'MADE_FROM',
  SOURCE: 'SOURCE',
  CONTENTS: 'CONTENTS',
} as const;

registerEnumType(LotRoleEnum, {
  name: 'RecallLotRole',
  description: 'How a lot came into a recall scope.',
  valuesConfig: {
    SELECTED: { description: 'Asked for.' },
    MADE_FROM: {
      description: 'Made from a source lot, or from what a requested container held by class.',
    },
    SOURCE: { description: 'The source lot itself.' },
    CONTENTS: {
      description:
        'Held by class, without serials, in a container of the scope. Nobody knows which of its units those are, so none of its units is counted.',
    },
  },
});

export const LinkKindEnum = {
  CONTAINER: 'CONTAINER',
  CONTENTS: 'CONTENTS',
  LOT: 'LOT',
  MADE_FROM: 'MADE_FROM',
  NOT_IN_SCOPE: 'NOT_IN_SCOPE',
  SELECTED: 'SELECTED',
  SITE: 'SITE',
} as const satisfies { [kind in LinkKind]: kind };

registerEnumType(LinkKindEnum, {
  name: 'RecallLinkKind',
  description: 'What a link of an explanation tells.',
  valuesConfig: {
    CONTAINER: { description: 'It was in a container that was asked for.' },
    CONTENTS: { description: 'It holds affected units, or units of a lot that a container held.' },
    LOT: { description: 'Its lot, or that nobody stated one.' },
    MADE_FROM: { description: 'Its lot was made from another lot.' },
    NOT_IN_SCOPE: { description: 'Nothing that was asked for reaches it.' },
    SELECTED: { description: 'It was asked for.' },
    SITE: { description: 'It was at the site within the window.' },
  },
});
