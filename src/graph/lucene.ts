/**
 * The query of a full-text index for a text that somebody typed: every word must begin a word of the record. Letters and digits are words;
 * all else separates them, so nothing of the text is syntax for Lucene.
 */
export function luceneOf(text: string): string {
  return wordsOf(text)
    .map((word) => `+(${word} ${withoutAccents(word)}*)`)
    .join(' ');
}

/**
 * The query of a full-text index of whole numbers (analyzer `keyword`): those with the same letters and digits, whatever stands between
 * them. Capitals do not count.
 *
 * @param letters ASCII letters and digits only
 * @param named   the name of the number may stand before it, as in "PZN-01234567"
 */
export function luceneOfNumber(letters: string, named = false): string {
  const between = '[^A-Za-z0-9]*';
  const each = (letters.match(/[a-z0-9]/gi) ?? []).map((one) =>
    /\d/.test(one) ? one : `[${one.toUpperCase()}${one.toLowerCase()}]`,
  );
  const name = named ? '([A-Za-z]{2,4}[^A-Za-z0-9]+)?' : '';
  return `/${name}${between}${each.join(between)}${between}/`;
}

/** The query for texts that have all words of this one, whole, or one of the numbers as a word. */
export function luceneOfWords(text: string, numbers: readonly string[]): string {
  const words = wordsOf(text).map((word) => `+${word}`);
  return [`(${words.join(' ')})`, ...numbers.map((one) => one.toLowerCase())].join(' ');
}

/** The words of a text: at most 20, lower case, as Lucene keeps them. */
export function wordsOf(text: string): string[] {
  return (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).slice(0, 20);
}

/** Lucene takes accents off whole words, but not off the beginning of one. */
function withoutAccents(word: string): string {
  return word.normalize('NFKD').replaceAll(/\p{M}/gu, '');
}
