import { bareWord } from '../epcis/vocabulary.js';
import type { EpcisEvent } from '../epcis/event.js';
import { namesOf, partiesOf } from '../epcis/readers.js';
import type { Parties } from '../epcis/readers.js';

/** The parties that an event names at one end of a transfer. */
interface TransferEnd {
  /** owning_party */
  readonly owner?: string;
  /** possessing_party */
  readonly possessor?: string;
}

/** The parties in an event's sourceList and destinationList, as keys. */
export interface TransferParties {
  readonly source: TransferEnd;
  readonly destination: TransferEnd;
}

/** A text that names a party contains one of these. */
export const PARTY_WORDS = ['owning_party', 'possessing_party'] as const;
/** A text that states persistent dispositions contains this. */
export const PERSISTENT_WORDS = ['persistentDisposition'] as const;

type Json = Readonly<Record<string, unknown>>;

/** The giving and taking parties that an event names, from its text as captured. */
export function transferPartiesOf(text: string): TransferParties {
  const { sources, destinations } = partiesOf(eventOf(text));
  return { source: endOf(sources), destination: endOf(destinations) };
}

/** Persistent dispositions that an event sets and unsets, as bare words. */
export function persistentDispositionOf(text: string): {
  readonly set: readonly string[];
  readonly unset: readonly string[];
} {
  const found = parse(text)['persistentDisposition'];
  const lists = isObject(found) ? found : {};
  const words = (list: unknown): string[] =>
    (Array.isArray(list) ? list : []).flatMap((word) =>
      typeof word === 'string' ? [bareWord('disposition', word)] : [],
    );
  return { set: words(lists['set']), unset: words(lists['unset']) };
}

/** The parent that an event names, as a key; null when it names none. */
export function parentOf(text: string): string | null {
  return namesOf(eventOf(text)).parent ?? null;
}

function endOf(ends: Parties['sources']): TransferEnd {
  const owner = ends.find(({ type }) => type === 'owning_party')?.key;
  const possessor = ends.find(({ type }) => type === 'possessing_party')?.key;
  return {
    ...(owner === undefined ? {} : { owner }),
    ...(possessor === undefined ? {} : { possessor }),
  };
}

/** Stored text needs no check: it was validated when it was captured. */
function eventOf(text: string): EpcisEvent {
  return JSON.parse(text) as EpcisEvent;
}

function parse(text: string): Json {
  const value: unknown = JSON.parse(text);
  return isObject(value) ? value : {};
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
