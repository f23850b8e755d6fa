import { distance } from 'fastest-levenshtein';
import { EVENT_TYPES as TYPES_OF_STANDARD } from '../epcis/event.js';
import { bareWord, isReservedUri, isRetiredWord, wordsOf } from '../epcis/vocabulary.js';
import { Problem } from '../shared/problem.js';

/** A vocabulary for a filter. Words that partners add as URIs are always allowed. */
export interface WordList {
  /** The name of one word, for messages. */
  readonly noun: string;
  readonly words: ReadonlySet<string>;
  /** The bare word of any spelling; any other text stays as it is. */
  readonly bare: (value: string) => string;
  /** True for a URI that only the standard may define. */
  readonly isReserved: (value: string) => boolean;
}

/** Business steps of the CBV. */
export const BIZ_STEPS = listOf('business step', 'bizStep');

/** Dispositions of the CBV. */
export const DISPOSITIONS = listOf('disposition', 'disposition');

/** Dispositions of the CBV, and the final status of units. */
export const STATUSES = listOf('status', 'disposition', ['decommissioned']);

/** Event types of the standard. */
export const EVENT_TYPES: WordList = {
  noun: 'event type',
  words: new Set(TYPES_OF_STANDARD),
  bare: (value) => value.replace(/^(?:epcis:|https:\/\/ref\.gs1\.org\/epcis\/)/, ''),
  isReserved: () => false,
};

/**
 * The values of a filter as they are stored: words of the vocabulary in any spelling, or private
 * URIs.
 *
 * @throws Problem BAD_USER_INPUT for an unknown word, with the nearest one, because it would never
 * match
 */
export function wordArgs(argument: string, values: readonly string[], list: WordList): string[] {
  return values.map((value, i) => wordArg(`${argument}[${i}]`, value, list));
}

/** Like {@link wordArgs}, for one value. */
export function wordArg(argument: string, value: string, list: WordList): string {
  const word = list.bare(value.trim());
  const isOwn = /^[a-z][\w+.-]*:./i.test(word) && !list.isReserved(word);
  if (list.words.has(word) || isOwn || isRetiredWord(word)) return word;
  const rule = `${JSON.stringify(value.slice(0, 100))} is not a known ${list.noun} and not a URI of your own.`;
  const remedy = `Did you mean "${nearest(word, list.words)}"? Known: ${[...list.words].sort().join(', ')}.`;
  throw new Problem('BAD_USER_INPUT', `Argument "${argument}": ${rule} ${remedy}`, {
    details: { argument, found: value.slice(0, 100), rule, remedy },
  });
}

function listOf(
  noun: string,
  kind: 'bizStep' | 'disposition',
  more: readonly string[] = [],
): WordList {
  return {
    noun,
    words: new Set([...wordsOf(kind), ...more]),
    bare: (value) => bareWord(kind, value),
    isReserved: (value) =>
      isReservedUri(kind, value) || /^(?:cbv:|https?:\/\/ref\.gs1\.org\/cbv\/)/.test(value),
  };
}

function nearest(value: string, words: ReadonlySet<string>): string {
  const given = value
    .replace(/^.*[:/-]/, '')
    .slice(0, 100)
    .toLowerCase();
  const far = (word: string): number => distance(given, word.toLowerCase());
  return [...words].reduce((best, one) => (far(one) < far(best) ? one : best));
}
