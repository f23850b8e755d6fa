/** Status, ends, lots and journeys: a case or two for each rule of the projection. */
import type { ProjectionCase } from './projection-case.js';
import { A, B, C, CARTON, CASE, GTIN, PALLET, U0, U1, U2 } from './projection-case.js';
import { commission, decommission, destroy, dispense, empty, pack } from './projection-case.js';
import { receive, see, ship, unpack } from './projection-case.js';

const LOT = `01/${GTIN}/10/L1`;

const STATUS: readonly ProjectionCase[] = [
  {
    name: 'a unit recalled inside its case stays recalled until its case states something newer',
    facts: [
      commission('made', 1, [U0, U1], { site: A, lot: 'L1' }),
      pack('pack', 2, CASE, [U0, U1], { site: A }),
      see('recall', 3, [U0], { site: A, disposition: 'recalled' }),
      receive('moved', 4, [CASE], { site: B }),
    ],
    at: [
      [U0, 4, B, 'recalled', CASE],
      [U1, 4, B, 'active', CASE],
    ],
    totals: { [LOT]: { [`recalled@${B}`]: [1, 0], [`active@${B}`]: [1, 1] } },
  },
  {
    name: 'what a container states reaches all inside it and stays with those who leave',
    facts: [
      pack('inner', 1, CASE, [U0, U1], { site: A }),
      pack('outer', 2, PALLET, [CASE], { site: A }),
      see('recall', 3, [U0], { site: A, disposition: 'recalled' }),
      see('newer', 4, [PALLET], { site: A, disposition: 'sellable_accessible' }),
      unpack('out', 5, CASE, [U1], { site: A }),
      see('last', 6, [PALLET], { site: A, disposition: 'in_progress' }),
    ],
    at: [
      [U0, 3, A, 'recalled', CASE],
      [U1, 3, A, 'active', CASE],
      [U0, 4, A, 'sellable_accessible', CASE],
      [U1, 6, A, 'sellable_accessible', null],
      [U0, 6, A, 'in_progress', CASE],
      [CASE, 6, A, 'in_progress', PALLET],
    ],
  },
  {
    name: 'joining a pallet that stated something newer changes no status',
    facts: [
      pack('inner', 1, CASE, [U0], { site: A }),
      see('recall', 2, [U0], { site: A, disposition: 'recalled' }),
      see('pallet', 3, [PALLET], { site: A, disposition: 'sellable_accessible' }),
      pack('outer', 4, PALLET, [CASE], { site: A }),
    ],
    at: [
      [U0, 4, A, 'recalled', CASE],
      [CASE, 4, A, 'active', PALLET],
      [PALLET, 4, A, 'sellable_accessible', null],
    ],
  },
  {
    name: 'of two statements of one instant the nearest wins',
    facts: [
      pack('pack', 1, CASE, [U0, U1], { site: A }),
      see('a', 2, [U0], { site: A, disposition: 'recalled' }),
      see('b', 2, [CASE], { site: A, disposition: 'in_progress' }),
    ],
    at: [
      [U0, 2, A, 'recalled', CASE],
      [U1, 2, A, 'in_progress', CASE],
    ],
  },
];

