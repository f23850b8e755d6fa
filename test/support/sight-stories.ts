/** Partners, and what happens between them, for cases of who sees what that are written by hand. */
import type { Fact } from '../../src/projection/fact.js';
import type { Organisations } from '../../src/projection/sight.js';
import { PALLET, U0, U1 } from './projection-case.js';
import { commission, pack, receive, ship } from './projection-case.js';

// Maker, another maker, logistics provider, wholesaler, pharmacy, and somebody who wants to know; and a site of each.
export const [M, M2, T, W, D, Q] = ['417/m', '417/m2', '417/t', '417/w', '417/d', '417/q'] as const;
export const [atM, atM2, atT, atW, atD, atQ] = [
  '414/m',
  '414/m2',
  '414/t',
  '414/w',
  '414/d',
  '414/q',
] as const;
export const ALL: readonly string[] = [M, M2, T, W, D, Q];
export const nowhere = '414/nobody';

const BEGINNERS: Readonly<Record<'units' | 'others', readonly string[]>> = {
  units: [M, M2],
  others: [M, T, W],
};

export const organisations: Organisations = {
  of: (key) => {
    const party = key.replace('414/', '417/');
    return ALL.includes(party) ? party : null;
  },
  mayBegin: (key, sender) => BEGINNERS[key.startsWith('01/') ? 'units' : 'others'].includes(sender),
};

export const made = commission('made', 1, [U0, U1], { site: atM, by: M, lot: 'L1' });
export const sold = (id: string, t: number, key: string, [from, to]: [string, string]): Fact =>
  ship(id, t, [key], {
    dest: to.replace('417', '414'),
    by: from,
    giver: { owner: from },
    taker: { owner: to },
    parties: [from, to],
  });
export const got = (id: string, t: number, key: string, [from, to]: [string, string]): Fact =>
  receive(id, t, [key], {
    site: to.replace('417', '414'),
    by: to,
    giver: { owner: from },
    taker: { owner: to },
    parties: [from, to],
  });
export const boughtByW = [made, sold('sold', 2, U0, [M, W]), got('got', 3, U0, [M, W])];
export const palletAtW = [
  commission('made', 1, [U0, U1], { site: atM, by: M }),
  pack('pack', 2, PALLET, [U0, U1], { site: atM, by: M }),
  sold('sold', 3, PALLET, [M, W]),
  got('got', 4, PALLET, [M, W]),
];
/** Cases of two makers on a pallet of the provider; the pallet itself belongs to the first of them. */
export const mixedAtT = [
  commission('made', 1, [U0], { site: atM, by: M }),
  commission('made2', 1, [U1], { site: atM2, by: M2 }),
  ship('s', 2, [U0], { dest: atT, by: M, giver: { owner: M }, taker: { owner: M } }),
  receive('r', 3, [U0], { site: atT, by: T, taker: { owner: M } }),
  ship('s2', 2, [U1], { dest: atT, by: M2, giver: { owner: M2 }, taker: { owner: M2 } }),
  receive('r2', 3, [U1], { site: atT, by: T, taker: { owner: M2 } }),
  receive('pallet', 3, [PALLET], { site: atT, by: T, taker: { owner: M } }),
  pack('mix', 4, PALLET, [U0, U1], { site: atT, by: T }),
];
