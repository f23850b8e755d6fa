import { handoffMessages, locationMessages } from '../../../src/capture/feed-messages.rules.js';
import { movesOf } from '../../../src/capture/moves.rules.js';
import type { NewMessage } from '../../../src/feed/index.js';
import type { Fact } from '../../../src/projection/index.js';
import { changesOf, derive } from '../../../src/projection/index.js';
import { MemoryWorld } from '../../../src/projection/memory-world.js';
import {
  A,
  B,
  C,
  CASE,
  GTIN,
  PALLET,
  U0,
  U1,
  U2,
  commission,
  empty,
  pack,
  receive,
  see,
  ship,
  unpack,
} from '../../support/projection-case.js';

type Told = Extract<NewMessage, { kind: 'location' }>;

/** What the last batch tells after those before it; `wrong` are facts before that it takes out. */
function told(
  before: readonly Fact[],
  batch: readonly Fact[],
  wrong: readonly Fact[] = [],
): readonly Told[] {
  const memory = new MemoryWorld();
  if (before.length > 0) memory.apply(before, []);
  const { world } = memory;
  const derivation = derive(world, batch, wrong);
  const projected = { world, derivation, changes: changesOf(world, derivation) };
  return locationMessages(movesOf(projected), [...wrong, ...batch]) as readonly Told[];
}

const born = commission('c', 1, [U0, U1, U2], { site: A, lot: 'L1' });
const packed = pack('p', 2, PALLET, [U0, U1], { site: A });

test('units that are made by one event are one message, whose place was not known before', () => {
  const messages = told([], [born]);

  expect(messages).toHaveLength(1);
  expect(messages[0]).toMatchObject({
    ...{ k: U0, keys: [U0, U1, U2], level: 'UNIT', units: 3, from: null, eventId: 'c', t: 1 },
    to: { mode: 'AT', site: A, origin: null },
  });
});

test('a pallet that is shipped is one message that says what went with it, and nothing is told of what is inside', () => {
  const messages = told([born, packed], [ship('s', 3, [PALLET], { site: A, dest: B })]);

  expect(messages).toHaveLength(1);
  expect(messages[0]).toMatchObject({
    ...{ k: PALLET, level: 'CONTAINER', units: 2, eventId: 's' },
    from: { mode: 'AT', site: A },
    to: { mode: 'TO', site: B, origin: A },
  });
});

test('nothing is told of what is seen where it stands, or packed where it stands', () => {
  expect(told([born], [see('again', 2, [U0], { site: A })])).toEqual([]);
  expect(told([born, see('box', 1, [PALLET], { site: A })], [packed]).map(({ k }) => k)).toEqual(
    [],
  );
});

test('what was in something before tells what it left', () => {
  const messages = told([born, packed], [receive('r', 4, [U0], { site: B })]);

  expect(messages).toMatchObject([{ k: U0, chainBefore: [PALLET], to: { mode: 'AT', site: B } }]);
});

test('one unit alone is told without a list, and without a chain when it was in nothing', () => {
  const [message] = told([born], [receive('r', 4, [U0], { site: B })]);

  expect(message).toMatchObject({ k: U0, units: 1, lots: [{ units: 1 }] });
  expect(message).not.toHaveProperty('keys');
  expect(message).not.toHaveProperty('chainBefore');
});

test('what was let out of a pallet comes from where that was then, and is in nothing', () => {
  const emptied = empty('e', 3, PALLET, { site: A });
  const gone = receive('gone', 4, [PALLET], { site: C });
  const messages = told([born, packed, emptied, gone], [receive('r', 5, [U0], { site: B })]);

  expect(messages).toMatchObject([{ k: U0, from: { mode: 'AT', site: A }, to: { site: B } }]);
  expect(messages[0]).not.toHaveProperty('chainBefore');
});

test('a chain of containers is told from the inside out', () => {
  const outer = pack('o', 3, PALLET, [CASE], { site: A });
  const inner = pack('i', 2, CASE, [U0], { site: A });

  expect(told([born, inner, outer], [receive('r', 4, [U0], { site: B })])).toMatchObject([
    { chainBefore: [CASE, PALLET], from: { mode: 'AT', site: A } },
  ]);
});

