import { keyOfUri } from '../gs1/identifier.js';
import type { StoredEvent } from '../events/index.js';
import { wantsHandoff, wantsLocation } from './feed-filter.rules.js';
import type { FeedSelection } from './feed-filter.rules.js';
import type { FeedMessage } from './messages.js';
import type { Surroundings } from './surroundings.js';

/** What a message may tell of. */
export type ChangeKind = FeedMessage['kind'];

/** What a subscriber to several kinds of changes asks for. Every given list must match, by at least one of its values. */
export interface ChangeSelection extends FeedSelection {
  readonly kinds?: ReadonlySet<ChangeKind>;
  readonly bizSteps?: ReadonlySet<string>;
  /** Bare words of the CBV, or URIs. */
  readonly dispositions?: ReadonlySet<string>;
}

/** Whether the event of a message decides if somebody wants it. */
export function asksForEvents({ bizSteps, dispositions, ...more }: ChangeSelection): boolean {
  return bizSteps !== undefined || dispositions !== undefined || asksForThings(more);
}

function asksForThings(selection: FeedSelection): boolean {
  const { ids, lots, gtins, sites, parties, statuses } = selection;
  return [ids, lots, gtins, sites, parties, statuses].some((list) => list !== undefined);
}

/**
 * Whether a message is one that a subscriber asked for. What a message does not have does not match.
 *
 * @param seen the event that caused it, as who asks sees it, null for none; and what is around packages
 */
export function wantsChange(selection: ChangeSelection, message: FeedMessage, seen: Seen): boolean {
  return (
    selection.kinds?.has(message.kind) !== false &&
    isSaid(selection, message, seen.event) &&
    (!asksForThings(selection) || isOfThings(selection, message, seen))
  );
}

/** What a message does not say itself. */
interface Seen {
  readonly event: StoredEvent | null;
  readonly around: Surroundings;
}

function isSaid(
  { bizSteps, dispositions }: ChangeSelection,
  message: FeedMessage,
  event: StoredEvent | null,
): boolean {
  const disposition = message.kind === 'location' ? message.status : event?.disposition;
  return isIn(bizSteps, event?.bizStep) && isIn(dispositions, disposition);
}

function isOfThings(
  selection: ChangeSelection,
  message: FeedMessage,
  { event, around }: Seen,
): boolean {
  switch (message.kind) {
    case 'location':
      return wantsLocation(selection, message, around);
    case 'handoff':
      return !selection.lots && !selection.gtins && wantsHandoff(selection, message, around);
    case 'event':
      return event !== null && isAbout(selection, event, { keys: keysIn(event), around });
    case 'exception':
      return event !== null && isAbout(selection, event, { keys: [message.k], around });
    case 'job':
      return false;
  }
}

function isIn(wanted: ReadonlySet<string> | undefined, word: string | null | undefined): boolean {
  return wanted === undefined || (word != null && wanted.has(word));
}

function isAbout(
  { ids, lots, gtins, sites, parties }: ChangeSelection,
  { readPoint, bizLocation }: StoredEvent,
  { keys, around }: { readonly keys: readonly string[]; readonly around: Surroundings },
): boolean {
  const places = [readPoint, bizLocation].filter((place) => place !== null);
  const holders = places.flatMap((place) => around.holderOf(place) ?? []);
  const matches = (wanted: ReadonlySet<string> | undefined, some: readonly string[]): boolean =>
    wanted === undefined || some.some((one) => wanted.has(one));
  return (
    matches(ids, keys) &&
    matches(lots, keys) &&
    matches(
      gtins,
      keys.flatMap((key) => (key.startsWith('01/') ? [key.slice(3, 17)] : [])),
    ) &&
    matches(sites, places) &&
    matches(parties, holders)
  );
}

const LISTS = ['epcList', 'childEPCs', 'inputEPCList', 'outputEPCList'];
const QUANTITIES = ['quantityList', 'childQuantityList', 'inputQuantityList', 'outputQuantityList'];

/** The packages and classes that an event names. */
function keysIn({ document }: StoredEvent): readonly string[] {
  const listOf = (field: string): readonly unknown[] => {
    const list = document[field];
    return Array.isArray(list) ? list : [];
  };
  const classes = QUANTITIES.flatMap(listOf).map((one) => (one as { epcClass?: unknown }).epcClass);
  return [document['parentID'], ...LISTS.flatMap(listOf), ...classes].flatMap((uri) =>
    typeof uri === 'string' ? (keyOfUri(uri) ?? []) : [],
  );
}
