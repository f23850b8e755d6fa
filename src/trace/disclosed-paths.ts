import type { View } from '../access/view.js';
import { readOpenedPaths, THE_HOST } from '../disclosure/index.js';
import type { OpenedPath } from '../disclosure/index.js';
import { gtinOfKey } from '../gs1/identifier.js';
import { windowOf } from '../holdings/history.rules.js';
import type { History } from '../holdings/history.rules.js';
import { NOW } from '../holdings/holding.js';
import { SeenHistory } from '../holdings/seen-history.rules.js';
import type { DisclosedPath } from './journey.read-model.js';

/** A package with its history, as who asks sees it. */
interface Asked {
  readonly key: string;
  readonly history: History;
}

/**
 * What others disclose to who asks of the paths of packages, in their order. Only of packages that he sees or saw, so that nobody finds a
 * package by it. One statement; none for the host, who sees all, and none when he never saw any of the packages.
 *
 * @param now epoch ms
 */
export async function readDisclosedPaths(
  view: View,
  asked: readonly Asked[],
  now: number,
): Promise<(readonly DisclosedPath[])[]> {
  const seen = asked.map(({ key, history }) =>
    history instanceof SeenHistory && history.isKnown(key) ? history : null,
  );
  const grantors = new Set(seen.flatMap((history) => [...(history?.others() ?? [])]));
  if (seen.every((history) => history === null)) return asked.map(() => []);
  const opened = await readOpenedPaths(view, [THE_HOST, ...grantors], now);
  return asked.map(({ key }, i) => {
    const history = seen[i];
    return history == null ? [] : pathsOf(key, history, opened);
  });
}

function pathsOf(
  key: string,
  history: SeenHistory,
  opened: readonly OpenedPath[],
): DisclosedPath[] {
  const gtin = gtinOfKey(key);
  const isHiddenBy = new Map<string, boolean>();
  for (const { grantor, what, products } of opened) {
    if (products !== null && (gtin === null || !products.includes(gtin))) continue;
    isHiddenBy.set(grantor, what === 'PARTIES_HIDDEN' && isHiddenBy.get(grantor) !== false);
  }
  const start = windowOf({ key, at: NOW });
  return [...isHiddenBy].map(([by, isHidden]) => ({
    ...history.touchingWhileSeenBy(by === THE_HOST ? null : by, start),
    ...{ by, isHidden },
  }));
}
