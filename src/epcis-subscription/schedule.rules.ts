import { Problem } from '../shared/problem.js';

/** Fields of a QuerySchedule, finest first, with their least and greatest value. Monday is 1 (EPCIS 2.0 section 8.2.5.3). */
const FIELDS = {
  second: [0, 59],
  minute: [0, 59],
  hour: [0, 23],
  dayOfMonth: [1, 31],
  dayOfWeek: [1, 7],
  month: [1, 12],
} as const;

type Field = keyof typeof FIELDS;
const NAMES = Object.keys(FIELDS) as readonly Field[];

/** When a standing query runs: the fields as the subscriber wrote them. All fields given must match, in UTC. */
export type Schedule = Readonly<Partial<Record<Field, string>>>;

/** Whether a parameter of a subscription is a field of its schedule. */
export function isScheduleField(name: string): name is Field {
  return NAMES.includes(name as Field);
}

/**
 * Reads a schedule. Each field is a number, a range `[1-5]`, or a comma-separated list of these.
 *
 * This also accepts JSON numbers, ranges without brackets, `*`, and steps (`0/30`, as in GS1's own example).
 *
 * @throws Problem SUBSCRIPTION_CONTROLS naming the field, also when the schedule has none
 */
export function parseSchedule(given: unknown): Schedule {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw refusal('schedule', given, 'an object, e.g. {"hour": "1", "minute": "5"}');
  const entries = Object.entries(given as Record<string, unknown>).map(([name, value]) => {
    if (!isScheduleField(name))
      throw refusal(`schedule.${name}`, value, `one of the fields ${NAMES.join(', ')}`);
    const text = typeof value === 'number' ? String(value) : value;
    if (typeof text !== 'string') throw refusal(`schedule.${name}`, value, 'a string');
    valuesOf(name, text);
    return [name, text.trim()] as const;
  });
  if (entries.length === 0)
    throw refusal('schedule', given, `at least one of the fields ${NAMES.join(', ')}`);
  return Object.fromEntries(entries);
}

/**
 * A schedule as a cron pattern of six fields: second, minute, hour, day of month, month, day of week (0 is Sunday).
 *
 * A field left out matches any value. But fields finer than all those given take their least value, so `{hour: 1, minute: 5}` runs once, at
 * 01:05:00, and not in each second of that minute.
 */
export function cronPatternOf(schedule: Schedule): string {
  const finest = NAMES.findIndex((name) => schedule[name] !== undefined);
  const part = (name: Field): string => {
    const text = schedule[name];
    if (text !== undefined) return listOf(name, text);
    const isFiner = NAMES.indexOf(name) < finest && name !== 'dayOfWeek';
    const isDayBesideWeekday = name === 'dayOfMonth' && schedule.dayOfWeek !== undefined;
    return isFiner && !isDayBesideWeekday ? String(FIELDS[name][0]) : '*';
  };
  return [
    part('second'),
    part('minute'),
    part('hour'),
    part('dayOfMonth'),
    part('month'),
    part('dayOfWeek'),
  ].join(' ');
}

function listOf(name: Field, text: string): string {
  const values = valuesOf(name, text);
  const [least, greatest] = FIELDS[name];
  if (values.length === greatest - least + 1) return '*';
  return values.map((value) => (name === 'dayOfWeek' ? value % 7 : value)).join(',');
}

/** Every value that a field matches, ascending. */
function valuesOf(name: Field, text: string): readonly number[] {
  const values = new Set<number>();
  for (const element of text.split(',')) {
    const span = spanOf(name, element.trim());
    if (span === null)
      throw refusal(
        `schedule.${name}`,
        text,
        `numbers from ${FIELDS[name][0]} to ${FIELDS[name][1]}, or ranges such as [${FIELDS[name][0]}-${FIELDS[name][1]}], separated by commas`,
      );
    for (let value = span.from; value <= span.to; value += span.step) values.add(value);
  }
  return [...values].sort((a, b) => a - b);
}

const NUMBER = /^\d{1,2}$/;

interface Span {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

/** `a`, `a-b`, `[a-b]` or `*`, each with an optional step after a slash. `a/n` goes from a to the greatest value. */
function spanOf(name: Field, element: string): Span | null {
  const [range = '', step = '1', ...rest] = element.split('/');
  const bounds = boundsOf(name, range, element.includes('/'));
  if (bounds === null || rest.length > 0 || !NUMBER.test(step) || Number(step) < 1) return null;
  const [least, greatest] = FIELDS[name];
  const [from, to] = bounds;
  return from >= least && to <= greatest && from <= to ? { from, to, step: Number(step) } : null;
}

function boundsOf(name: Field, range: string, hasStep: boolean): readonly [number, number] | null {
  const [least, greatest] = FIELDS[name];
  if (range === '*') return [least, greatest];
  if (NUMBER.test(range)) return [Number(range), hasStep ? greatest : Number(range)];
  const bare = /^\[(.*)\]$/.exec(range)?.[1] ?? range;
  const ends = bare.split('-');
  if (ends.length !== 2 || !ends.every((end) => NUMBER.test(end))) return null;
  return [Number(ends[0]), Number(ends[1])];
}

function refusal(parameter: string, found: unknown, expected: string): Problem {
  const shown = JSON.stringify(found) as string | undefined;
  return new Problem(
    'SUBSCRIPTION_CONTROLS',
    `"${parameter}" is ${shown?.slice(0, 100) ?? 'absent'}; write ${expected}.`,
    { details: { parameter } },
  );
}
