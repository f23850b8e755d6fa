const CHAR = "(?:[a-z0-9\\-._~!$&'()*+,;=:@]|%[0-9a-f]{2})";
const PLAIN = "(?:[a-z0-9\\-._~!$&'()*+,;=]|%[0-9a-f]{2})";
const AUTHORITY = `(?:(?:${PLAIN}|:)*@)?(?:\\[([^\\]]*)\\]|${PLAIN}*)(?::\\d*)?(?:\\/${CHAR}*)*`;
const PATH = `\\/?${CHAR}+(?:\\/${CHAR}*)*`;
const TAIL = `(?:\\?(?:${CHAR}|[/?])*)?(?:#(?:${CHAR}|[/?])*)?`;
const URI = new RegExp(`^[a-z][a-z0-9+\\-.]*:(?:\\/\\/?${AUTHORITY}|${PATH})${TAIL}$`, 'i');
const URN = /^urn:[A-Za-z0-9._~!$&'()*+,;=:@-]+$/;
const IP_FUTURE = /^v[0-9a-f]+\.[a-z0-9\-._~!$&'()*+,;=:]+$/i;

const HEX_GROUP = /^[0-9a-f]{1,4}$/i;
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|[01]?\d\d?)\.){3}(?:25[0-5]|2[0-4]\d|[01]?\d\d?)$/;

/** Counts groups in one half of an IPv6 address; an IPv4 tail counts two. NaN for a wrong group. */
function groupsIn(half: string, mayEndInIPv4: boolean): number {
  if (half === '') return 0;
  const groups = half.split(':');
  const tail = mayEndInIPv4 && IPV4.test(groups.at(-1) ?? '') ? groups.splice(-1).length * 2 : 0;
  return groups.every((group) => HEX_GROUP.test(group)) ? groups.length + tail : NaN;
}

/** Eight groups, or fewer around one `::` (RFC 3986 section 3.2.2). */
function isIPv6(text: string): boolean {
  const [left = '', right, ...more] = text.split('::');
  if (right === undefined) return groupsIn(left, true) === 8;
  return more.length === 0 && groupsIn(left, false) + groupsIn(right, true) <= 7;
}

/** True for an absolute URI (RFC 3986 section 3); a CURIE such as `ext:field` has the same form. */
export function isUri(text: string): boolean {
  if (URN.test(text)) return true;
  const found = URI.exec(text);
  if (!found) return false;
  const literal = found[1];
  return literal === undefined || isIPv6(literal) || IP_FUTURE.test(literal);
}

const DATE_TIME =
  /^(\d{4})-(\d\d)-(\d\d)[tT](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[zZ]|([+-])(\d\d)(?::?(\d\d))?)$/;
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/** Days of a month. */
export function daysIn(year: number, month: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && leap ? 29 : (DAYS[month - 1] ?? 0);
}

function isDay(year: number, month: number, day: number): boolean {
  return day >= 1 && day <= daysIn(year, month);
}

/** Days from 1970-01-01 to a date of the proleptic Gregorian calendar, for years from 0. */
function dayNumber(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return (
    era * 146_097 +
    yearOfEra * 365 +
    Math.floor(yearOfEra / 4) -
    Math.floor(yearOfEra / 100) +
    dayOfYear -
    719_468
  );
}

/** 00:00:00 to 23:59:59.9…, and 24:00:00, the end of the day. xsd:dateTime has no leap seconds. */
function isTimeOfDay(hour: number, minute: number, seconds: number): boolean {
  if (hour === 24) return minute === 0 && seconds === 0;
  return hour < 24 && minute < 60 && seconds < 60;
}

/** An instant: epoch milliseconds, and the digits after them as microseconds (0 to 999). */
export interface Instant {
  readonly ms: number;
  readonly micros: number;
}

/**
 * The instant of an xsd:dateTime with an offset (EPCIS 2.0 section 7.3.2); null for any other text.
 * Digits after the microsecond are dropped. `24:00:00` is midnight of the next day.
 */
export function parseInstant(text: string): Instant | null {
  const m = DATE_TIME.exec(text);
  if (!m) return null;
  const year = Number(m[1]);
  const month = Number(m[2]);
  const day = Number(m[3]);
  const clock = Number(m[4]) * 60 + Number(m[5]);
  const second = Number(m[6]);
  const offset = offsetMinutes(m[8], m[9], m[10]);
  if (offset === null || !isDay(year, month, day)) return null;
  if (m[4] === '24' && text.startsWith('9999-12-31')) return null;
  if (!isTimeOfDay(Number(m[4]), Number(m[5]), second + Number(`0.${m[7] ?? 0}`))) return null;
  const micros = m[7] === undefined ? 0 : Number(m[7].slice(0, 6).padEnd(6, '0'));
  const seconds = (dayNumber(year, month, day) * 1440 + clock - offset) * 60 + second;
  return { ms: seconds * 1000 + Math.floor(micros / 1000), micros: micros % 1000 };
}

function offsetMinutes(sign: string | undefined, hours = '0', minutes = '0'): number | null {
  if (Number(hours) > 23 || Number(minutes) > 59) return null;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

/** Epoch milliseconds of an xsd:dateTime with an offset, without finer digits; otherwise null. */
export function epochMillis(text: string): number | null {
  return parseInstant(text)?.ms ?? null;
}
