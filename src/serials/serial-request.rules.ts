import { firstOutside } from '../gs1/characters.js';
import type { SerialDomain, SerialRefusal, SerialRequest } from './serials.js';
import { greatest } from '../shared/append.js';

/** Most serials of one allocation. */
const MAX_COUNT = 1_000_000;
/** Digits and capitals without `0 1 I L O U`: no two look alike, and words are unlikely. */
export const UNAMBIGUOUS = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
/** Default length of a serial: 5 × 10¹⁷ serials over the alphabet above. */
const DEFAULT_LENGTH = 12;
/** AI 21 has at most 20 characters. @see GS1 General Specifications 3.5.2 */
const MAX_LENGTH = 20;
/** FF1 is not secure for smaller domains. @see NIST SP 800-38G revision 1 */
const MIN_SERIALS = 1_000_000n;
const MAX_TEXT = 1000;
/** A guess must be less probable. @see Delegated Regulation (EU) 2016/161, article 4(c) */
const MAX_GUESS = 1 / 10_000;

/** The domain of a request, or what is wrong with the request itself. */
export function domainOf(
  request: SerialRequest,
  maxCount: number = MAX_COUNT,
):
  | { readonly ok: true; readonly domain: SerialDomain }
  | { readonly ok: false; readonly refusal: SerialRefusal } {
  const alphabet = Array.from(request.alphabet ?? UNAMBIGUOUS)
    .sort()
    .join('');
  const length = request.length ?? DEFAULT_LENGTH;
  const refusal =
    faultOfCount(request.count, maxCount) ??
    faultOfAlphabet(alphabet) ??
    faultOfLength(alphabet, length) ??
    faultOfTexts(request);
  return refusal === undefined
    ? { ok: true, domain: { alphabet, length } }
    : { ok: false, refusal };
}

/** The id of a product's pool for a domain; there is one for each domain. */
export function poolId(gtin: string, { alphabet, length }: SerialDomain): string {
  return `${gtin} ${length} ${alphabet}`;
}

/** The probability that a guess in a domain hits a serial that the `given` pools gave out. */
export function guessProbability(
  domain: SerialDomain,
  given: readonly (SerialDomain & { readonly next: number })[],
): number {
  return given.reduce((sum, pool) => {
    if (pool.length !== domain.length) return sum;
    const shared = Array.from(pool.alphabet).filter((c) => domain.alphabet.includes(c)).length;
    return (
      sum + pool.next * (shared / (pool.alphabet.length * domain.alphabet.length)) ** domain.length
    );
  }, 0);
}

/** Refuses an allocation if a serial could then be guessed; `after` are the pools afterwards. */
export function faultOfGuess(
  domain: SerialDomain,
  after: readonly (SerialDomain & { readonly next: number })[],
  count: number,
): SerialRefusal | undefined {
  const probability = greatest(after.map((pool) => guessProbability(pool, after)));
  if (probability < MAX_GUESS) return undefined;
  const { alphabet, length } = domain;
  const longer = lengthFor(domain, after.find((pool) => pool.alphabet === alphabet)?.next ?? count);
  const remedy =
    longer > MAX_LENGTH
      ? 'Use an alphabet of more characters.'
      : `Use ${longer} characters or more, or an alphabet of more characters.`;
  return {
    code: 'GUESSABLE',
    argument: 'length',
    found: `${count} more serials of ${length} characters from ${alphabet.length}: one guess in ${Math.max(1, Math.floor(1 / probability))} would hit`,
    rule: 'the probability to guess a serial must be below 1 in 10,000, for all serials of that length together (Regulation (EU) 2016/161, article 4).',
    remedy,
  };
}

/** The shortest length at which `count` serials of that alphabet cannot be guessed. */
function lengthFor({ alphabet, length }: SerialDomain, count: number): number {
  let longer = length + 1;
  while (longer <= MAX_LENGTH && count / alphabet.length ** longer >= MAX_GUESS) longer++;
  return longer;
}

function faultOfCount(count: number, max: number): SerialRefusal | undefined {
  if (Number.isInteger(count) && count >= 1 && count <= max) return undefined;
  return {
    code: 'COUNT',
    argument: 'count',
    found: String(count),
    rule: `must be 1 to ${max.toLocaleString('en')} serials.`,
    remedy:
      max < MAX_COUNT
        ? `POST /serials streams up to ${MAX_COUNT.toLocaleString('en')}. Or ask in parts.`
        : 'Ask in parts.',
  };
}

function faultOfAlphabet(alphabet: string): SerialRefusal | undefined {
  const found = JSON.stringify(alphabet.slice(0, 100));
  const fault = (rule: string, remedy: string): SerialRefusal => ({
    code: 'ALPHABET',
    argument: 'alphabet',
    found,
    rule,
    remedy,
  });
  const outside = firstOutside(alphabet, 'X');
  if (outside >= 0)
    return fault(
      `${JSON.stringify(alphabet.charAt(outside))} is not a character of GS1 set 82.`,
      'Use digits, letters and !"%&\'()*+,-./:;<=>?_ only.',
    );
  const twice = Array.from(alphabet).find((character, i) => alphabet.indexOf(character) < i);
  if (twice !== undefined)
    return fault(`${JSON.stringify(twice)} is given twice.`, 'Give each character once.');
  if (alphabet.length < 2)
    return fault('must have two characters or more.', 'Leave it out for the unambiguous ones.');
  return undefined;
}

function faultOfLength(alphabet: string, length: number): SerialRefusal | undefined {
  const fault = (rule: string, remedy: string): SerialRefusal => ({
    code: 'LENGTH',
    argument: 'length',
    found: String(length),
    rule,
    remedy,
  });
  if (!Number.isInteger(length) || length < 2 || length > MAX_LENGTH)
    return fault(
      `a serial (AI 21) has 2 to ${MAX_LENGTH} characters here.`,
      `Give 2 to ${MAX_LENGTH}. The default is ${DEFAULT_LENGTH}.`,
    );
  if (BigInt(alphabet.length) ** BigInt(length) < MIN_SERIALS)
    return fault(
      `there are fewer than ${MIN_SERIALS.toLocaleString('en')} serials of that length over ${alphabet.length} characters, too few to be random.`,
      'Use more characters.',
    );
  return undefined;
}

function faultOfTexts(request: SerialRequest): SerialRefusal | undefined {
  const fault = (argument: string, found: string, rule: string): SerialRefusal => ({
    code: 'TEXT',
    argument,
    found,
    rule,
    remedy: 'Say in one line who gets the serials.',
  });
  if (request.allocatedTo.trim() === '')
    return fault('allocatedTo', '""', 'must say who gets the serials.');
  for (const name of ['allocatedTo', 'requestedBy', 'note'] as const) {
    const size = request[name]?.length ?? 0;
    if (size > MAX_TEXT)
      return fault(name, `${size} characters`, `may have at most ${MAX_TEXT} characters.`);
  }
  return undefined;
}
