import { Arg, Ctx, Int, Query, Resolver } from 'type-graphql';
import type { Context } from '../graphql/context.js';
import { readNodeId } from '../graphql/node.types.js';
import { search } from './search.js';
import type { SearchHit, SearchKind } from './search.rules.js';
import { SearchHitType, SearchKindEnum } from './search.types.js';

@Resolver(() => SearchHitType)
export class SearchResolver {
  @Query(() => [SearchHitType], {
    description:
      'One box for everything: an identifier in any form, a national number such as NDC or PZN, a lot number, the id of an event, or the beginning of a name. Only what is in the store is found.',
  })
  search(
    @Arg('text', () => String, {
      description: 'As typed or scanned, with a letter or a digit, at most 1,000 characters.',
    })
    text: string,
    @Arg('kinds', () => [SearchKindEnum], {
      nullable: true,
      description: 'Finds only these. Without it, or with an empty list, everything is found.',
    })
    kinds: SearchKind[] | null | undefined,
    @Arg('first', () => Int, { defaultValue: 10, description: 'Number of hits, 1 to 100.' })
    first: number,
    @Ctx() { view }: Context,
  ): Promise<SearchHit[]> {
    return search(view, { text, node: readNodeId(text.trim()), kinds: kinds ?? [], first });
  }
}
