import { handoffMessages, locationMessages } from '../../../src/capture/feed-messages.rules.js';
import type { NewMessage } from '../../../src/feed/index.js';
import type { Fact } from '../../../src/projection/index.js';
import { changesOf, derive } from '../../../src/projection/index.js';
import { MemoryWorld } from '../../../src/projection/memory-world.js';
import {
  A,
  B,
  PALLET,
  U0,
  U1,
  U2,
  commission,
  pack,
  receive,
  see,
  ship,
} from '../../support/projection-case.js';

type Told = Omit<Extract<NewMessage, { kind: 'location' }>, 'recordTime'>;

/** What the last batch tells after those before it. */
function told(before: readonly Fact[], batch: readonly Fact[]): readonly Told[] {
  const memory = new MemoryWorld();
  if (before.length > 0) memory.apply(before, []);
  const { world } = memory;
  const derivation = derive(world, batch, []);
  const projected = { world, derivation, changes: changesOf(world, derivation) };
  return locationMessages(projected, batch) as readonly Told[];
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
});
