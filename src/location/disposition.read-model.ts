import type { View } from '../access/view.js';
import { sighted } from '../access/sighted.js';
import { fragment } from '../graph/cypher.js';
import type { Touching } from '../holdings/touching.rules.js';
import { groupBy } from '../shared/group-by.js';
import { distinctTouches, inOrder } from './custody.read-model.js';
import { persistentDispositionOf, PERSISTENT_WORDS } from './event-text.rules.js';

/** What an event stated, within the window of that number. */
interface Said {
  readonly i: number;
  readonly eventId: string;
  readonly t: number;
  readonly hash: string;
}

// `e` has no label where events are reached from a package: see custody.read-model.ts.
const SPEAKING = sighted<Said & { text: string }>(
  'events',
  'location.persistent-dispositions',
  ({ sees }) => fragment`
UNWIND $windows AS w
MATCH (:Package {k: w.key})<-[:OF]-(e)
WHERE w.from <= e.eventTime AND e.eventTime < w.to AND coalesce(e.retracted, false) = false
  AND any(word IN $words WHERE e.text CONTAINS word) ${sees(fragment`e`, fragment`w.key`)}
WITH e, collect(DISTINCT w.i) AS windows
UNWIND windows AS i
RETURN i, e.id AS eventId, e.eventTime AS t, e.hash AS hash, coalesce(e.meant, e.text) AS text`,
);

// A transformation states the disposition of its outputs only.
const DISPOSITIONS = sighted<Said & { word: string }>(
  'events',
  'location.dispositions',
  ({ sees }) => fragment`
UNWIND $windows AS w
CALL (w) {
  MATCH (:Package {k: w.key})<-[of:OF]-(e)
  WHERE w.from <= e.eventTime AND e.eventTime < w.to AND coalesce(e.retracted, false) = false
    AND e.disposition IS NOT NULL AND of.role <> 'input' ${sees(fragment`e`, fragment`w.key`)}
  RETURN e ORDER BY e.eventTime DESC, e.hash DESC, e.id DESC LIMIT 1
}
RETURN w.i AS i, e.id AS eventId, e.eventTime AS t, e.hash AS hash, e.disposition AS word`,
);

/** Persistent dispositions now in force on each package, sorted, in the order of `touching`. */
export async function readPersistentDispositions(
  view: View,
  touching: readonly Touching[],
): Promise<string[][]> {
  const { touches, numbersOf } = distinctTouches(
    touching.map(({ windows }) => ({ windows, emptyings: [] })),
  );
  const params = { windows: touches, words: PERSISTENT_WORDS };
  const rows = await view.read(SPEAKING, params);
  const byWindow = groupBy(rows, ({ i }) => i);
  return touching.map((touched) => {
    const events = numbersOf(touched).flatMap((i) => byWindow.get(i) ?? []);
    const inForce = new Set<string>();
    for (const { text } of inOrder(events)) {
      const { set, unset } = persistentDispositionOf(text);
      for (const word of unset) inForce.delete(word);
      for (const word of set) inForce.add(word);
    }
    return [...inForce].sort();
  });
}

/**
 * The newest disposition that an event stated for each package or for what it was in, in the order of `touching`. Null when none was stated
 * since the package ended and was commissioned again.
 *
 * @param reborn when each was commissioned again, epoch ms; null when it never was
 */
export async function readStatedDispositions(
  view: View,
  touching: readonly Touching[],
  reborn: readonly (number | null)[],
): Promise<(string | null)[]> {
  const since = touching.map((one, i) => fromThen(emptyingsAsWindows(one), reborn[i] ?? -Infinity));
  const { touches, numbersOf } = distinctTouches(since);
  const rows = await view.read(DISPOSITIONS, { windows: touches });
  const byWindow = groupBy(rows, ({ i }) => i);
  return since.map((one) => {
    const said = numbersOf(one).flatMap((i) => byWindow.get(i) ?? []);
    return inOrder(said).at(-1)?.word ?? null;
  });
}

/** Makes each instant at which a container was emptied a window of its own. */
function emptyingsAsWindows({ windows, emptyings }: Touching): Touching {
  const instants = emptyings.map(({ key, level, at }) => ({ key, level, from: at, to: at + 1 }));
  return { windows: [...windows, ...instants], emptyings: [] };
}

/** The parts of the windows from an instant on. */
function fromThen({ windows, emptyings }: Touching, since: number): Touching {
  const cut = windows.map((window) => ({ ...window, from: Math.max(window.from, since) }));
  return { windows: cut.filter(({ from, to }) => from < to), emptyings };
}
