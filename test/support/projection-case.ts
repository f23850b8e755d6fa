/** How a minimal case of the projection is written down: facts as they arrive, and the answers by hand. */
import type { Act, Fact } from '../../src/projection/fact.js';
import type { Flag } from './reference-instant.js';

export interface ProjectionCase {
  readonly name: string;
  /** In the order they arrive; the trap is often the last. */
  readonly facts: readonly Fact[];
  /** Ids of events declared in error after all that. */
  readonly retract?: readonly string[];
  /** After everything at `t`. */
  readonly at: readonly (readonly [
    k: string,
    t: number,
    where: string,
    status: string,
    container: string | null,
  ])[];
  /** All exceptions of the codes in FLAGS; absent: none. */
  readonly exceptions?: readonly (readonly [k: string, t: number, code: Flag['code']])[];
  readonly journeys?: Readonly<Record<string, readonly (readonly [string, string | null])[]>>;
  readonly receipts?: readonly (readonly [eventId: string, p: string, by: string | null])[];
  readonly lots?: Readonly<Record<string, string>>;
  /** By lot, then `status@where`: units and outermost containers, at the end. */
  readonly totals?: Readonly<Record<string, Readonly<Record<string, readonly [number, number]>>>>;
}

export const A = '414/9506000134352';
export const B = '414/9506000134369';
export const C = '414/9506000134376';
export const GTIN = '09506000134352';
export const U0 = `01/${GTIN}/21/U0`;
export const U1 = `01/${GTIN}/21/U1`;
export const U2 = `01/${GTIN}/21/U2`;
export const PALLET = '00/095060001343520000';
export const CASE = '00/095060001343520017';
export const TOTE = '8003/09506000134352T1';
/** A case with the key of an item: a unit until an event names it as parent. */
export const CARTON = '01/19506000134359/21/K0';

type More = Partial<Omit<Fact, 'id' | 'eventId' | 't' | 'act' | 'kids'>>;
type Told = (id: string, t: number, kids: readonly string[], more?: More) => Fact;
type Filled = [id: string, t: number, parent: string, kids: readonly string[], more?: More];

/** The id is also the hash, so it decides among the facts of one instant and class. */
const told =
  (act: Act, common: More = {}): Told =>
  (id, t, kids, more = {}) => ({ id, eventId: id, hash: id, t, act, kids, ...common, ...more });

export const commission = told('commission');
export const see = told('see');
export const ship = told('see', { move: 'ship' });
export const receive = told('see', { move: 'receive' });
export const voidShipping = told('see', { move: 'void' });
export const dispense = told('end', { end: 'dispensed' });
export const destroy = told('end', { end: 'destroyed' });
export const decommission = told('end', { end: 'decommissioned' });

export const pack = (...[id, t, parent, kids, more]: Filled): Fact =>
  told('pack', { parent })(id, t, kids, more);
export const unpack = (...[id, t, parent, kids, more]: Filled): Fact =>
  told('unpack', { parent })(id, t, kids, more);
export const empty = (id: string, t: number, parent: string, more: More = {}): Fact =>
  told('unpack', { parent, all: true })(id, t, [], more);
