/** The traps the projection's rules were found by, each in its smallest form. */
import type { ProjectionCase } from './projection-case.js';
import { A, B, C, CASE, GTIN, PALLET, TOTE, U0, U1, U2 } from './projection-case.js';
import { commission, decommission, dispense, empty, pack } from './projection-case.js';
import { receive, see, ship, unpack } from './projection-case.js';

export const TRAPS: readonly ProjectionCase[] = [
  {
    name: 'a unit seen at another site than its pallet has left it',
    facts: [pack('pack', 1, PALLET, [U0], { site: A }), see('seen', 10, [U0], { site: B })],
    at: [
      [U0, 1, A, 'active', PALLET],
      [U0, 10, B, 'active', null],
      [PALLET, 10, A, 'active', null],
    ],
    exceptions: [[U0, 10, 'SEEN_APART']],
  },
  {
    name: 'a late receipt of the pallet keeps the unit that seemed to have left it',
    facts: [
      pack('pack', 1, PALLET, [U0], { site: A }),
      see('seen', 10, [U0], { site: B }),
      receive('late', 5, [PALLET], { site: B }),
    ],
    at: [
      [U0, 1, A, 'active', PALLET],
      [U0, 5, B, 'active', PALLET],
      [U0, 10, B, 'active', PALLET],
    ],
  },
  {
    name: 'a late sighting is compared with where the container was then: nobody knew, so it left',
    facts: [
      pack('pack', 1, CASE, [U0]),
      see('case', 3, [CASE], { site: B }),
      see('late', 2, [U0], { site: B }),
    ],
    at: [
      [U0, 1, '?', 'active', CASE],
      [U0, 2, B, 'active', null],
      [U0, 3, B, 'active', null],
    ],
    exceptions: [[U0, 2, 'SEEN_APART']],
  },
  {
    name: 'the same sighting after the container was seen there changes nothing',
    facts: [
      pack('pack', 1, CASE, [U0]),
      see('case', 3, [CASE], { site: B }),
      see('seen', 4, [U0], { site: B }),
    ],
    at: [
      [U0, 1, '?', 'active', CASE],
      [U0, 3, B, 'active', CASE],
      [U0, 4, B, 'active', CASE],
    ],
  },
  {
    name: 'a late sighting without place is ignored while it was inside, though the case was emptied later',
    facts: [
      pack('pack', 1, CASE, [U0], { site: A }),
      empty('empty', 5, CASE, { site: A }),
      see('late', 2, [U0]),
    ],
    at: [
      [U0, 2, A, 'active', CASE],
      [U0, 5, A, 'active', null],
    ],
  },
  {
    name: 'a late emptying reaches the later facts of what was inside',
    facts: [
      pack('pack', 2, CASE, [U0], { site: A }),
      see('seen', 4, [U0]),
      empty('late', 3, CASE, { site: A }),
    ],
    at: [
      [U0, 2, A, 'active', CASE],
      [U0, 3, A, 'active', null],
      [U0, 4, '?', 'active', null],
      [CASE, 4, A, 'active', null],
    ],
  },
  {
    name: 'packed into a container that ends in the same second, whose filling changes by a late emptying',
    facts: [
      pack('inner', 2, CASE, [U0], { site: A }),
      pack('outer', 3, PALLET, [CASE], { site: A }),
      decommission('end', 3, [PALLET]),
      empty('late', 1, PALLET, { site: B }),
    ],
    at: [
      [PALLET, 1, B, 'active', null],
      [PALLET, 3, A, 'decommissioned', null],
      [CASE, 3, A, 'active', null],
      [U0, 3, A, 'active', CASE],
    ],
  },
  {
    name: 'a unit and its case named by one event move together',
    facts: [pack('pack', 1, CASE, [U0], { site: A }), see('both', 2, [U0, CASE], { site: B })],
    at: [
      [CASE, 2, B, 'active', null],
      [U0, 2, B, 'active', CASE],
    ],
  },
  {
    name: 'a unit and its case received by two events of one second move together, the unit first by hash',
    facts: [
      pack('pack', 1, CASE, [U0], { site: A }),
      receive('a', 2, [U0], { site: B }),
      receive('b', 2, [CASE], { site: B }),
    ],
    at: [[U0, 2, B, 'active', CASE]],
    receipts: [
      ['a', U0, null],
      ['b', CASE, null],
    ],
  },
  {
    name: 'the pack by which it joins is no sighting of the child',
    facts: [
      see('before', 1, [CASE], { site: B }),
      pack('pack', 3, PALLET, [CASE], { site: A }),
      see('silent', 3, [PALLET]),
    ],
    at: [
      [CASE, 1, B, 'active', null],
      [CASE, 3, '?', 'active', PALLET],
      [PALLET, 3, '?', 'active', null],
    ],
  },
  {
    name: 'seen where its container was, in the second that took the container away',
    facts: [
      pack('pack', 1, CASE, [U0], { site: A }),
      see('seen', 2, [U0], { site: A }),
      receive('moved', 2, [CASE], { site: B }),
    ],
    at: [[U0, 2, B, 'active', CASE]],
  },
  {
    name: 'taken out by name and emptied in one second, the name first by hash',
    facts: [
      pack('pack', 1, CASE, [U0, U1], { site: A }),
      unpack('a', 2, CASE, [U0], { site: B }),
      empty('b', 2, CASE, { site: C }),
    ],
    at: [
      [U0, 2, C, 'active', null],
      [U1, 2, C, 'active', null],
      [CASE, 2, C, 'active', null],
    ],
  },
  {
    name: 'taken out by name and emptied in one second, the emptying first by hash',
    facts: [
      pack('pack', 1, CASE, [U0, U1], { site: A }),
      unpack('b', 2, CASE, [U0], { site: B }),
      empty('a', 2, CASE, { site: C }),
    ],
    at: [
      [U0, 2, B, 'active', null],
      [U1, 2, C, 'active', null],
      [CASE, 2, B, 'active', null],
    ],
  },
  {
    name: 'one event leaves two units with different statuses',
    facts: [
      commission('made', 1, [U0, U1], { site: A }),
      see('recall', 2, [U1], { site: A, disposition: 'recalled' }),
      see('both', 3, [U0, U1], { site: B }),
    ],
    at: [
      [U0, 3, B, 'active', null],
      [U1, 3, B, 'recalled', null],
    ],
    totals: { [`01/${GTIN}`]: { [`active@${B}`]: [1, 0], [`recalled@${B}`]: [1, 0] } },
  },
  {
    name: 'the lot is learnt after the unit was disposed of',
    facts: [
      decommission('end', 2, [U0], { site: A }),
      commission('late', 1, [U0], { site: A, lot: 'L7' }),
    ],
    at: [[U0, 2, A, 'decommissioned', null]],
    lots: { [U0]: `01/${GTIN}/10/L7` },
    totals: { [`01/${GTIN}/10/L7`]: { [`decommissioned@${A}`]: [1, 0] }, [`01/${GTIN}`]: {} },
  },
  {
    name: 'of two packs of one second that would close a cycle the second by hash is refused',
    facts: [pack('b', 1, CASE, [PALLET], { site: A }), pack('a', 1, PALLET, [CASE], { site: A })],
    at: [
      [CASE, 1, A, 'active', PALLET],
      [PALLET, 1, A, 'active', null],
    ],
    exceptions: [[PALLET, 1, 'CYCLE']],
  },
  {
    name: 'a container packed into itself is refused, the others of the event join',
    facts: [pack('pack', 1, CASE, [CASE, U0], { site: A })],
    at: [
      [CASE, 1, A, 'active', null],
      [U0, 1, A, 'active', CASE],
    ],
    exceptions: [[CASE, 1, 'CYCLE']],
  },
  {
    name: 'a container packed into its own content is refused, and is merely seen',
    facts: [
      pack('one', 1, PALLET, [CASE], { site: A }),
      pack('two', 2, CASE, [PALLET], { site: B }),
    ],
    at: [
      [CASE, 1, A, 'active', PALLET],
      [PALLET, 2, B, 'active', null],
      [CASE, 2, B, 'active', PALLET],
    ],
    exceptions: [[PALLET, 2, 'CYCLE']],
  },
  {
    name: 'packed, shipped by its own key and its case decommissioned, all in one second',
    facts: [
      pack('pack', 1, CASE, [U0]),
      ship('ship', 1, [U0], { dest: B }),
      decommission('end', 1, [CASE]),
    ],
    at: [
      [U0, 1, `>${B}`, 'active', null],
      [CASE, 1, '?', 'decommissioned', null],
    ],
    exceptions: [[U0, 1, 'SEEN_APART']],
  },
  {
    name: 'the place of a container that ends in the same second is the one it had before its end',
    facts: [
      pack('pack', 1, CASE, [U2], { site: A }),
      dispense('end', 2, [CASE], { site: A }),
      ship('unit', 2, [U2], { dest: B }),
      ship('late', 2, [CASE], { dest: B }),
    ],
    at: [
      [U2, 2, A, 'active', null],
      [CASE, 2, A, 'dispensed', null],
    ],
  },
  {
    name: 'without the container shipped in that second the unit shipped leaves it first',
    facts: [
      pack('pack', 1, CASE, [U2], { site: A }),
      dispense('end', 2, [CASE], { site: A }),
      ship('unit', 2, [U2], { dest: B }),
    ],
    at: [
      [U2, 2, `>${B}`, 'active', null],
      [CASE, 2, A, 'dispensed', null],
    ],
    exceptions: [[U2, 2, 'SEEN_APART']],
  },
  {
    name: 'a late fill of a tote that was emptied since is where that emptying left it',
    facts: [
      empty('empty', 3, TOTE, { site: A }),
      pack('next', 4, TOTE, [U1], { site: A }),
      ship('ship', 5, [TOTE], { dest: B }),
      pack('late', 1, TOTE, [U0], { site: A }),
    ],
    at: [
      [U0, 1, A, 'active', TOTE],
      [U0, 5, A, 'active', null],
      [U1, 5, `>${B}`, 'active', TOTE],
    ],
  },
];