const ENDS: readonly ProjectionCase[] = [
  {
    name: 'a disposed unit is absorbing until it is commissioned again',
    facts: [
      dispense('end', 2, [U0], { site: A }),
      see('seen', 3, [U0], { site: B, disposition: 'recalled' }),
      pack('pack', 4, CASE, [U0], { site: B }),
      commission('again', 5, [U0], { site: C }),
    ],
    at: [
      [U0, 2, A, 'dispensed', null],
      [U0, 3, A, 'dispensed', null],
      [U0, 4, A, 'dispensed', null],
      [U0, 5, C, 'active', null],
    ],
    exceptions: [
      [U0, 3, 'AFTER_END'],
      [U0, 4, 'PACKED_AFTER_END'],
    ],
  },
  {
    name: 'ended without a place: where it was, by its case if it was in one; in transit is nowhere',
    facts: [
      pack('pack', 1, CASE, [U0], { site: A }),
      see('seen', 1, [U1], { site: B }),
      ship('ship', 1, [U2], { dest: B }),
      dispense('one', 2, [U0]),
      destroy('two', 2, [U1]),
      decommission('three', 2, [U2]),
    ],
    at: [
      [U0, 2, A, 'dispensed', null],
      [U1, 2, B, 'destroyed', null],
      [U2, 2, '?', 'decommissioned', null],
    ],
  },
  {
    name: 'a container that ends lets its contents out where it ended, and takes part again when named',
    facts: [
      pack('inner', 1, CASE, [U0], { site: A }),
      pack('outer', 2, PALLET, [CASE, U1], { site: A }),
      destroy('end', 3, [PALLET], { site: B }),
      see('again', 4, [PALLET], { site: C }),
    ],
    at: [
      [PALLET, 3, B, 'destroyed', null],
      [CASE, 3, B, 'active', null],
      [U0, 3, B, 'active', CASE],
      [U1, 3, B, 'active', null],
      [PALLET, 4, C, 'active', null],
    ],
    exceptions: [[PALLET, 4, 'AFTER_END']],
  },
  {
    name: 'a case by item key that no event names as parent is a unit: its end is absorbing',
    facts: [
      commission('made', 1, [CARTON], { site: A, lot: 'L1' }),
      dispense('end', 2, [CARTON], { site: A }),
      see('seen', 3, [CARTON], { site: B }),
    ],
    at: [[CARTON, 3, A, 'dispensed', null]],
    exceptions: [[CARTON, 3, 'AFTER_END']],
    lots: { [CARTON]: '01/19506000134359/10/L1' },
    totals: { '01/19506000134359/10/L1': { [`dispensed@${A}`]: [1, 0] } },
  },
  {
    name: 'once any event names it as parent it always was a container, and is no unit of its lot',
    facts: [
      commission('made', 1, [CARTON], { site: A, lot: 'L1' }),
      dispense('end', 2, [CARTON], { site: A }),
      see('seen', 3, [CARTON], { site: B }),
      pack('late', 9, CARTON, [U0], { site: B }),
    ],
    at: [
      [CARTON, 2, A, 'dispensed', null],
      [CARTON, 3, B, 'active', null],
      [U0, 9, B, 'active', CARTON],
    ],
    exceptions: [[CARTON, 3, 'AFTER_END']],
    totals: {
      '01/19506000134359/10/L1': {},
      [`01/${GTIN}`]: { [`active@${B}`]: [1, 1] },
    },
  },
  {
    name: 'the lot is that of the newest commissioning that states one',
    facts: [
      commission('two', 2, [U0, U1], { site: A, lot: 'L2' }),
      commission('one', 1, [U0, U1, U2], { site: A, lot: 'L1' }),
      commission('three', 3, [U0], { site: A }),
    ],
    at: [[U0, 3, A, 'active', null]],
    lots: { [U0]: `01/${GTIN}/10/L2`, [U1]: `01/${GTIN}/10/L2`, [U2]: LOT, [PALLET]: '?' },
    totals: { [LOT]: { [`active@${A}`]: [1, 0] } },
  },
];

const JOURNEYS: readonly ProjectionCase[] = [
  {
    name: 'a journey has the events of every container around it, while it is inside',
    facts: [
      pack('1 inner', 1, CASE, [U0], { site: A }),
      pack('2 outer', 2, PALLET, [CASE], { site: A }),
      ship('3 ship', 3, [PALLET], { dest: B }),
      receive('4 both', 4, [CASE, PALLET], { site: B }),
      empty('5 empty', 5, PALLET, { site: B }),
      see('6 pallet', 6, [PALLET], { site: C }),
      decommission('7 end', 7, [CASE], { site: B }),
      see('8 case', 8, [CASE], { site: C }),
    ],
    at: [
      [U0, 6, B, 'active', CASE],
      [U0, 8, B, 'active', null],
    ],
    exceptions: [[CASE, 8, 'AFTER_END']],
    journeys: {
      [U0]: [
        ['1 inner', null],
        ['2 outer', CASE],
        ['3 ship', PALLET],
        ['4 both', CASE],
        ['5 empty', PALLET],
        ['7 end', CASE],
      ],
    },
    receipts: [
      ['4 both', PALLET, '3 ship'],
      ['4 both', CASE, '3 ship'],
    ],
  },
  {
    name: 'an event that names both is its own, and one of a second counts in order of class',
    facts: [
      see('a', 1, [U0, CASE], { site: A }),
      pack('b', 1, CASE, [U0], { site: A }),
      commission('c', 1, [CASE], { site: A }),
    ],
    at: [[U0, 1, A, 'active', CASE]],
    journeys: {
      [U0]: [
        ['c', CASE],
        ['b', null],
        ['a', null],
      ],
    },
  },
];

export const OUTCOMES: readonly ProjectionCase[] = [...STATUS, ...ENDS, ...JOURNEYS];
