import type { View } from '../access/view.js';
import { wordsOf } from '../graph/lucene.js';
import { refusedArgument } from '../shared/problem.js';
import { readByKey, readByText } from './search.read-model.js';
import { meaningsOf, ranked, SEARCH_KINDS } from './search.rules.js';
import type { SearchHit, SearchKind } from './search.rules.js';

/** What somebody typed or scanned. */
export interface SearchRequest {
  readonly text: string;
  /** Its type and key, when it is the `id` of a Node. */
  readonly node: { readonly type: string; readonly key: string } | null;
  /** All when empty. */
  readonly kinds: readonly SearchKind[];
  /** 1 to 100. */
  readonly first: number;
}

const LONGEST_TEXT = 1000;
const MOST_HITS = 100;

/**
 * Everything that a text may mean and that is in the store, the best first. Takes two statements at the same time.
 *
 * @throws Problem BAD_USER_INPUT for a text without a letter or a digit, or of more than 1,000 characters, and for a number of hits out of range
 */
export async function search(view: View, request: SearchRequest): Promise<SearchHit[]> {
  const { text, node, first } = request;
  checkText(text);
  if (first < 1 || first > MOST_HITS)
    throw refusedArgument('first', first, {
      rule: `must be 1 to ${MOST_HITS}.`,
      remedy: 'Ask for fewer, or list all with a filter, for example with `lots`.',
    });
  const kinds = request.kinds.length > 0 ? request.kinds : SEARCH_KINDS;
  const meanings = meaningsOf(text, node);
  const found = await Promise.all([
    readByKey(view, meanings),
    readByText(view, { ...meanings, text }, { kinds, first }),
  ]);
  const hits = found.flat().filter(({ kind }) => kinds.includes(kind));
  return ranked(hits, first);
}

function checkText(text: string): void {
  if (text.length > LONGEST_TEXT)
    throw refusedArgument('text', text, {
      rule: `has ${text.length} characters, but at most ${LONGEST_TEXT} are searched for.`,
      remedy: 'Give one identifier, or a few words of a name.',
    });
  if (wordsOf(text).length === 0)
    throw refusedArgument('text', text, {
      rule: 'has no letter and no digit.',
      remedy: 'Give an identifier, a lot number, or the beginning of a name.',
    });
}
