import { Kind } from 'graphql';
import type { GraphQLResolveInfo, SelectionSetNode } from 'graphql';

/** Whether an operation asks for one of these fields of what a resolver gives. A field under `@skip` or `@include` counts as asked for. */
export function asksFor(
  { fieldNodes, fragments }: Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments'>,
  names: readonly string[],
): boolean {
  const asks = (set: SelectionSetNode | undefined): boolean =>
    (set?.selections ?? []).some((one) => {
      if (one.kind === Kind.FIELD) return names.includes(one.name.value);
      const isInline = one.kind === Kind.INLINE_FRAGMENT;
      return asks(isInline ? one.selectionSet : fragments[one.name.value]?.selectionSet);
    });
  return fieldNodes.some(({ selectionSet }) => asks(selectionSet));
}
