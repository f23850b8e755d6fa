import type { View } from '../access/view.js';
import { sighted } from '../access/sighted.js';
import { fragment } from '../graph/cypher.js';
import { CUSTODY_STEPS, moveOf } from '../holdings/holding.js';
import { byMoment, newestOf, ownerOf } from './custody.rules.js';
import type { CustodyMove, Sighting } from './custody.rules.js';
import { PARTY_WORDS, transferPartiesOf } from './event-text.rules.js';
import {
  askedPoints,
  HOLDERS_OF_POINTS,
  REGISTERED_HOLDERS_OF_POINTS,
  SITES_OF_KEYS,
} from '../master-data/names.read-model.js';
import type { FoundHolders, FoundSite, SitePoint } from '../master-data/names.read-model.js';
import { groupBy } from '../shared/group-by.js';
import type { Touching, Window } from '../holdings/touching.rules.js';
import { boundsOf } from '../holdings/whereabouts.read-model.js';

/** Who owns a package, and where it was last seen. */
export interface Custody {
  /** Key of the party that owns it. */
  readonly owner: string | null;
  readonly lastSeen: Sighting | null;
}

/** An event that touched packages, with the numbers of its touches. It has its text when it changes custody and names a party. */
interface TouchingEvent extends Sighting {
  readonly touches: readonly number[];
  readonly text: string | null;
}

interface FoundCustody {
  readonly events: readonly TouchingEvent[];
  readonly sites: readonly FoundSite[];
  readonly found: FoundHolders;
}

// A touch is a window of a package or container, or an event that emptied one. A window gives its newest event that states a place, and all
// events that change custody. Where events are reached from a package, `e` has no label: with one, the planner may start from the index of
// all events' times instead.
const CUSTODY = sighted<FoundCustody>(
  'events',
  'location.custody',
  ({ isPartner, sees, only }) => fragment`
CALL () {
  UNWIND $touches AS touch
  CALL (touch) {
    MATCH (:Package {k: touch.key})<-[:OF]-(e)
    WHERE touch.from <= e.eventTime AND e.eventTime < touch.to AND coalesce(e.retracted, false) = false
      AND (e.readPoint IS NOT NULL OR e.bizLocation IS NOT NULL) ${sees(fragment`e`, fragment`touch.key`)}
    RETURN e ORDER BY e.eventTime DESC, e.hash DESC, e.id DESC LIMIT 1
    UNION ALL
    MATCH (:Package {k: touch.key})<-[:OF]-(e)
    WHERE touch.from <= e.eventTime AND e.eventTime < touch.to AND coalesce(e.retracted, false) = false
      AND e.bizStep IN $steps ${sees(fragment`e`, fragment`touch.key`)}
    RETURN e
    UNION ALL
    MATCH (e:Event {id: touch.eventId})
    WHERE coalesce(e.retracted, false) = false ${sees(fragment`e`, fragment`touch.key`)}
    RETURN e
  }
  WITH e, collect(DISTINCT touch.i) AS touches
  RETURN collect({eventId: e.id, t: e.eventTime, hash: e.hash, bizStep: e.bizStep, readPoint: e.readPoint, bizLocation: e.bizLocation,
    touches: touches, text: CASE WHEN e.bizStep IN $steps AND any(word IN $words WHERE e.text CONTAINS word) ${only(
      fragment`AND EXISTS { (e)-[s:SEEN_BY]->(e) WHERE s.p = $viewer AND s.whole }`,
    )} THEN coalesce(e.meant, e.text) END
  }) AS events
}
WITH events, CASE WHEN $named THEN [e IN events | e.readPoint] + [e IN events | e.bizLocation] ELSE [] END AS keys
CALL (keys) { ${SITES_OF_KEYS} }
WITH events, sites, $places AS points
CALL (points) { ${isPartner ? REGISTERED_HOLDERS_OF_POINTS : HOLDERS_OF_POINTS} }
RETURN events, sites, {holders: holders, parties: parties} AS found`,
);

/** Who owns packages and where they were last seen, who holds what is where they are, and the names of all these. */
export interface FoundWithCustody {
  /** In the order of the packages asked for. */
  readonly custody: readonly Custody[];
  readonly sites: readonly FoundSite[];
  readonly found: FoundHolders;
}

/**
 * Who owns each package and where it was last seen, in the order of `touching`; also who holds what stands at `places`. Events count when
 * they name the package or a container it was in. One statement, however many packages there are and however deep they are nested.
 */
export async function readCustody(
  view: View,
  touching: readonly Touching[],
  places: readonly SitePoint[],
): Promise<FoundWithCustody> {
  const { events, sites, found } = await readEvents(view, touching, places);
  const custody = events.map((own) => ({
    owner: ownerOf(own.flatMap(toMove)),
    lastSeen: newestOf(own.filter(saysWhere)),
  }));
  return { custody, sites, found };
}

