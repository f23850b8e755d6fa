import { isLosslessNumber } from 'lossless-json';
import { isObject } from './checks.js';

/** Fields of an ObjectEvent that a QuantityEvent can express (EPCIS 1.2 section 7.4.4). */
const FIELDS: ReadonlySet<string> = new Set([
  '@context',
  'type',
  'eventTime',
  'recordTime',
  'eventTimeZoneOffset',
  'eventID',
  'errorDeclaration',
  'certificationInfo',
  'epcList',
  'quantityList',
  'action',
  'bizStep',
  'disposition',
  'readPoint',
  'bizLocation',
  'bizTransactionList',
]);

/**
 * Class and quantity of an event that is equal to a QuantityEvent: OBSERVE, an empty `epcList`, one
 * quantity without `uom`, and no newer field. Null for any other event.
 */
export function quantityEventOf(
  event: object,
): { readonly epcClass: string; readonly quantity: unknown } | null {
  const { type, action, epcList, quantityList } = event as Readonly<Record<string, unknown>>;
  const sees = type === 'ObjectEvent' && action === 'OBSERVE' && isListOf(0, epcList);
  if (!sees || !isListOf(1, quantityList) || Object.keys(event).some(isNewer)) return null;
  return countedIn(quantityList[0]);
}

function isListOf(length: number, value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length === length;
}

function isNewer(field: string): boolean {
  return !FIELDS.has(field) && !field.includes(':');
}

function countedIn(element: unknown): ReturnType<typeof quantityEventOf> {
  if (!isObject(element) || element['uom'] !== undefined) return null;
  const { epcClass, quantity } = element;
  const count = isLosslessNumber(quantity) ? Number(quantity.value) : quantity;
  return typeof epcClass === 'string' && Number.isInteger(count) ? { epcClass, quantity } : null;
}
