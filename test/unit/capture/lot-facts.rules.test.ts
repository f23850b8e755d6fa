import { lotSayings } from '../../../src/capture/lot-facts.rules.js';

type Told = Parameters<typeof lotSayings>[0];
const event = (id: string, eventTime: number, more: Partial<Told['events'][number]> = {}) => ({
  ...{ id, hash: id, eventTime, retracted: null, sentBy: null },
  ...more,
});
/** As when only `maker` has the company prefix. */
const sayingsOf = (told: Told): ReturnType<typeof lotSayings> =>
  lotSayings(told, (_, organisation) => organisation === 'maker');
const says = (id: string, more: Partial<Told['classes'][number]> = {}) => ({
  ...{ id, role: 'ilmd', lot: 'L1', expiry: null, madeAt: null },
  ...more,
});

describe('what a batch says of a lot', () => {
  test('is when it is first made, by whichever event comes first in time', () => {
    const told = { classes: [says('b'), says('a')], events: [event('a', 10), event('b', 20)] };

    expect(sayingsOf(told)).toEqual([{ lot: 'L1', first: 10, expiries: [], made: undefined }]);
  });

  test('is each expiry once, and that of each lot', () => {
    const classes = [
      says('a', { expiry: '2027-01-31' }),
      says('b', { expiry: '2027-01-31' }),
      says('b', { expiry: '2027-02-28' }),
      says('b'),
      says('a', { lot: 'L2', expiry: '2028-01-31' }),
    ];

    expect(sayingsOf({ classes, events: [event('a', 10), event('b', 20)] })).toMatchObject([
      { lot: 'L1', expiries: ['2027-01-31', '2027-02-28'] },
      { lot: 'L2', expiries: ['2028-01-31'] },
    ]);
  });

  test('is nothing of quantities, of events in error, and of those of other batches', () => {
    const classes = [says('a', { role: 'quantity' }), says('gone'), says('elsewhere')];

    expect(
      sayingsOf({ classes, events: [event('a', 1), event('gone', 1, { retracted: true })] }),
    ).toEqual([]);
  });

  test('is nothing of events whose sender may not begin it', () => {
    const classes = [
      says('a', { expiry: '2020-01-31', madeAt: 1 }),
      says('b', { expiry: '2027-01-31' }),
    ];
    const of = (a: string | null): object[] => [
      ...sayingsOf({
        classes,
        events: [event('a', 1, { sentBy: a }), event('b', 20, { sentBy: 'maker' })],
      }),
    ];

    expect(of('rival')).toEqual([
      { lot: 'L1', first: 20, expiries: ['2027-01-31'], made: undefined },
    ]);
    expect(of('maker')).toMatchObject([{ first: 1, expiries: ['2020-01-31', '2027-01-31'] }]);
    expect(of(null)).toEqual(of('maker'));
  });

  test('is when it was made, as the newest says; at one instant the greater hash', () => {
    const made = (classes: Told['classes']): number | undefined =>
      sayingsOf({ classes, events: [event('a', 10), event('b', 20), event('c', 20)] })[0]?.made
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
