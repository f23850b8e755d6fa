import { cypher } from '../graph/cypher.js';
import type { GraphReader } from '../graph/graph.js';
import { byMoment, CUSTODY_STEPS, moveOf, newestOf, ownerOf } from './custody.rules.js';
import type { CustodyMove, Sighting } from './custody.rules.js';
import {
  PARTY_WORDS,
  persistentDispositionOf,
  PERSISTENT_WORDS,
  transferPartiesOf,
} from './event-text.rules.js';
import { groupBy } from '../shared/group-by.js';
import { boundsOf, readTouching } from '../holdings/touching.read-model.js';
import type { Touching, Window } from '../holdings/touching.rules.js';
import { NOW } from '../holdings/whereabouts.rules.js';
import type { Point } from '../holdings/whereabouts.rules.js';

/** Whose a package is, and where it was last seen. */
export interface Custody {
  /** Key of the party that owns it. */
  readonly owner: string | null;
  readonly lastSeen: Sighting | null;
}

type Stored = Sighting & { readonly i: number };

// `e` has no label where events are reached from a package, here and below: with one the planner may begin at the index of all
// events' times instead.
const SIGHTINGS = cypher<Stored>('location.sightings')`
UNWIND $windows AS w
CALL (w) {
  MATCH (:Package {k: w.key})<-[:OF]-(e)
  WHERE w.from <= e.eventTime AND e.eventTime < w.to AND coalesce(e.retracted, false) = false
    AND (e.readPoint IS NOT NULL OR e.bizLocation IS NOT NULL)
  RETURN e ORDER BY e.eventTime DESC, e.hash DESC, e.id DESC LIMIT 1
}
RETURN w.i AS i, e.id AS eventId, e.eventTime AS t, e.hash AS hash, e.bizStep AS bizStep,
       e.readPoint AS readPoint, e.bizLocation AS bizLocation`;

const MOVES = cypher<Stored>('location.moves')`
UNWIND $windows AS w
MATCH (:Package {k: w.key})<-[:OF]-(e)
WHERE w.from <= e.eventTime AND e.eventTime < w.to AND coalesce(e.retracted, false) = false
  AND e.bizStep IN $steps
RETURN DISTINCT w.i AS i, e.id AS eventId, e.eventTime AS t, e.hash AS hash, e.bizStep AS bizStep,
       e.readPoint AS readPoint, e.bizLocation AS bizLocation`;

const EVENTS = cypher<Sighting>('location.events')`
UNWIND $ids AS id
MATCH (e:Event {id: id})
WHERE coalesce(e.retracted, false) = false
RETURN e.id AS eventId, e.eventTime AS t, e.hash AS hash, e.bizStep AS bizStep,
       e.readPoint AS readPoint, e.bizLocation AS bizLocation`;

const TEXTS = cypher<{ eventId: string; text: string }>('location.event-texts')`
UNWIND $ids AS id
MATCH (e:Event {id: id})
WHERE any(word IN $words WHERE e.text CONTAINS word)
RETURN e.id AS eventId, coalesce(e.meant, e.text) AS text`;

const SPEAKING = cypher<{ i: number; eventId: string; t: number; hash: string; text: string }>(
  'location.persistent-dispositions',
)`
UNWIND $windows AS w
MATCH (:Package {k: w.key})<-[:OF]-(e)
WHERE w.from <= e.eventTime AND e.eventTime < w.to AND coalesce(e.retracted, false) = false
  AND any(word IN $words WHERE e.text CONTAINS word)
WITH e, collect(DISTINCT w.i) AS windows
UNWIND windows AS i
RETURN i, e.id AS eventId, e.eventTime AS t, e.hash AS hash, coalesce(e.meant, e.text) AS text`;

// A transformation states the disposition of its outputs only.
const DISPOSITIONS = cypher<{ i: number; eventId: string; t: number; hash: string; word: string }>(
  'location.dispositions',
)`
UNWIND $windows AS w
CALL (w) {
  MATCH (:Package {k: w.key})<-[of:OF]-(e)
  WHERE w.from <= e.eventTime AND e.eventTime < w.to AND coalesce(e.retracted, false) = false
    AND e.disposition IS NOT NULL AND of.role <> 'input'
  RETURN e ORDER BY e.eventTime DESC, e.hash DESC, e.id DESC LIMIT 1
}
RETURN w.i AS i, e.id AS eventId, e.eventTime AS t, e.hash AS hash, e.disposition AS word`;

