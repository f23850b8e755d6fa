import type { GraphQLResolveInfo } from 'graphql';
import { Ctx, FieldResolver, Info, Resolver, Root } from 'type-graphql';
import type { Context } from '../graphql/context.js';
import type { Lot } from '../master-data/index.js';
import { LotType } from '../master-data/lot.types.js';
import { NOTHING_SELECTED } from './recall-input.types.js';
import type { RecallScope } from './recall-scope.js';
import { scopeOf } from './recall.resolver.js';
import { RecallScopeType } from './recall.types.js';

@Resolver(() => LotType)
export class RecallOfLotResolver {
  @FieldResolver(() => RecallScopeType, {
    nullable: true,
    description:
      'What a recall of this lot reaches. `recallScope` takes everything else that can be recalled.',
  })
  recallScope(
    @Root() { id, gtin, lot }: Lot,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<RecallScope> | null {
    if (gtin === null || lot === null) return null;
    return scopeOf({ ...NOTHING_SELECTED, lots: [id] }, context, info);
  }
}
