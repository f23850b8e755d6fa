import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { DateTime } from '../graphql/scalars.js';
import type { LineageEdge, LineageNode } from './lineage.rules.js';

export const LineageDirectionEnum = { BACK: 'BACK', FORWARD: 'FORWARD', BOTH: 'BOTH' } as const;
export type LineageDirection = keyof typeof LineageDirectionEnum;

registerEnumType(LineageDirectionEnum, {
  name: 'LineageDirection',
  description: 'Which direction to follow.',
  valuesConfig: {
    BACK: { description: 'What it came from: containers it was in, inputs, its lot.' },
    FORWARD: { description: 'What became of it: contents, outputs, units of a lot.' },
    BOTH: { description: 'Both directions, each from the start.' },
  },
});

export const LineageNodeKindEnum = {
  UNIT: 'UNIT',
  CONTAINER: 'CONTAINER',
  LOT: 'LOT',
  PRODUCT: 'PRODUCT',
  SITE: 'SITE',
  PARTY: 'PARTY',
} as const;

registerEnumType(LineageNodeKindEnum, {
  name: 'LineageNodeKind',
  description: 'What a node of a lineage is.',
  valuesConfig: {
    UNIT: { description: 'A package that holds nothing.' },
    CONTAINER: { description: 'A package that holds others.' },
    LOT: { description: 'A lot.' },
    PRODUCT: {
      description: 'A product. It also stands for its units or quantities without a known lot.',
    },
    SITE: { description: 'A place.' },
    PARTY: { description: 'A party, where no site is known.' },
  },
});

export const LineageEdgeKindEnum = {
  CONTAINMENT: 'CONTAINMENT',
  TRANSFORMATION: 'TRANSFORMATION',
  LOT: 'LOT',
  CUSTODY: 'CUSTODY',
} as const;

registerEnumType(LineageEdgeKindEnum, {
  name: 'LineageEdgeKind',
  description: 'How two nodes of a lineage are joined.',
  valuesConfig: {
    CONTAINMENT: { description: 'From a container to what was directly inside, with the time.' },
    TRANSFORMATION: {
      description: 'From an input to an output: the input may have become part of it.',
    },
    LOT: { description: 'From a product to a lot, or from a lot to a package of it.' },
    CUSTODY: {
      description: 'From the site or party that shipped to the one that received, with both times.',
    },
  },
});

export const LineageCutEnum = { DEPTH: 'DEPTH', NODES: 'NODES', EDGES: 'EDGES' } as const;

registerEnumType(LineageCutEnum, {
  name: 'LineageCut',
  description: 'Why a lineage does not show everything.',
  valuesConfig: {
    DEPTH: { description: 'There is more beyond the depth asked for.' },
    NODES: { description: 'More than 5,000 nodes.' },
    EDGES: { description: 'More than 20,000 edges.' },
  },
});

@ObjectType('LineageNode', {
  simpleResolvers: true,
  description: 'A package, lot, product, site or party of a lineage.',
})
export class LineageNodeType implements LineageNode {
  @Field(() => ID, { description: 'Its key.' })
  key!: string;

  @Field(() => LineageNodeKindEnum, { description: 'What it is.' })
  kind!: keyof typeof LineageNodeKindEnum;
}

@ObjectType('LineageEdge', {
  simpleResolvers: true,
  description: 'How two nodes are joined, from cause to result.',
})
export class LineageEdgeType implements LineageEdge {
  @Field(() => ID, { description: 'Key of the container, input, lot or giver.' })
  from!: string;

  @Field(() => ID, { description: 'Key of the content, output, unit or taker.' })
  to!: string;

  @Field(() => LineageEdgeKindEnum, { description: 'How they are joined.' })
  kind!: keyof typeof LineageEdgeKindEnum;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When it was packed, transformed or shipped; null when unknown.',
  })
  since!: number | null;

  @Field(() => DateTime, {
    nullable: true,
    description:
      'When it was unpacked or received. Null while it lasts, and for joins without an end.',
  })
  until!: number | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'The event of the transformation or shipping. For containment, the event that emptied the container.',
  })
  eventId!: string | null;
}

@ObjectType('Lineage', {
  simpleResolvers: true,
  description:
    'What something came from and what became of it, as a graph of containment, transformation and custody.',
})
export class LineageType {
  @Field(() => [LineageNodeType], { description: 'The nodes, the one asked about first.' })
  nodes!: readonly LineageNodeType[];

  @Field(() => [LineageEdgeType], { description: 'The edges.' })
  edges!: readonly LineageEdgeType[];

  @Field(() => Boolean, {
    description: 'True when there is more than is shown; `truncatedBy` says why.',
  })
  truncated!: boolean;

  @Field(() => [LineageCutEnum], { description: 'Why it was cut; empty when it is complete.' })
  truncatedBy!: readonly (keyof typeof LineageCutEnum)[];
}