const REBORN = cypher<{ key: string; since: number }>('location.reborn')`
UNWIND $keys AS key
MATCH (:Package {k: key})-[r:IN|STAY]->(x)
WHERE r.to IS NOT NULL
  AND (x.kind = 'DISPOSED' OR (type(r) = 'STAY' AND r.status IN ['dispensed', 'destroyed', 'decommissioned']))
RETURN key, max(r.to) AS since`;

/**
 * Whose each package is and where it was last seen, in the order of `keys`: from its own events and those it took part
 * in inside containers. The number of statements depends on how deep packages are nested, not on how many they are.
 *
 * @param at epoch ms, or NOW
 */
export async function readCustody(
  graph: GraphReader,
  keys: readonly string[],
  at: number,
  signal?: AbortSignal,
): Promise<Custody[]> {
  const touched = await readTouched(
    graph,
    keys.map((key) => ({ key, at })),
    signal,
  );
  const [seen, moves] = await Promise.all([
    graph.read(SIGHTINGS, { windows: touched.windows }, signal ? { signal } : {}),
    readMovesOf(graph, touched, signal),
  ]);
  const seenIn = groupBy(seen, ({ i }) => i);
  return keys.map((_, n) => ({
    owner: ownerOf(moves[n] ?? []),
    lastSeen: newestOf(eventsOf(touched, n, seenIn).filter(saysWhere)),
  }));
}

/** Every handing over that touched each package, in the order of `keys`, oldest first. */
export async function readMoves(
  graph: GraphReader,
  keys: readonly string[],
  signal?: AbortSignal,
): Promise<CustodyMove[][]> {
  const points = keys.map((key) => ({ key, at: NOW }));
  return readMovesOf(graph, await readTouched(graph, points, signal), signal);
}

/** What touched some packages, its windows numbered, and the events that emptied containers read. */
interface Touched {
  readonly touching: readonly Touching[];
  readonly windows: readonly object[];
  readonly indexOf: (window: Window) => number;
  readonly emptyings: ReadonlyMap<string, Sighting>;
}

async function readTouched(
  graph: GraphReader,
  points: readonly Point[],
  signal: AbortSignal | undefined,
): Promise<Touched> {
  const touching = await readTouching(graph, points, signal);
  const ids = [...new Set(touching.flatMap((one) => one.emptyings.map(({ eventId }) => eventId)))];
  const events =
    ids.length === 0 ? [] : await graph.read(EVENTS, { ids }, signal ? { signal } : {});
  const emptyings = new Map(events.map((event) => [event.eventId, event]));
  return { touching, emptyings, ...distinctWindows(touching) };
}

async function readMovesOf(
  graph: GraphReader,
  touched: Touched,
  signal: AbortSignal | undefined,
): Promise<CustodyMove[][]> {
  const params = { windows: touched.windows, steps: CUSTODY_STEPS };
  const rows = await graph.read(MOVES, params, signal ? { signal } : {});
  const ids = [...rows, ...touched.emptyings.values()]
    .filter(({ bizStep }) => moveOf(bizStep) !== undefined)
    .map(({ eventId }) => eventId);
  const texts = await readTexts(graph, ids, PARTY_WORDS, signal);
  const parties = new Map([...texts].map(([id, text]) => [id, transferPartiesOf(text)]));
  const movedIn = groupBy(rows, ({ i }) => i);
  return touched.touching.map((_, n) =>
    inOrder(eventsOf(touched, n, movedIn)).flatMap((event) =>
      toMoves(event, parties.get(event.eventId)),
    ),
  );
}

/** Of events read by window, those that touched the package number `n`; and what emptied containers around it. */
function eventsOf(
  { touching, indexOf, emptyings }: Touched,
  n: number,
  byWindow: ReadonlyMap<number, readonly Sighting[]>,
): Sighting[] {
  const one = touching[n];
  if (one === undefined) return [];
  return [
    ...one.windows.flatMap((window) => byWindow.get(indexOf(window)) ?? []),
    ...one.emptyings.flatMap(({ eventId }) => emptyings.get(eventId) ?? []),
  ];
}

