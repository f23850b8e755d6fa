import { EventField } from '../events/event-field.types.js';
import { masterData } from '../master-data/master-data.loaders.js';
import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { PackageType } from '../location/package.types.js';
import { LotType } from '../master-data/lot.types.js';
import type { Lot, Party, Site } from '../master-data/index.js';
import { PartyType } from '../master-data/party.types.js';
import { SiteType } from '../master-data/site.types.js';
import type { Context } from '../graphql/context.js';
import { identifierArg } from '../graphql/identifier-arg.js';
import { refusedArgument } from '../shared/problem.js';
import { findLineage } from './find-lineage.js';
import { MAX_DEPTH } from './lineage.rules.js';
import {
  LineageDirectionEnum,
  LineageEdgeType,
  LineageNodeType,
  LineageType,
} from './lineage.types.js';
import type { LineageDirection } from './lineage.types.js';

const DEFAULT_DEPTH = 10;

@Resolver(() => LineageType)
export class LineageResolver {
  @Query(() => LineageType, {
    nullable: true,
    description:
      'What a package, lot or product came from, and what became of it. Null when nothing with that key is known.',
  })
  async lineage(
    @Arg('id', () => ID, {
      description: 'A package, a lot (GTIN with lot) or a product (GTIN), in any form.',
    })
    id: string,
    @Arg('direction', () => LineageDirectionEnum, { description: 'Which direction to follow.' })
    direction: LineageDirection,
    @Arg('depth', () => Int, {
      defaultValue: DEFAULT_DEPTH,
      description: 'The most hops from the start, 1 to 20.',
    })
    depth: number,
    @Ctx() context: Context,
  ): Promise<LineageType | null> {
    const key = checkedStart(id);
    const question = { key, direction, depth: checkedDepth(depth) };
    const lineage = await findLineage(context.view, question);
    if (lineage === null) return null;
    const { nodes, edges, cuts } = lineage;
    return { nodes, edges, truncated: cuts.length > 0, truncatedBy: cuts };
  }
}

@Resolver(() => LineageEdgeType)
@EventField('The event of `eventId`.')
export class LineageEdgeResolver {}

@Resolver(() => LineageNodeType)
export class LineageNodeResolver {
  @FieldResolver(() => PackageType, { nullable: true, description: 'The package, if it is one.' })
  package(@Root() { key, kind }: LineageNodeType): PackageType | null {
    return kind === 'UNIT' || kind === 'CONTAINER' ? { key } : null;
  }

  @FieldResolver(() => LotType, { nullable: true, description: 'The lot, if it is one.' })
  lot(@Root() { key, kind }: LineageNodeType, @Ctx() context: Context): Promise<Lot | null> | null {
    return kind === 'LOT' || kind === 'PRODUCT' ? masterData(context).lot.load(key) : null;
  }

  @FieldResolver(() => SiteType, { nullable: true, description: 'The site, if it is one.' })
  site(
    @Root() { key, kind }: LineageNodeType,
    @Ctx() context: Context,
  ): Promise<Site | null> | null {
    return kind === 'SITE' ? masterData(context).site.load(key) : null;
  }

  @FieldResolver(() => PartyType, { nullable: true, description: 'The party, if it is one.' })
  party(@Root() { key, kind }: LineageNodeType, @Ctx() context: Context): Promise<Party> | null {
    return kind === 'PARTY' ? masterData(context).party.load(key) : null;
  }
}

function checkedStart(text: string): string {
  const { key, level } = identifierArg('id', text);
  if (level === 'instance' || level === 'class') return key;
  throw refusedArgument('id', text, {
    rule: 'must name a package, a lot or a product.',
    remedy: 'Give an SGTIN, SSCC, lot or GTIN.',
  });
}

function checkedDepth(depth: number): number {
  if (depth >= 1 && depth <= MAX_DEPTH) return depth;
  throw refusedArgument('depth', depth, {
    rule: `must be 1 to ${MAX_DEPTH}.`,
    remedy: 'Start from a node further along instead.',
  });
}
