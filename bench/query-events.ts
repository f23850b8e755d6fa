import { withCheckDigit } from '../src/gs1/check-digit.js';
import { pick, SITES } from './network.js';

export const RARE_EVERY = 20_000;
const BEGIN = Date.UTC(2026, 0, 1);
const CONTAINERS = 20_000;

const STEPS = ['shipping', 'receiving', 'storing', 'shipping', 'loading', 'receiving'];
const DISPOSITIONS = ['in_transit', 'in_progress', 'sellable_accessible', 'in_transit'];
const uri = (key: string): string => `https://id.gs1.org/${key}`;

/** The n-th container, as a Digital Link. */
export function containerUri(n: number): string {
  return uri(`00/${withCheckDigit(`09506000${String(n).padStart(9, '0')}`)}`);
}

/** The instant of the n-th event: a minute after the one before. */
export function instantOf(n: number): string {
  return new Date(BEGIN + n * 60_000).toISOString();
}

/** A place that only rare events happen at. */
export const RARE_SITE = uri(`414/${withCheckDigit('950600099999')}`);
/** A lot that only rare events name. */
export const RARE_CLASS = 'urn:epc:class:lgtin:9506000.013435.RARE';

/** The n-th event of the store that is asked: every field of a query, with frequent and rare values. */
export function queryEvent(n: number): object {
  const rare = n % RARE_EVERY === 7;
  return {
    eventID: `urn:uuid:00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
    eventTime: instantOf(n),
    eventTimeZoneOffset: '+00:00',
    ...whatOf(n),
    action: 'OBSERVE',
    bizStep: rare ? 'destroying' : pick(STEPS, n),
    disposition: rare ? 'destroyed' : pick(DISPOSITIONS, n),
    ...whereOf(n, rare),
    ...(rare ? RARE_FIELDS : {}),
    ...someFields(n, rare),
  };
}

const RARE_FIELDS = {
  quantityList: [{ epcClass: RARE_CLASS, quantity: 5, uom: 'KGM' }],
  persistentDisposition: { set: ['damaged'] },
};

/** Rare events have odd numbers, packings even ones. */
function whatOf(n: number): object {
  const container = containerUri(n % CONTAINERS);
  if (n % 6 !== 2) return { type: 'ObjectEvent', epcList: [container] };
  const child = containerUri((n + 1) % CONTAINERS);
  return { type: 'AggregationEvent', parentID: container, childEPCs: [child] };
}

function whereOf(n: number, rare: boolean): object {
  const place = { id: rare ? RARE_SITE : uri(pick(SITES, n * 7)) };
  return n % 2 === 0 ? { readPoint: place, bizLocation: place } : { readPoint: place };
}

/** Every fifth has a purchase order, of a hundred events; every tenth fields of its own; every fiftieth a reading. */
function someFields(n: number, rare: boolean): object {
  const order = `urn:epcglobal:cbv:bt:9506000134352:${Math.floor(n / 100)}`;
  const report = { type: 'Temperature', value: n % 4000 === 2 ? 31 : 5, uom: 'CEL' };
  return {
    ...(n % 5 === 0 ? { bizTransactionList: [{ type: 'po', bizTransaction: order }] } : {}),
    ...(n % 10 === 7 ? { 'ex:colour': rare ? 'green' : 'red', 'ex:weight': n % 1000 } : {}),
    ...(n % 50 === 2 ? { sensorElementList: [{ sensorReport: [report] }] } : {}),
  };
}

/** An error declaration of the n-th event. */
export function declarationOf(n: number): object {
  return {
    ...queryEvent(n),
    errorDeclaration: { declarationTime: instantOf(n + 60), reason: 'incorrect_data' },
  };
}

/** A document of such events, as text. */
export function queryDocument(events: readonly object[]): string {
  return JSON.stringify({
    '@context': [
      'https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld',
      { ex: 'https://example.org/ns/' },
    ],
    type: 'EPCISDocument',
    schemaVersion: '2.0',
    creationDate: '2026-11-01T00:00:00.000Z',
    epcisBody: { eventList: events },
  });
}