/** Persistent dispositions in force on each package now, in the order of `keys`, sorted. */
export async function readPersistentDispositions(
  graph: GraphReader,
  keys: readonly string[],
  signal?: AbortSignal,
): Promise<string[][]> {
  const touching = await readTouching(
    graph,
    keys.map((key) => ({ key, at: NOW })),
    signal,
  );
  const { windows, indexOf } = distinctWindows(touching);
  const params = { windows, words: PERSISTENT_WORDS };
  const rows = await graph.read(SPEAKING, params, signal ? { signal } : {});
  const byWindow = groupBy(rows, ({ i }) => i);
  return touching.map((touched) => {
    const events = touched.windows.flatMap((window) => byWindow.get(indexOf(window)) ?? []);
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
 * The newest disposition that an event stated of each package or of what it was in, in the order of `keys`; null when none was since it
 * ended and began again.
 */
export async function readStatedDispositions(
  graph: GraphReader,
  keys: readonly string[],
  signal?: AbortSignal,
): Promise<(string | null)[]> {
  const points = keys.map((key) => ({ key, at: NOW }));
  const [touched, reborn] = await Promise.all([
    readTouching(graph, points, signal),
    graph.read(REBORN, { keys }, signal ? { signal } : {}),
  ]);
  const since = new Map(reborn.map((row) => [row.key, row.since]));
  const touching = touched.map((one, i) =>
    fromThen(withEmptyings(one), since.get(keys[i] ?? '') ?? -Infinity),
  );
  const { windows, indexOf } = distinctWindows(touching);
  const rows = await graph.read(DISPOSITIONS, { windows }, signal ? { signal } : {});
  const byWindow = groupBy(rows, ({ i }) => i);
  return touching.map((one) => {
    const said = one.windows.flatMap((window) => byWindow.get(indexOf(window)) ?? []);
    return inOrder(said).at(-1)?.word ?? null;
  });
}

/** The instants at which containers were emptied as windows of their own. */
function withEmptyings({ windows, emptyings }: Touching): Touching {
  const instants = emptyings.map(({ key, level, at }) => ({ key, level, from: at, to: at + 1 }));
  return { windows: [...windows, ...instants], emptyings };
}

/** The windows as far as they reach behind an instant. */
function fromThen({ windows, emptyings }: Touching, since: number): Touching {
  const cut = windows.map((window) => ({ ...window, from: Math.max(window.from, since) }));
  return { windows: cut.filter(({ from, to }) => from < to), emptyings };
}

/** Texts of those events that contain one of `words`, by event id. */
export async function readTexts(
  graph: GraphReader,
  eventIds: readonly string[],
  words: readonly string[],
  signal?: AbortSignal,
): Promise<Map<string, string>> {
  const ids = [...new Set(eventIds)];
  if (ids.length === 0) return new Map();
  const rows = await graph.read(TEXTS, { ids, words }, signal ? { signal } : {});
  return new Map(rows.map((row) => [row.eventId, row.text]));
}

/** Packages packed together share the windows of their containers: each is read once. */
function distinctWindows(touching: readonly Touching[]): {
  readonly windows: readonly object[];
  readonly indexOf: (window: Window) => number;
} {
  const name = ({ key, from, to }: Window): string => `${from} ${to} ${key}`;
  const distinct = new Map<string, number>();
  const windows: object[] = [];
  for (const window of touching.flatMap((one) => one.windows)) {
    if (distinct.has(name(window))) continue;
    distinct.set(name(window), windows.length);
    windows.push({ i: windows.length, key: window.key, ...boundsOf(window) });
  }
  return { windows, indexOf: (window) => distinct.get(name(window)) ?? -1 };
}

/** Each event once, oldest first. */
function inOrder<E extends Pick<Sighting, 'eventId' | 't' | 'hash'>>(events: readonly E[]): E[] {
  return [...new Map(events.map((event) => [event.eventId, event])).values()].sort(byMoment);
}

function saysWhere(event: Sighting): boolean {
  return event.readPoint !== null || event.bizLocation !== null;
}

function toMoves(event: Sighting, parties: CustodyMove['parties']): CustodyMove[] {
  const { eventId, t, hash } = event;
  const move = moveOf(event.bizStep);
  if (move === undefined) return [];
  return [{ eventId, t, hash, move, ...(parties === undefined ? {} : { parties }) }];
}
