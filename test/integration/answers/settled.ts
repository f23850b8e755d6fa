/** Answers without what the store's own order decides: two stores told the same need not agree on it. Where a statement gets an order, take its line out here. */

interface Link {
  readonly kind: string;
}

/** A copy of an answer, to be compared. */
export function settled<T>(answer: T): T {
  return JSON.parse(JSON.stringify(answer), (key, value: unknown) => {
    // `recall.fillings` and `recall.members`: of several stays in a container any is told.
    if (key === 'links')
      return (value as Link[]).map((link) =>
        link.kind === 'CONTAINER' || link.kind === 'SITE' ? { ...link, at: null } : link,
      );
    return value;
  }) as T;
}
