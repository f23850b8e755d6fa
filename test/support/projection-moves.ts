/** Membership and place: a case or two for each rule of the projection. */
import type { ProjectionCase } from './projection-case.js';
import { A, B, C, CASE, PALLET, TOTE, U0, U1, U2 } from './projection-case.js';
import { commission, empty, pack } from './projection-case.js';
import { receive, see, ship, unpack, voidShipping } from './projection-case.js';

const MEMBERSHIP: readonly ProjectionCase[] = [
  {
    name: 'an emptying comes before a pack of the same second: what is packed then stays',
    facts: [
      pack('first', 1, CASE, [U0, U2], { site: A }),
      pack('a', 2, CASE, [U1, U2], { site: A }),
      empty('b', 2, CASE, { site: A }),
    ],
    at: [
      [U0, 2, A, 'active', null],
      [U1, 2, A, 'active', CASE],
      [U2, 2, A, 'active', CASE],
    ],
  },
  {
    name: 'packed again into the same container changes nothing',
    facts: [pack('one', 1, CASE, [U0], { site: A }), pack('two', 2, CASE, [U0], { site: B })],
    at: [
      [U0, 1, A, 'active', CASE],
      [U0, 2, B, 'active', CASE],
    ],
  },
  {
    name: 'packed elsewhere without unpacking: the newest wins',
    facts: [pack('one', 1, CASE, [U0], { site: A }), pack('two', 2, TOTE, [U0], { site: B })],
    at: [
      [U0, 2, B, 'active', TOTE],
      [CASE, 2, A, 'active', null],
    ],
    exceptions: [[U0, 2, 'REPACK_WITHOUT_UNPACK']],
  },
  {
    name: 'taken out of a container it is not in: it stays where it is',
    facts: [pack('one', 1, CASE, [U0], { site: A }), unpack('two', 2, TOTE, [U0], { site: A })],
    at: [[U0, 2, A, 'active', CASE]],
    exceptions: [[U0, 2, 'NOT_IN']],
  },
  {
    name: 'taken out of a container it is not in, at another site: it was seen there',
    facts: [pack('one', 1, CASE, [U0], { site: A }), unpack('two', 2, TOTE, [U0], { site: B })],
    at: [[U0, 2, B, 'active', null]],
    exceptions: [
      [U0, 2, 'NOT_IN'],
      [U0, 2, 'SEEN_APART'],
    ],
  },
  {
    name: 'an unpack that names no key and does not mean all takes nothing out',
    facts: [pack('one', 1, CASE, [U0], { site: A }), unpack('two', 2, CASE, [], { site: B })],
    at: [
      [CASE, 2, B, 'active', null],
      [U0, 2, B, 'active', CASE],
    ],
  },
  {
    name: 'taken out by name, the others stay',
    facts: [
      pack('one', 1, CASE, [U0, U1], { site: A }),
      unpack('two', 2, CASE, [U0], { site: A }),
      ship('three', 3, [CASE], { dest: B }),
    ],
    at: [
      [U0, 3, A, 'active', null],
      [U1, 3, `>${B}`, 'active', CASE],
    ],
  },
  {
    name: 'a late commissioning of the container does not empty it',
    facts: [pack('one', 1, CASE, [U0], { site: A }), commission('two', 2, [CASE], { site: A })],
    at: [[U0, 2, A, 'active', CASE]],
  },
  {
    name: 'a pack declared in error never happened',
    facts: [
      commission('made', 1, [U0], { site: A }),
      pack('pack', 2, CASE, [U0], { site: A }),
      ship('ship', 3, [CASE], { dest: B }),
    ],
    retract: ['pack'],
    at: [[U0, 3, A, 'active', null]],
  },
];

