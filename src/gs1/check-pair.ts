/** Set 82 in the order of its values (GS1 General Specifications 7.9.5). */
const VALUES =
  '!"%&\'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz';
const PAIR = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const PRIMES = [
  2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83,
];

/**
 * The two check characters that follow `text`, a GMN or MUDI without them. Null when the text is
 * longer than 23 characters or has a character outside set 82.
 *
 * @see GS1 General Specifications 7.9.5
 */
export function checkPair(text: string): string | null {
  if (text.length > PRIMES.length) return null;
  let sum = 0;
  for (let at = 0; at < text.length; at++) {
    const value = VALUES.indexOf(text.charAt(at));
    if (value < 0) return null;
    sum += value * (PRIMES[text.length - 1 - at] ?? 0);
  }
  const rest = sum % 1021;
  return PAIR.charAt(rest >> 5) + PAIR.charAt(rest & 31);
}
