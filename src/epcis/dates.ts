import { daysIn } from './formats.js';

/** What may follow a date: a time of day, an offset, or both. */
const TIME = String.raw`(?:[Tt ]?\d\d(?::?\d\d){1,2}(?:[.,]\d+)?)?(?:[zZ]|[+-]\d\d(?::?\d\d)?)?`;
const AI = String.raw`^(?:\((?:11|13|15|16|17|7003)\))?`;

const DAY = new RegExp(String.raw`${AI}(\d{4})-(\d\d)-(\d\d)${TIME}$`);
const MONTH = /^(\d{4})-(\d\d)(?:[zZ]|[+-]\d\d:\d\d)?$/;
const YEAR = /^(\d{4})$/;
const ORDINAL = /^(\d{4})-?([0-3]\d\d)$/;
const WEEK = /^(\d{4})-?W(\d\d)(?:-?([1-7]))?$/;
const BASIC = new RegExp(String.raw`${AI}(\d{4})(\d\d)(\d\d)(?:[Tt]${TIME})?$`);
/** YYMMDD of AI 11 to 17, or YYMMDDhhmm of AI 7003. */
const GS1 = new RegExp(String.raw`${AI}(\d\d)(\d\d)(\d\d)(?:\d{4})?$`);

/**
 * The day of a date of ISO 8601 or GS1, as YYYY-MM-DD; null when the text is not a date. A month,
 * or day 00, means the last day of the month; a year means its last day. Of a date and time, the
 * date counts as written.
 *
 * @param around a year; a year of two digits lies in the hundred years around it
 * @see GS1 General Specifications 3.4 (dates), 7.12 (century)
 */
export function dateOf(text: string, around: number): string | null {
  for (const read of READERS) {
    const date = read(text.trim(), around);
    if (date !== null) return date;
  }
  return null;
}

type Reader = (text: string, around: number) => string | null;

const READERS: readonly Reader[] = [
  (text) => dayOf(DAY.exec(text)),
  (text) => dayOf(MONTH.exec(text)),
  (text) => dayOf(BASIC.exec(text)),
  (text, around) => {
    const [, year = '', ...rest] = GS1.exec(text) ?? [];
    return year === '' ? null : dayOf(['', String(centuryOf(Number(year), around)), ...rest]);
  },
  (text) => {
    const [, year] = YEAR.exec(text) ?? [];
    return year === undefined ? null : `${year}-12-31`;
  },
  (text) => {
    const [, year, day = ''] = ORDINAL.exec(text) ?? [];
    return year === undefined ? null : nthDay(Number(year), Number(day));
  },
  (text) => {
    const [, year, week = '', day = '7'] = WEEK.exec(text) ?? [];
    return year === undefined ? null : dayOfWeek(Number(year), Number(week), Number(day));
  },
];

/** Year, month and day; without a day, or with day 00, the last day of the month. */
function dayOf(found: readonly (string | undefined)[] | null): string | null {
  const [, year, month = '', day = '00'] = found ?? [];
  if (year === undefined || !/^(?:0[1-9]|1[0-2])$/.test(month)) return null;
  const last = daysIn(Number(year), Number(month));
  if (Number(day) > last) return null;
  return `${year}-${month}-${day === '00' ? String(last) : day}`;
}

/** The year is at most 49 years before or 50 years after `around`. */
function centuryOf(year: number, around: number): number {
  const century = around - (around % 100);
  const ahead = year - (around % 100);
  if (ahead >= 51) return century - 100 + year;
  return ahead <= -50 ? century + 100 + year : century + year;
}

function nthDay(year: number, day: number): string | null {
  const date = new Date(Date.UTC(year, 0, day));
  return day >= 1 && date.getUTCFullYear() === year ? date.toISOString().slice(0, 10) : null;
}

/** Week 01 contains 4 January (ISO 8601 section 4.3.2.2). */
function dayOfWeek(year: number, week: number, day: number): string | null {
  const fourth = new Date(Date.UTC(year, 0, 4));
  const monday = 4 - ((fourth.getUTCDay() + 6) % 7);
  if (week < 1 || week > 53) return null;
  return new Date(Date.UTC(year, 0, monday + (week - 1) * 7 + day - 1)).toISOString().slice(0, 10);
}
