import type { SensorElement, SensorReport } from '../epcis/event.js';
import { parseInstant } from '../epcis/formats.js';
import { convert } from '../epcis/units.js';
import type { Scalar } from '../event-terms/event-fields.rules.js';
import type { Comparison, FieldValue, FilterOf, QueryInstant } from './event-query.js';
import { sensorText } from '../event-terms/event-readers.rules.js';

/** Negative when the first instant is earlier. */
function compareInstants(a: QueryInstant, b: QueryInstant): number {
  return a.ms - b.ms || a.micros - b.micros;
}

/** Whether an instant is at or after `from` and before `to`. */
export function isBetween(
  at: QueryInstant | null,
  { from, to }: { readonly from?: QueryInstant; readonly to?: QueryInstant },
): boolean {
  if (at === null) return false;
  if (from !== undefined && compareInstants(at, from) < 0) return false;
  return to === undefined || compareInstants(at, to) < 0;
}

function holds(op: Comparison, a: number, b: number): boolean {
  switch (op) {
    case 'EQ':
      return a === b;
    case 'GT':
      return a > b;
    case 'GE':
      return a >= b;
    case 'LT':
      return a < b;
    case 'LE':
      return a <= b;
  }
}

function ordered(op: Comparison, difference: number): boolean {
  return holds(op, difference, 0);
}

/** Whether a value of an extension field compares as asked with the value asked for. */
export function meets(value: Scalar, op: Comparison, asked: FieldValue): boolean {
  if (op === 'EQ' && String(value) === asked.text) return true;
  if (asked.kind === 'time') {
    const at = typeof value === 'string' ? parseInstant(value) : null;
    return at !== null && ordered(op, compareInstants(at, asked.at));
  }
  const number = numberIn(value, op);
  return asked.number !== undefined && number !== undefined && holds(op, number, asked.number);
}

/** Texts are equal only as texts: 007 is not 7. Greater and less compare them as numbers when they are numbers. */
function numberIn(value: Scalar, op: Comparison): number | undefined {
  if (typeof value === 'number') return value;
  if (op === 'EQ' || typeof value === 'boolean' || value.trim() === '') return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/** Whether a quantity or a reading meets one of the values asked for, in their unit. */
export function meetsIn(
  value: number,
  unit: string | undefined,
  asked: { readonly op: Comparison; readonly values: readonly number[]; readonly uom?: string },
  kind: 'value' | 'difference' = 'value',
): boolean {
  const { op, values, uom } = asked;
  if (uom === undefined || uom === unit) return values.some((one) => holds(op, value, one));
  const converted = unit === undefined ? null : convert(value, unit, uom, kind);
  if (unit === undefined || converted === null) return false;
  // Conversion rounds. Near the zero of a scale with an offset, only the other unit shows that two values are the same.
  const isSame = (one: number): boolean =>
    isNear(converted, one) || isNear(value, convert(one, uom, unit, kind) ?? NaN);
  return values.some((one) => holds(op, isSame(one) ? one : converted, one));
}

const ROUNDING = 1e-9;

function isNear(a: number, b: number): boolean {
  return Math.abs(a - b) <= ROUNDING * Math.max(Math.abs(a), Math.abs(b));
}

/** Sensor text: one report, or the metadata of one element, has one of the values in the attribute. */
export function matchesSensorText(
  { attribute, in: part, values }: FilterOf<'sensorText'>,
  elements: readonly SensorElement[],
): boolean {
  const wanted = new Set(values);
  const has = (holder: object | undefined): boolean => {
    const value = (holder as Readonly<Record<string, unknown>> | undefined)?.[attribute];
    if (typeof value === 'boolean') return wanted.has(String(value));
    return typeof value === 'string' && wanted.has(sensorText(attribute, value));
  };
  return elements.some(
    ({ sensorMetadata, sensorReport }) =>
      (part !== 'report' && has(sensorMetadata)) || (part !== 'metadata' && sensorReport.some(has)),
  );
}

/** `time` may be in the metadata or in a report; the other two are in the metadata. */
export function matchesSensorTime(
  filter: FilterOf<'sensorTime'>,
  elements: readonly SensorElement[],
): boolean {
  const within = (text: string | undefined): boolean =>
    text !== undefined && isBetween(parseInstant(text), filter);
  return elements.some(
    ({ sensorMetadata, sensorReport }) =>
      within(sensorMetadata?.[filter.attribute]) ||
      (filter.attribute === 'time' && sensorReport.some(({ time }) => within(time))),
  );
}

/** A reading is compared in the unit asked for. A standard deviation is a difference, so the offset of a scale must not be added. */
export function matchesSensorNumber(
  filter: FilterOf<'sensorNumber'>,
  elements: readonly SensorElement[],
): boolean {
  const { attribute } = filter;
  const kind = attribute === 'sDev' ? 'difference' : 'value';
  const matches = (report: SensorReport): boolean => {
    const value: unknown = report[attribute as keyof SensorReport];
    return typeof value === 'number' && meetsIn(value, report.uom, filter, kind);
  };
  return elements.some(({ sensorReport }) => sensorReport.some(matches));
}
