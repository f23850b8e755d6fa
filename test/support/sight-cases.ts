/** Who sees what, in small cases with answers written out by hand. */
import type { Fact } from '../../src/projection/fact.js';
import { CASE, PALLET, TOTE, U0, U1, U2 } from './projection-case.js';
import { commission, decommission, dispense, empty } from './projection-case.js';
import { pack, receive, see, ship, unpack, voidShipping } from './projection-case.js';
import { D, M, M2, Q, T, W, atD, atM, atM2, atQ, atT, atW } from './sight-stories.js';
import { boughtByW, got, made, mixedAtT, nowhere, palletAtW, sold } from './sight-stories.js';

export interface SightCase {
  readonly name: string;
  readonly facts: readonly Fact[];
  readonly retract?: readonly string[];
  /** Who sees a package after everything at an instant. */
  readonly seen: readonly (readonly [key: string, t: number, who: readonly string[]])[];
  /** Who sees an event, with the packages that it sees unless these are all of them; `whole` where it does. */
  readonly events?: readonly (readonly [
    id: string,
    who: Readonly<Record<string, string | readonly string[]>>,
  ])[];
  readonly findings?: readonly (readonly [key: string, t: number, code: string])[];
}

export const SIGHT_CASES: readonly SightCase[] = [
  {
    name: 'a sale: both sides see the shipping and the receipt, and the seller sees nothing after it',
    facts: [...boughtByW, see('later', 5, [U0], { site: atW, by: W })],
    seen: [
      [U0, 1, [M]],
      [U0, 2, [M, W]],
      [U0, 3, [W]],
      [U0, 5, [W]],
    ],
    events: [
      ['sold', { [M]: 'whole', [W]: 'whole' }],
      ['got', { [M]: 'whole', [W]: 'whole' }],
      ['later', { [W]: 'whole' }],
    ],
  },
  {
    name: 'a receipt that nobody shipped opens nothing to its sender',
    facts: [
      ...boughtByW,
      receive('claim', 4, [U0], { site: atQ, by: Q }),
      dispense('end', 9, [U0], { by: W }),
    ],
    seen: [
      [U0, 4, [W]],
      [U0, 9, [W]],
    ],
    events: [['claim', { [Q]: 'whole' }]],
    findings: [[U0, 4, 'NO_STANDING']],
  },
  {
    name: 'a claim does not become the origin of the next shipping, nor the place of an event without one',
    facts: [
      ...boughtByW,
      receive('claim', 4, [U0], { site: atQ, by: Q }),
      see('status', 5, [U0], { by: W, disposition: 'recalled' }),
      receive('claim2', 6, [U0], { site: atQ, by: Q }),
      sold('on', 7, U0, [W, D]),
    ],
    seen: [
      [U0, 5, [W]],
      [U0, 7, [W, D]],
    ],
    findings: [
      [U0, 4, 'NO_STANDING'],
      [U0, 6, 'NO_STANDING'],
    ],
  },
  {
    name: 'what is packed into a tote of somebody without part in it is not seen inside',
    facts: [
      ...boughtByW,
      see('tote', 1, [TOTE], { site: atT, by: T }),
      pack('claim', 4, TOTE, [U0], { site: atT, by: T }),
      see('move', 5, [TOTE], { site: atT, by: T }),
    ],
    seen: [
      [U0, 4, [W]],
      [U0, 5, [W]],
      [TOTE, 5, [T]],
    ],
    findings: [[U0, 4, 'NO_STANDING']],
  },
  {
    name: 'once who has it names it in there, who has the tote sees it',
    facts: [
      ...boughtByW,
      see('tote', 1, [TOTE], { site: atT, by: T }),
      pack('claim', 4, TOTE, [U0], { site: atT, by: T }),
      pack('again', 5, TOTE, [U0], { site: atT, by: W }),
    ],
    seen: [
      [U0, 4, [W]],
      [U0, 5, [T]],
    ],
    findings: [
      [U0, 4, 'NO_STANDING'],
      [TOTE, 5, 'NO_STANDING'],
      [U0, 5, 'TITLE_UNSTATED'],
    ],
  },
  {
    name: 'the parties that a false shipping names do not see it, and its sender sees nothing more',
    facts: [...boughtByW, sold('claim', 4, U0, [Q, D])],
    seen: [[U0, 4, [W]]],
    events: [['claim', { [Q]: 'whole' }]],
    findings: [[U0, 4, 'NO_STANDING']],
  },
  {
    name: 'a handover that says nothing of owners ends the title, and that is told',
    facts: [
      made,
      ship('out', 2, [U0], { dest: atW, by: M }),
      receive('in', 3, [U0], { site: atW, by: W }),
    ],
    seen: [
      [U0, 2, [M, W]],
      [U0, 3, [W]],
    ],
    findings: [[U0, 3, 'TITLE_UNSTATED']],
  },
  {
    name: 'goods kept for their owner stay in its sight, until they go to who buys them',
    facts: [
      made,
      ship('out', 2, [U0], { dest: atT, by: M, giver: { owner: M }, taker: { owner: M } }),
      receive('in', 3, [U0], { site: atT, by: T, taker: { owner: M } }),
      ship('on', 4, [U0], { dest: atD, by: T, giver: { owner: M }, taker: { owner: D } }),
      receive('got', 5, [U0], { site: atD, by: D }),
    ],
    seen: [
      [U0, 3, [M, T]],
      [U0, 4, [M, T, D]],
      [U0, 5, [D]],
    ],
  },
  {
    name: 'a drop shipment: the coming owner sees it from the shipping on, and until the title goes on',
    facts: [
      made,
      ship('drop', 2, [U0], {
        dest: atD,
        by: M,
        giver: { owner: M },
        taker: { owner: W, possessor: D },
      }),
      receive('in', 3, [U0], { site: atD, by: D, taker: { owner: W } }),
      see('mine', 4, [U0], { site: atD, by: D }),
    ],
    seen: [
      [U0, 2, [M, W, D]],
      [U0, 3, [W, D]],
      [U0, 4, [W, D]],
    ],
  },
  {
    name: 'on a mixed pallet each owner sees its own and the provider sees all',
    facts: mixedAtT,
    seen: [
      [U0, 4, [M, T]],
      [U1, 4, [M2, T]],
      [PALLET, 4, [M, T]],
    ],
    events: [['mix', { [T]: 'whole', [M]: [PALLET, U0].sort(), [M2]: [U1] }]],
  },
  {
    name: 'the owner of a pallet who takes it without having it sees nothing of what others put on it',
    facts: [
      ...mixedAtT,
      receive('take', 5, [PALLET], { site: atM, by: M, giver: { owner: M }, taker: { owner: M } }),
      pack('into', 6, TOTE, [PALLET], { site: atM, by: M }),
      ship('out', 7, [PALLET], {
        dest: atM,
        by: M,
        giver: { owner: M },
        taker: { owner: M, possessor: M },
      }),
      empty('open', 8, PALLET, { site: atM, by: M }),
    ],
    seen: [5, 6, 7, 8].flatMap((t) => [[U0, t, [M]] as const, [U1, t, [M2]] as const]),
  },
  {
    name: 'a case that joins a pallet of the same owner, told later, keeps what belongs to others in it',
    facts: [
      ...mixedAtT.slice(0, 6),
      receive('case', 3, [CASE], { site: atT, by: T, taker: { owner: M } }),
      pack('in', 4, CASE, [U1], { site: atT, by: T }),
      receive('pallet', 10, [PALLET], { site: atT, by: T, taker: { owner: M } }),
      pack('on', 12, PALLET, [CASE], { site: atT, by: T }),
    ],
    seen: [
      [U1, 4, [M2, T]],
      [CASE, 12, [M, T]],
      [U1, 12, [M2, T]],
    ],
  },
  {
    name: 'what was in a case that ends elsewhere keeps its title, until the next event there',
    facts: [
      ...mixedAtT.slice(0, 6),
      receive('case', 3, [CASE], { site: atT, by: T, taker: { owner: M } }),
      pack('in', 4, CASE, [U1], { site: atT, by: T }),
      decommission('end', 5, [CASE], { site: atW, by: T }),
      see('there', 6, [U1], { site: atW, by: W }),
    ],
    seen: [
      [U1, 4, [M2, T]],
      [U1, 5, [M2, W]],
      [U1, 6, [W]],
    ],
    findings: [[U1, 6, 'TITLE_UNSTATED']],
  },
  {
    name: 'a pallet that is opened: the buyer of one case sees its case and its past shipper, not the others',
    facts: [
      ...palletAtW,
      unpack('open', 5, PALLET, [U0, U1], { site: atW, by: W }),
      sold('on', 6, U0, [W, D]),
      got('in', 7, U0, [W, D]),
    ],
    seen: [
      [U0, 6, [W, D]],
      [U0, 7, [D]],
      [U1, 7, [W]],
    ],
    events: [['open', { [W]: 'whole' }]],
  },
  {
    name: 'a receipt that came before its shipping counts once the shipping is there',
    facts: [
      made,
      receive('in', 3, [U0], { site: atW, by: W }),
      ship('late', 2, [U0], { dest: atW, by: M }),
    ],
    seen: [
      [U0, 2, [M, W]],
      [U0, 3, [W]],
    ],
    findings: [[U0, 3, 'TITLE_UNSTATED']],
  },
  {
    name: 'a wrong shipping that is retracted: who it named sees the event still, and nothing of the goods',
    facts: [made, sold('wrong', 2, U0, [M, D]), see('there', 3, [U0], { site: atM, by: M })],
    retract: ['wrong'],
    seen: [
      [U0, 2, [M]],
      [U0, 3, [M]],
    ],
    events: [['wrong', { [M]: 'whole', [D]: 'whole' }]],
  },
  {
    name: 'a voided shipping leaves it with who had it',
    facts: [made, sold('s', 2, U0, [M, W]), voidShipping('v', 3, [U0], { by: M })],
    seen: [
      [U0, 2, [M, W]],
      [U0, 3, [M]],
    ],
  },
  {
    name: "an event without a place takes nobody's sight away, and a place that nobody runs does",
    facts: [
      ...boughtByW,
      see('x', 4, [U0], { by: W }),
      receive('y', 5, [U0], { site: nowhere, by: W }),
    ],
    seen: [
      [U0, 4, [W]],
      [U0, 5, []],
    ],
    findings: [[U0, 5, 'TITLE_UNSTATED']],
  },
  {
    name: 'a first event counts only from who may begin the package, and does not keep others from beginning it',
    facts: [see('early', 0, [U0], { site: atQ, by: Q }), ...boughtByW],
    seen: [
      [U0, 0, []],
      [U0, 1, [M]],
      [U0, 3, [W]],
    ],
    findings: [[U0, 0, 'NO_STANDING']],
  },
  {
    name: 'disposed units stay in sight of who had them at the end',
    facts: [
      ...boughtByW,
      dispense('end', 4, [U0], { site: atW, by: W }),
      see('after', 5, [U0], { site: atQ, by: Q }),
    ],
    seen: [
      [U0, 4, [W]],
      [U0, 5, [W]],
    ],
    findings: [[U0, 5, 'NO_STANDING']],
  },
  {
    name: 'an event of goods of two owners is cut to the packages of each',
    facts: [
      ...mixedAtT.slice(0, 6),
      see('count', 5, [U0, U1], { site: atT, by: T }),
      decommission('p', 6, [CASE], { site: atT, by: T }),
    ],
    seen: [[U1, 5, [M2, T]]],
    events: [['count', { [T]: 'whole', [M]: [U0], [M2]: [U1] }]],
  },
  {
    name: 'a late shipping of an input leaves who sees the outputs of the same transformation',
    facts: [
      commission('made2', 1, [U2], { site: atM2, by: M2 }),
      { ...commission('mix', 4, [U0], { site: atM }), beside: [U2] },
      { ...see('mix~in', 4, [U2], { site: atM }), eventId: 'mix', beside: [U0] },
      ship('late', 2, [U2], { dest: atM, by: M2 }),
    ],
    seen: [
      [U2, 3, [M, M2]],
      [U2, 4, [M]],
      [U0, 4, [M]],
    ],
    events: [['mix', { [M]: 'all', [M2]: [U2] }]],
    findings: [[U2, 4, 'TITLE_UNSTATED']],
  },
  {
    name: 'the inputs of a transformation are seen by who had them, its outputs by who has them',
    facts: [
      commission('made2', 1, [U2], { site: atM2, by: M2 }),
      sold('s', 2, U2, [M2, M]),
      got('g', 3, U2, [M2, M]),
      { ...commission('mix', 4, [U0], { site: atM, by: M }), beside: [U2] },
      { ...see('mix~in', 4, [U2], { site: atM, by: M }), eventId: 'mix', beside: [U0] },
      sold('s0', 5, U0, [M, W]),
      { ...sold('s2', 6, U2, [M, D]) },
    ],
    seen: [
      [U2, 4, [M]],
      [U0, 5, [M, W]],
      [U2, 6, [M, D]],
    ],
    events: [['mix', { [M]: 'whole' }]],
  },
];