const PLACE: readonly ProjectionCase[] = [
  {
    name: 'no bizLocation: the place is unknown from then on, receiving too',
    facts: [
      commission('made', 1, [U0, U1], { site: A }),
      see('seen', 2, [U0]),
      receive('received', 2, [U1]),
    ],
    at: [
      [U0, 2, '?', 'active', null],
      [U1, 2, '?', 'active', null],
    ],
  },
  {
    name: 'a shipping is in transit whatever bizLocation says, without destination to nobody knows where',
    facts: [
      see('seen', 1, [U0, U1], { site: A }),
      ship('ship', 2, [U0], { site: A, dest: B }),
      ship('lost', 2, [U1]),
    ],
    at: [
      [U0, 2, `>${B}`, 'active', null],
      [U1, 2, '>?', 'active', null],
    ],
  },
  {
    name: 'a void shipping goes back to before the first shipping of the run',
    facts: [
      see('seen', 1, [PALLET], { site: A }),
      ship('one', 2, [PALLET], { dest: B }),
      ship('two', 3, [PALLET], { dest: C }),
      voidShipping('void', 4, [PALLET]),
    ],
    at: [
      [PALLET, 2, `>${B}`, 'active', null],
      [PALLET, 3, `>${C}`, 'active', null],
      [PALLET, 4, A, 'active', null],
    ],
  },
  {
    name: 'a void shipping with a place is there; of something not in transit it changes nothing',
    facts: [
      see('seen', 1, [U0, U1], { site: A }),
      ship('ship', 2, [U0], { dest: B }),
      voidShipping('with', 3, [U0], { site: C }),
      voidShipping('idle', 3, [U1]),
    ],
    at: [
      [U0, 3, C, 'active', null],
      [U1, 3, A, 'active', null],
    ],
  },
  {
    name: 'shipped by its own key to a destination not stated: no contradiction to its case in transit',
    facts: [
      pack('pack', 1, CASE, [U0], { site: A }),
      ship('case', 2, [CASE], { dest: B }),
      ship('unit', 3, [U0]),
    ],
    at: [[U0, 3, `>${B}`, 'active', CASE]],
  },
  {
    name: 'a pack that ships sends off what it packs',
    facts: [
      commission('made', 1, [U0], { site: A }),
      pack('pack', 2, CASE, [U0], { move: 'ship', site: A, dest: B, disposition: 'in_transit' }),
      receive('receive', 3, [CASE], { site: B }),
    ],
    at: [
      [CASE, 2, `>${B}`, 'in_transit', null],
      [U0, 2, `>${B}`, 'in_transit', CASE],
      [U0, 3, B, 'in_transit', CASE],
    ],
    journeys: {
      [U0]: [
        ['made', null],
        ['pack', null],
        ['receive', CASE],
      ],
    },
    receipts: [['receive', CASE, 'pack']],
  },
  {
    name: 'an emptying that ships sends off what it lets out',
    facts: [
      pack('pack', 1, CASE, [U0], { site: A }),
      empty('empty', 2, CASE, { move: 'ship', dest: B }),
      receive('receive', 3, [U0], { site: B }),
    ],
    at: [
      [U0, 2, `>${B}`, 'active', null],
      [CASE, 2, `>${B}`, 'active', null],
      [U0, 3, B, 'active', null],
    ],
    receipts: [['receive', U0, 'empty']],
  },
  {
    name: 'a unit received on its own while its pallet is in transit has left it; receipts name the latest shipping',
    facts: [
      pack('pack', 1, PALLET, [U0, U1], { site: A }),
      ship('one', 2, [PALLET], { dest: C }),
      ship('two', 3, [PALLET], { dest: B }),
      receive('unit', 4, [U0, U2], { site: B }),
      receive('pallet', 5, [PALLET], { site: B }),
    ],
    at: [
      [U0, 4, B, 'active', null],
      [U1, 4, `>${B}`, 'active', PALLET],
      [U1, 5, B, 'active', PALLET],
    ],
    exceptions: [[U0, 4, 'SEEN_APART']],
    receipts: [
      ['unit', U0, 'two'],
      ['unit', U2, null],
      ['pallet', PALLET, 'two'],
    ],
  },
  {
    name: 'a pallet whose shipping was declared in error is back with all it holds',
    facts: [
      pack('inner', 1, CASE, [U0], { site: A }),
      pack('outer', 2, PALLET, [CASE], { site: A }),
      ship('ship', 3, [PALLET], { dest: B, disposition: 'in_transit' }),
    ],
    retract: ['ship'],
    at: [
      [U0, 2, A, 'active', CASE],
      [PALLET, 3, A, 'active', null],
      [U0, 3, A, 'active', CASE],
    ],
  },
];

export const MEMBERSHIP_AND_PLACE: readonly ProjectionCase[] = [...MEMBERSHIP, ...PLACE];