test('a unit that is packed and let out by one batch is where it was let out', () => {
  const made = commission('c', 1, [U0]);
  const messages = told(
    [made],
    [packed, empty('e', 3, PALLET, { site: A }), receive('gone', 4, [PALLET], { site: C })],
  );

  expect(messages.find(({ k }) => k === U0)).toMatchObject({ to: { mode: 'AT', site: A } });
});

test('a unit that joins a pallet which stands is where that is', () => {
  const made = [commission('c', 1, [U0]), pack('first', 1, PALLET, [U1], { site: A })];

  expect(told(made, [pack('p', 2, PALLET, [U0], { site: A })])).toMatchObject([
    { k: U0, from: { mode: 'UNKNOWN', site: null }, to: { mode: 'AT', site: A } },
  ]);
});

test('a pallet tells what is in it after the batch: what was in it, more what joins, less what leaves, and no lot of nothing', () => {
  const other = commission('other', 1, [U2], { site: A, lot: 'L2' });
  const made = commission('made', 1, [U0, U1], { site: A, lot: 'L1' });
  const first = pack('first', 2, PALLET, [U0, U1], { site: A });
  const [out, into] = [
    unpack('out', 3, PALLET, [U0, U1], { site: A }),
    pack('into', 3, PALLET, [U2], { site: A }),
  ];
  const lots = (batch: readonly Fact[]): unknown =>
    told([made, other, first], [...batch, ship('s', 4, [PALLET], { dest: B })]).find(
      ({ k }) => k === PALLET,
    )?.lots;

  const [one, two] = ['L1', 'L2'].map((lot) => `01/${GTIN}/10/${lot}`);
  expect(lots([into])).toEqual([
    { lot: one, units: 2 },
    { lot: two, units: 1 },
  ]);
  expect(lots([out, into])).toEqual([{ lot: two, units: 1 }]);
});

test('two pallets that one event ships are two messages', () => {
  const stand = see('x', 1, [PALLET, CASE], { site: A });

  expect(told([stand], [ship('s', 2, [PALLET, CASE], { dest: B })]).map(({ k }) => k)).toEqual([
    ...[PALLET, CASE],
  ]);
});

test('what is back where it was, because its move was wrong, is told with the event that was wrong', () => {
  const moved = receive('r', 2, [U0], { site: B });
  const other = see('other', 3, [U1], { site: A });

  expect(told([born, moved], [other], [moved])).toMatchObject([
    { k: U0, from: { site: B }, to: { mode: 'AT', site: A }, eventId: 'r', t: 2 },
  ]);
  expect(told([born, moved], [], [moved])).toMatchObject([{ k: U0, eventId: 'r' }]);
});

test('nothing is told of what is known no more, because all that was said of it was wrong', () => {
  const wrong = commission('wrong', 1, [U0], { site: A });

  expect(told([wrong], [commission('c', 2, [U1], { site: A })], [wrong]).map(({ k }) => k)).toEqual(
    [U1],
  );
});

test('a change of custody tells the event that brought it about: the newest receipt, else the shipping', () => {
  const state = {
    ...{ id: 's', status: 'PARTIAL', from: A, to: '?', fromParty: null, toParty: 'taker' },
    ...{ shippedAt: 3, packages: [PALLET] },
  } as unknown as Parameters<typeof handoffMessages>[0][number];
  const receipts = [{ key: U0, t: 4, list: [{ by: 's', eventId: 'r' }] }] as unknown as Parameters<
    typeof handoffMessages
  >[1];

  expect(handoffMessages([state], [])).toMatchObject([
    { handoffId: 's', eventId: 's', t: 3, from: A, to: null, toParty: 'taker' },
  ]);
  expect(handoffMessages([state], receipts)).toMatchObject([{ eventId: 'r', t: 4 }]);
  expect(handoffMessages([state], [])[0]).not.toHaveProperty('fromParty');
  const given = { ...state, fromParty: 'giver', toParty: null } as unknown as typeof state;
  expect(handoffMessages([given], [])[0]).toMatchObject({ fromParty: 'giver' });
  expect(handoffMessages([given], [])[0]).not.toHaveProperty('toParty');
});