/** Every custody move that touched each package, in the order of `touching`, oldest first. */
export async function readMoves(
  view: View,
  touching: readonly Touching[],
): Promise<CustodyMove[][]> {
  const { events } = await readEvents(view, touching, null);
  return events.map((own) => own.flatMap(toMove));
}

/** How a package went out of sight, as the last event tells that its partner saw. */
export interface HandedOn {
  /** Where it went: the site, and the party that the event names. */
  readonly site: string | null;
  readonly party: string | null;
  readonly received: boolean;
}

/** How each package was handed on, in the order of `touching`; null when no event tells. For partners, who see the events until then. */
export async function readHandedOn(
  view: View,
  touching: readonly Touching[],
): Promise<(HandedOn | null)[]> {
  const { events } = await readEvents(view, touching, null);
  return events.map((own) => {
    const last = own.findLast(({ bizStep }) => ['ship', 'receive'].includes(moveOf(bizStep) ?? ''));
    if (last === undefined) return null;
    const [move] = toMove(last);
    const { owner, possessor } = move?.parties?.destination ?? {};
    const received = move?.move === 'receive';
    return {
      site: received ? last.bizLocation : null,
      party: possessor ?? owner ?? null,
      received,
    };
  });
}

/** The events that touched each package, oldest first. With `places`, also names, and who holds what is there. */
async function readEvents(
  view: View,
  touching: readonly Touching[],
  places: readonly SitePoint[] | null,
): Promise<Omit<FoundCustody, 'events'> & { readonly events: TouchingEvent[][] }> {
  const { touches, numbersOf } = distinctTouches(touching);
  const asked = { named: places !== null, places: askedPoints(places ?? []) };
  const params = { touches, ...asked, steps: CUSTODY_STEPS, words: PARTY_WORDS };
  const [row] = await view.read(CUSTODY, params);
  const { events = [], sites = [], found = { holders: [], parties: [] } } = row ?? {};
  const pairs = events.flatMap((event) => event.touches.map((i) => ({ i, event })));
  const byTouch = groupBy(pairs, ({ i }) => i);
  const own = touching.map((one) =>
    numbersOf(one).flatMap((i) => (byTouch.get(i) ?? []).map(({ event }) => event)),
  );
  return { events: own.map(inOrder), sites, found };
}

const DUE_TIMES = sighted<{ id: string; dueAt: number | null }>(
  'events',
  'location.dueTimes',
  ({ only }) => fragment`
UNWIND $ids AS id
MATCH (h:Handoff {id: id})
${only(fragment`MATCH (e:Event {id: id})-[s:SEEN_BY]->(e) WHERE s.p = $viewer AND s.whole`)}
RETURN id, h.dueAt AS dueAt`,
);

/** When shippings are expected, epoch ms, by the id of their event. */
export async function readDueTimes(
  view: View,
  eventIds: readonly string[],
): Promise<Map<string, number | null>> {
  const rows = await view.read(DUE_TIMES, { ids: [...new Set(eventIds)] });
  return new Map(rows.map(({ id, dueAt }) => [id, dueAt]));
}

/** Packages packed together share the windows of their containers and the events that emptied these. Each is read once. */
export function distinctTouches(touching: readonly Touching[]): {
  readonly touches: readonly object[];
  readonly numbersOf: (one: Touching) => number[];
} {
  const numbers = new Map<string, number>();
  const touches: object[] = [];
  const add = (name: string, touch: object): void => {
    if (numbers.has(name)) return;
    numbers.set(name, touches.length);
    touches.push({ i: touches.length, ...touch });
  };
  for (const { windows, emptyings } of touching) {
    for (const window of windows) add(nameOf(window), { key: window.key, ...boundsOf(window) });
    for (const { eventId, key } of emptyings) add(eventId, { eventId, key });
  }
  const numbersOf = ({ windows, emptyings }: Touching): number[] =>
    [...windows.map(nameOf), ...emptyings.map(({ eventId }) => eventId)].flatMap(
      (name) => numbers.get(name) ?? [],
    );
  return { touches, numbersOf };
}

function nameOf({ key, from, to }: Window): string {
  return `${from} ${to} ${key}`;
}

/** Each event once, oldest first. */
export function inOrder<E extends Pick<Sighting, 'eventId' | 't' | 'hash'>>(
  events: readonly E[],
): E[] {
  return [...new Map(events.map((event) => [event.eventId, event])).values()].sort(byMoment);
}

function saysWhere(event: Sighting): boolean {
  return event.readPoint !== null || event.bizLocation !== null;
}

function toMove({ eventId, t, hash, bizStep, text }: TouchingEvent): CustodyMove[] {
  const move = moveOf(bizStep);
  if (move === undefined) return [];
  return [
    { eventId, t, hash, move, ...(text === null ? {} : { parties: transferPartiesOf(text) }) },
  ];
}
