import { lotSayings } from '../../../src/capture/lot-facts.rules.js';

type Told = Parameters<typeof lotSayings>[0];
const event = (id: string, eventTime: number, retracted: true | null = null) => ({
  ...{ id, hash: id, eventTime, retracted },
});
const says = (id: string, more: Partial<Told['classes'][number]> = {}) => ({
  ...{ id, role: 'ilmd', lot: 'L1', expiry: null, madeAt: null },
  ...more,
});

describe('what a batch says of a lot', () => {
  test('is when it is first made, by whichever event comes first in time', () => {
    const told = { classes: [says('b'), says('a')], events: [event('a', 10), event('b', 20)] };

    expect(lotSayings(told)).toEqual([{ lot: 'L1', first: 10, expiries: [], made: undefined }]);
  });

  test('is each expiry once, and that of each lot', () => {
    const classes = [
      says('a', { expiry: '2027-01-31' }),
      says('b', { expiry: '2027-01-31' }),
      says('b', { expiry: '2027-02-28' }),
      says('b'),
      says('a', { lot: 'L2', expiry: '2028-01-31' }),
    ];

    expect(lotSayings({ classes, events: [event('a', 10), event('b', 20)] })).toMatchObject([
      { lot: 'L1', expiries: ['2027-01-31', '2027-02-28'] },
      { lot: 'L2', expiries: ['2028-01-31'] },
    ]);
  });

  test('is nothing of quantities, of events in error, and of those of other batches', () => {
    const classes = [says('a', { role: 'quantity' }), says('gone'), says('elsewhere')];

    expect(lotSayings({ classes, events: [event('a', 1), event('gone', 1, true)] })).toEqual([]);
  });

  test('is when it was made, as the newest says; at one instant the greater hash', () => {
    const made = (classes: Told['classes']): number | undefined =>
      lotSayings({ classes, events: [event('a', 10), event('b', 20), event('c', 20)] })[0]?.made
        ?.madeAt;
    const [a, b, c] = [
      says('a', { madeAt: 1 }),
      says('b', { madeAt: 2 }),
      says('c', { madeAt: 3 }),
    ] as const;

    expect([made([a]), made([a, b]), made([b, a]), made([b, says('c')])]).toEqual([1, 2, 2, 2]);
    expect([made([b, c]), made([c, b])]).toEqual([3, 3]);
    expect(made([says('a')])).toBeUndefined();
  });
});
