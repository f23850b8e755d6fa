/** Raw events for recalls: a random history, each event read somewhere, with class-level contents and transformations among them. */
import type { Fact } from '../../src/projection/fact.js';
import type { Dice } from './dice.js';
import type { History } from './histories.js';
import { LOT_IDS, UNITS } from './histories.js';
import type { EpcisJson } from './history-document.js';
import { toEpcisEvent } from './history-document.js';

/** A lot put in, taken out, used or made by class. */
export interface ClassPart {
  readonly role: 'childQuantity' | 'inputQuantity' | 'outputQuantity' | 'quantity';
  readonly lot: string;
}

/** One event as it happened; `facts` is what it says of packages. */
export interface RawEvent {
  readonly id: string;
  readonly t: number;
  readonly readPoint: string | undefined;
  readonly facts: readonly Fact[];
  readonly classes: readonly ClassPart[];
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly json: EpcisJson;
}

export const PLANT = '414/9506000134352';
export const READ_POINTS = [`${PLANT}/254/LINE1`, `${PLANT}/254/DOCK1`, PLANT, '414/9506000134369'];
export const EVENTS_BEGIN = Date.UTC(2025, 0, 1);
const BOXES = ['00/095060001343520000', '8003/09506000134352T1', '00/095060001343520017'];
const STATED = LOT_IDS.filter((id) => id.includes('/10/'));

const uri = (key: string): string => `https://id.gs1.org/${key}`;
const idOf = (n: number): string =>
  `urn:uuid:00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const quantity = (lot: string): EpcisJson => ({ epcClass: uri(lot), quantity: 5 });

/** The facts of a history an instant each, so that no hash decides anything, and some events more. */
export function rawEvents({ facts }: History, dice: Dice): RawEvent[] {
  const ordered = [...facts].sort((a, b) => a.t - b.t);
  const events: RawEvent[] = [];
  for (const fact of ordered) {
    if (dice.chance(0.12)) events.push(madeOf(events.length, dice));
    if (dice.chance(0.1)) events.push(filled(events.length, dice));
    events.push(happened(fact, events.length, dice));
  }
  return events;
}

function at(n: number): { id: string; t: number } {
  return { id: idOf(n), t: EVENTS_BEGIN + (n + 1) * 1000 };
}

function happened(fact: Fact, n: number, dice: Dice): RawEvent {
  const { id, t } = at(n);
  const readPoint = dice.chance(0.6) ? dice.one(READ_POINTS) : undefined;
  const json = toEpcisEvent({ ...fact, t, eventId: id });
  return {
    ...{ id, t, readPoint },
    facts: [{ ...fact, id, eventId: id, t, hash: id }],
    classes: classesOf(json),
    inputs: [],
    outputs: [],
    json: { ...json, readPoint: readPoint === undefined ? undefined : { id: uri(readPoint) } },
  };
}

function classesOf({ childQuantityList }: EpcisJson): ClassPart[] {
  return ((childQuantityList ?? []) as { epcClass: string }[]).map(({ epcClass }) => ({
    role: 'childQuantity',
    lot: epcClass.slice(uri('').length),
  }));
}

/** A lot goes by class into a container. */
function filled(n: number, dice: Dice): RawEvent {
  const { id, t } = at(n);
  const [parent, lot] = [dice.one(BOXES), dice.one(STATED)];
  const common = { id, eventId: id, t, hash: id };
  return {
    ...{ id, t, readPoint: undefined, inputs: [], outputs: [] },
    facts: [{ ...common, act: 'pack', parent, kids: [] }],
    classes: [{ role: 'childQuantity', lot }],
    json: {
      ...eventJson('AggregationEvent', n, 'packing'),
      action: 'ADD',
      parentID: uri(parent),
      childQuantityList: [quantity(lot)],
    },
  };
}

/** One or two packages or a lot go in, a package or a lot comes out. */
function madeOf(n: number, dice: Dice): RawEvent {
  const { id, t } = at(n);
  const byClass = dice.chance(0.4);
  const inputs = byClass ? [] : [dice.one([...UNITS, ...BOXES])];
  const source = dice.one(STATED);
  const made = `01/09506000134390/21/M${n}`;
  const lot = dice.chance(0.7) ? `M${n % 2}` : undefined;
  const common = { eventId: id, t, hash: id };
  return {
    ...{ id, t, readPoint: undefined, inputs, outputs: [made] },
    facts: [
      {
        ...{ ...common, id, act: 'commission', kids: [made] },
        ...(lot === undefined ? {} : { lot }),
      },
      ...(byClass ? [] : [{ ...common, id: `${id}~in`, act: 'see' as const, kids: inputs }]),
    ],
    classes: byClass ? [{ role: 'inputQuantity', lot: source }] : [],
    json: {
      ...eventJson('TransformationEvent', n, 'commissioning'),
      ...(byClass ? { inputQuantityList: [quantity(source)] } : { inputEPCList: inputs.map(uri) }),
      outputEPCList: [uri(made)],
      ...(lot === undefined ? {} : { ilmd: { 'cbvmda:lotNumber': lot } }),
    },
  };
}

function eventJson(type: string, n: number, bizStep: string): EpcisJson {
  const { id, t } = at(n);
  return {
    type,
    eventID: id,
    eventTime: new Date(t).toISOString(),
    eventTimeZoneOffset: '+00:00',
    bizStep,
  };
}

/** The event again, declared in error. */
export function declaredInError({ json, t }: RawEvent): EpcisJson {
  const declarationTime = new Date(t + 3_600_000).toISOString();
  return { ...json, errorDeclaration: { declarationTime, reason: 'did_not_occur' } };
}
