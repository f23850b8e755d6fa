import { MemoryWorld } from '../../../src/projection/memory-world.js';
import type { Fact } from '../../../src/projection/fact.js';
import { A, CARTON, CASE, PALLET, U0, commission, empty } from '../../support/projection-case.js';
import { dispense, pack, receive, see, ship } from '../../support/projection-case.js';

const DAY = 86_400_000;

/** `key@day code event detail` of all findings, the facts arriving one by one in the order given. */
function findings(...facts: readonly Fact[]): string[] {
  const memory = new MemoryWorld();
  for (const fact of facts) memory.apply([fact], []);
  return [...memory.findings].flatMap(([at, list]) => {
    const [key = '', t] = at.split(' ');
    return list.map(({ code, eventId, detail }) =>
      [`${key}@${Number(t) / DAY}`, code, eventId, detail ?? ''].join(' ').trim(),
    );
  });
}

describe('an SSCC that is commissioned again', () => {
  const made = commission('made', DAY, [PALLET], { site: A });
  const again = (day: number): Fact => commission('again', day * DAY, [PALLET], { site: A });
  const reused = (day: number): string => `${PALLET}@${day} SSCC_REUSED again made`;

  test('within a year is a finding, with both events, whichever comes first', () => {
    expect(findings(made, again(3))).toEqual([reused(3)]);
    expect(findings(again(3), made)).toEqual([reused(3)]);
  });

  test('a year after it was last used is none, wherever it is packed before that is said', () => {
    expect(findings(made, again(367))).toEqual([]);
    expect(findings(made, pack('new', 500 * DAY, PALLET, [CASE]), again(501))).toEqual([]);
  });

  test('is a finding when it was used meanwhile, also when that is heard later', () => {
    const shipped = ship('shipped', 300 * DAY, [PALLET]);

    expect(findings(made, shipped, again(400))).toEqual([reused(400)]);
    expect(findings(made, again(400), shipped)).toEqual([reused(400)]);
  });

  test('is a finding while it is full, however long ago it was filled', () => {
    const filled = pack('filled', 2 * DAY, PALLET, [CARTON], { site: A });

    expect(findings(made, filled, again(900))).toContain(reused(900));
    expect(findings(made, filled, empty('emptied', 3 * DAY, PALLET), again(900))).not.toContain(
      reused(900),
    );
  });

  test('is none when it was used before anybody commissioned it', () => {
    expect(findings(ship('shipped', DAY, [PALLET], { dest: A }), again(2))).toEqual([]);
  });
});

describe('a serial that is commissioned', () => {
  const made = commission('made', 3 * DAY, [U0], { site: A, lot: 'L1' });

  test('after it was shipped was not commissioned when it was shipped, and is no duplicate', () => {
    const shipped = ship('shipped', DAY, [U0]);

    const expected = [`${U0}@1 NOT_COMMISSIONED shipped`];
    expect(findings(shipped, receive('received', 2 * DAY, [U0], { site: A }), made)).toEqual(
      expected,
    );
    expect(findings(made, shipped)).toEqual(expected);
  });

  test('twice is a duplicate, also when it was only seen when the first was heard of', () => {
    const first = commission('first', 2 * DAY, [U0], { lot: 'L1' });
    const expected = [`${U0}@1 NOT_COMMISSIONED seen`, `${U0}@3 DUPLICATE_COMMISSION made`];

    expect(findings(see('seen', DAY, [U0]), first, made)).toEqual(expected);
    expect(findings(see('seen', DAY, [U0]), made, first).sort()).toEqual(expected);
  });

  test('of a case that holds something is judged as that of a unit', () => {
    const first = commission('first', DAY, [CARTON]);
    const packed = pack('packed', 2 * DAY, CARTON, [U0]);
    const second = commission('second', 3 * DAY, [CARTON]);

    expect(findings(first, packed, second)).toContain(`${CARTON}@3 DUPLICATE_COMMISSION second`);
  });

  test('again after its end under another lot is reused, and its lot in doubt', () => {
    const other = commission('other', 5 * DAY, [U0], { lot: 'L2' });

    expect(findings(made, dispense('gone', 4 * DAY, [U0]), other)).toEqual([
      `${U0}@5 SERIAL_REUSED other`,
      `${U0}@5 LOT_CONTRADICTED other made`,
    ]);
  });
});
