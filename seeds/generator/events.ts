import type { AggregationEvent, ObjectEvent, TransformationEvent } from '../../src/epcis/event.js';
import { lotIdOf, unitsOf } from './identifiers.js';
import type { Form, Named, UnitRange } from './identifiers.js';
import { ingredientOf } from './lots.js';
import type { LotPlan, Run } from './lots.js';
import type { Company } from './network.js';

/** What the generator makes. */
export type GeneratedEvent = (ObjectEvent | AggregationEvent | TransformationEvent) & {
  readonly eventID: string;
};

/** Which event, when, and by whom it is reported. */
export interface Report {
  readonly id: string;
  /** Epoch ms. */
  readonly t: number;
  readonly by: Company;
}

const EVENTS = 'https://events.example.org/generated/';

/** The form of identifiers a company writes. */
export function formOf({ role }: Company): Form {
  return role === 'maker' || role === 'packager' ? 'urn' : 'link';
}

function head({ id, t }: Report): {
  eventID: string;
  eventTime: string;
  eventTimeZoneOffset: string;
} {
  return {
    eventID: EVENTS + id,
    eventTime: new Date(t).toISOString(),
    eventTimeZoneOffset: '+00:00',
  };
}

function here({ by }: Report): { readPoint: { id: string }; bizLocation: { id: string } } {
  const id = by.site[formOf(by)];
  return { readPoint: { id }, bizLocation: { id } };
}

/** An ingredient lot made, by weight. */
export function ingredientMade(report: Report, lot: LotPlan): GeneratedEvent {
  const epcClass = lotIdOf(ingredientOf(), lot.ingredientLot).urn;
  return {
    ...head(report),
    type: 'ObjectEvent',
    action: 'ADD',
    bizStep: 'commissioning',
    disposition: 'active',
    epcList: [],
    quantityList: [{ epcClass, quantity: 500, uom: 'KGM' }],
    ilmd: { 'cbvmda:lotNumber': lot.ingredientLot },
    ...here(report),
  };
}

/** Units come into being: from an ingredient lot, or told without one. */
export function commissioned(report: Report, run: Run, fromIngredient: boolean): GeneratedEvent {
  const { lot, count } = run;
  const units = unitsOf(run, formOf(report.by));
  const common = {
    ...head(report),
    bizStep: 'commissioning',
    disposition: 'active',
    ilmd: { 'cbvmda:lotNumber': lot.lot, 'cbvmda:itemExpirationDate': lot.expiry },
    ...here(report),
  };
  if (!fromIngredient) return { ...common, type: 'ObjectEvent', action: 'ADD', epcList: units };
  const epcClass = lotIdOf(ingredientOf(), lot.ingredientLot).urn;
  return {
    ...common,
    type: 'TransformationEvent',
    inputQuantityList: [{ epcClass, quantity: count / 100, uom: 'KGM' }],
    outputEPCList: units,
  };
}

/** Things put into a container. */
export function packed(report: Report, parent: Named, children: readonly string[]): GeneratedEvent {
  return {
    ...head(report),
    type: 'AggregationEvent',
    action: 'ADD',
    bizStep: 'packing',
    parentID: parent[formOf(report.by)],
    childEPCs: children,
    ...here(report),
  };
}

/** A container emptied; with a disposition, that of what comes out. */
export function emptied(report: Report, parent: Named, disposition?: string): GeneratedEvent {
  return {
    ...head(report),
    type: 'AggregationEvent',
    action: 'DELETE',
    bizStep: 'unpacking',
    ...(disposition === undefined ? {} : { disposition }),
    parentID: parent[formOf(report.by)],
    childEPCs: [],
    ...here(report),
  };
}

/** From whom to whom, under which despatch advice. */
export interface Transfer {
  readonly from: Company;
  readonly to: Company;
  readonly desadv: string;
}

/** Things on their way. */
export function shipped(
  report: Report,
  things: readonly string[],
  transfer: Transfer,
): GeneratedEvent {
  return {
    ...head(report),
    type: 'ObjectEvent',
    action: 'OBSERVE',
    bizStep: 'shipping',
    disposition: 'in_transit',
    epcList: things,
    readPoint: { id: report.by.site[formOf(report.by)] },
    ...ends(transfer),
  };
}

/** Things arrived. */
export function received(
  report: Report,
  things: readonly string[],
  transfer: Transfer,
  disposition = 'in_progress',
): GeneratedEvent {
  return {
    ...head(report),
    type: 'ObjectEvent',
    action: 'OBSERVE',
    bizStep: 'receiving',
    disposition,
    epcList: things,
    ...here(report),
    ...ends(transfer),
  };
}

/** Units handed to patients. */
export function dispensed(report: Report, units: UnitRange): GeneratedEvent {
  return {
    ...head(report),
    type: 'ObjectEvent',
    action: 'OBSERVE',
    bizStep: 'dispensing',
    disposition: 'dispensed',
    epcList: unitsOf(units, formOf(report.by)),
    ...here(report),
  };
}

/** Units destroyed. */
export function destroyed(report: Report, units: UnitRange): GeneratedEvent {
  return {
    ...head(report),
    type: 'ObjectEvent',
    action: 'DELETE',
    bizStep: 'destroying',
    disposition: 'destroyed',
    epcList: unitsOf(units, formOf(report.by)),
    ...here(report),
  };
}

/** Something seen. */
export function seen(report: Report, things: readonly string[]): GeneratedEvent {
  return {
    ...head(report),
    type: 'ObjectEvent',
    action: 'OBSERVE',
    bizStep: 'inspecting',
    epcList: things,
    ...here(report),
  };
}

function ends({
  from,
  to,
  desadv,
}: Transfer): Pick<ObjectEvent, 'bizTransactionList' | 'sourceList' | 'destinationList'> {
  const [a, b] = [formOf(from), formOf(to)];
  return {
    bizTransactionList: [{ type: 'desadv', bizTransaction: `urn:epcglobal:cbv:bt:${desadv}` }],
    sourceList: [
      { type: 'owning_party', source: from.party[a] },
      { type: 'possessing_party', source: from.party[a] },
      { type: 'location', source: from.site[a] },
    ],
    destinationList: [
      { type: 'owning_party', destination: to.party[b] },
      { type: 'possessing_party', destination: to.party[b] },
      { type: 'location', destination: to.site[b] },
    ],
  };
}
