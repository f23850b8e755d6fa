/**
 * The query of a full-text index for a text that somebody typed: every word must begin a word of the record. Letters and digits are words;
 * all else separates them, so nothing of the text is syntax for Lucene.
 */
export function luceneOf(text: string): string {
  return wordsOf(text)
    .map((word) => `+(${word} ${withoutAccents(word)}*)`)
    .join(' ');
}

/** The words of a text: at most 20, lower case, as Lucene keeps them. */
export function wordsOf(text: string): string[] {
  return (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).slice(0, 20);
}

/** Lucene takes accents off whole words, but not off the beginning of one. */
function withoutAccents(word: string): string {
  return word.normalize('NFKD').replaceAll(/\p{M}/gu, '');
}
