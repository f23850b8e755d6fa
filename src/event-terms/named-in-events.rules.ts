import { wordsOf } from '../epcis/vocabulary.js';
import { keyOf } from './event-fields.rules.js';
import { termOf } from './term.rules.js';

/** Types of business documents, and none: an event need not say which type it is (EPCIS 2.0, 7.3.5.4). */
const DOCUMENT_TYPES = ['', ...wordsOf('bizTransactionType')];
const PARTY_TYPES = ['owning_party', 'possessing_party'];

/** The terms of events that name a business document, as one of any type. */
export function termsOfDocument(id: string): readonly string[] {
  return DOCUMENT_TYPES.map((type) => termOf('bizTransaction', type, keyOf(id)));
}

/** The terms of events that name a party, by one of its keys, as a source or destination. */
export function termsOfParty(keys: readonly string[]): readonly string[] {
  return keys.flatMap((key) =>
    ['source', 'destination'].flatMap((end) => PARTY_TYPES.map((type) => termOf(end, type, key))),
  );
}
