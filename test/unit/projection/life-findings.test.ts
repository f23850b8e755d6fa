import { MemoryWorld } from '../../../src/projection/memory-world.js';
import type { Fact } from '../../../src/projection/fact.js';
import { A, B, CARTON, CASE, GTIN, PALLET, TOTE, U0, U1 } from '../../support/projection-case.js';
import { commission, decommission, dispense, empty } from '../../support/projection-case.js';
import { pack, receive, see, ship, unpack, voidShipping } from '../../support/projection-case.js';

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

  test('is judged again when it is heard, or said to be wrong, that it stood where it was meanwhile', () => {
    const memory = new MemoryWorld();
    const told = (): string[] => [...memory.findings.values()].flat().map(({ code }) => code);
    memory.apply([made], []);
    memory.apply([again(400)], []);
    expect(told()).toEqual([]);
    memory.apply([see('seen', 300 * DAY, [PALLET], { site: A })], []);
    expect(told()).toEqual(['SSCC_REUSED']);
    memory.apply([], ['seen']);
    expect(told()).toEqual([]);
  });

  test('may be a year to the second after it was last used, and not sooner', () => {
    const year = 365 * DAY;

    expect(findings(made, commission('again', DAY + year, [PALLET]))).toEqual([]);
    expect(findings(made, commission('again', DAY + year - 1, [PALLET]))).toHaveLength(1);
  });

  test('is a finding twice in one second, and is told once', () => {
    expect(findings(made, commission('twin', DAY, [PALLET]))).toEqual([
      `${PALLET}@1 SSCC_REUSED made twin`,
    ]);
  });

  test.each<[string, readonly Fact[], boolean]>([
    ['what was in it was taken out', [unpack('out', 3 * DAY, PALLET, [CARTON])], false],
    ['one of two was taken out', [unpack('out', 3 * DAY, PALLET, [TOTE])], true],
    ['it ended', [decommission('end', 3 * DAY, [PALLET])], false],
    ['it was taken out of something', [unpack('out', 3 * DAY, CASE, [PALLET, CARTON])], true],
    ['it was put into something', [pack('in', 3 * DAY, CASE, [PALLET])], true],
  ])('after years, when it was filled and %s', (_, since, full) => {
    const filled = pack('filled', 2 * DAY, PALLET, [CARTON, ...(full ? [TOTE] : [])], { site: A });

    expect(findings(made, filled, ...since, again(900)).includes(reused(900))).toBe(full);
  });

  test('is none when it was only put into something, or seen with what it was not filled with', () => {
    const put = pack('put', 2 * DAY, CASE, [PALLET]);
    const observed = see('observed', 3 * DAY, [CARTON], { parent: PALLET });

    expect(findings(made, put, observed, again(900))).not.toContain(reused(900));
  });

  test('is a finding soon after it was rightly used again', () => {
    const third = commission('third', 401 * DAY, [PALLET], { site: A });

    expect(findings(made, again(400), third)).toEqual([`${PALLET}@401 SSCC_REUSED third again`]);
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

  test('in another lot is in doubt, against the last that said one', () => {
    const silent = commission('silent', 4 * DAY, [U0]);
    const same = commission('same', 5 * DAY, [U0], { lot: 'L1' });
    const other = commission('other', 6 * DAY, [U0], { lot: 'L2' });
    const twin = commission('twin', 6 * DAY, [U0], { lot: 'L3' });
    const lots = findings(made, silent, same, other, twin).filter((one) => one.includes('LOT'));

    expect(lots).toEqual([
      `${U0}@6 LOT_CONTRADICTED other same`,
      `${U0}@6 LOT_CONTRADICTED twin other`,
    ]);
  });

  test('keeps every lot that is claimed for it, until only one is left', () => {
    const memory = new MemoryWorld();
    const lot = (number: string): string => `01/${GTIN}/10/${number}`;
    memory.apply([made, commission('silent', 4 * DAY, [U0])], []);
    expect([...memory.claims]).toEqual([]);

    memory.apply([commission('other', 5 * DAY, [U0], { lot: 'L2' })], []);
    expect([...memory.claims]).toEqual([
      [
        U0,
        [
          { eventId: 'made', lot: lot('L1') },
          { eventId: 'other', lot: lot('L2') },
        ],
      ],
    ]);

    memory.apply([], ['made']);
    expect([...memory.claims]).toEqual([]);
  });

  test('twice in one second is a duplicate', () => {
    expect(findings(made, commission('twin', 3 * DAY, [U0]))).toEqual([
      `${U0}@3 DUPLICATE_COMMISSION made`,
    ]);
  });

  test('of another scheme is a duplicate too, but a tote may be commissioned again', () => {
    const own = 'urn:x:thing';
    const twice = (key: string): string[] =>
      findings(commission('one', DAY, [key]), commission('two', 2 * DAY, [key]));

    expect(twice(own)).toEqual([`${own}@2 DUPLICATE_COMMISSION two`]);
    expect(twice(TOTE)).toEqual([]);
  });
});

describe('what nobody commissioned', () => {
  test('is a finding where it is an item, at the first that is heard of it', () => {
    expect(findings(see('seen', DAY, [U0, PALLET, TOTE, 'urn:x:thing']))).toEqual([
      `${U0}@1 NOT_COMMISSIONED seen`,
    ]);
    expect(findings(see('seen', DAY, [U0]), see('later', 2 * DAY, [U0]))).toHaveLength(1);
  });

  test('is none where it is commissioned in that second, or is a case that holds something', () => {
    expect(findings(see('seen', DAY, [U0]), commission('made', DAY, [U0]))).toEqual([]);
    expect(findings(pack('packed', DAY, CARTON, [U0]))).toEqual([
      `${U0}@1 NOT_COMMISSIONED packed`,
    ]);
  });
});

describe('what is said of something that has ended', () => {
  const made = commission('made', DAY, [U0], { site: A });
  const gone = dispense('gone', 2 * DAY, [U0]);

  test('is a finding, packing being told as packing', () => {
    const packed = pack('packed', 3 * DAY, PALLET, [U0]);

    expect(findings(made, gone, see('seen', 3 * DAY, [U0]))).toEqual([`${U0}@3 AFTER_END seen`]);
    expect(findings(made, gone, packed)).toEqual([`${U0}@3 PACKED_AFTER_END packed ${PALLET}`]);
    expect(findings(made, gone, packed, see('seen', 3 * DAY, [U0]))).toEqual([
      `${U0}@3 PACKED_AFTER_END packed ${PALLET}`,
      `${U0}@3 AFTER_END seen`,
    ]);
  });

  test('is not told again as unpacking from what it is not in', () => {
    expect(findings(made, gone, unpack('out', 3 * DAY, TOTE, [U0], { site: A }))).toEqual([
      `${U0}@3 AFTER_END out`,
    ]);
  });

  test('is none in the second in which it begins again', () => {
    const again = commission('again', 3 * DAY, [U0]);

    expect(findings(made, gone, again, see('seen', 3 * DAY, [U0]))).toEqual([
      `${U0}@3 SERIAL_REUSED again`,
    ]);
  });

  test('is a finding for a container too, however it takes part', () => {
    const end = decommission('end', 2 * DAY, [CASE]);

    expect(findings(end, pack('packed', 3 * DAY, PALLET, [CASE]))).toEqual([
      `${CASE}@3 AFTER_END packed`,
    ]);
  });
});

describe('two sightings of one second', () => {
  const made = commission('made', DAY, [U0, U1], { site: A });
  const one = see('a', 2 * DAY, [U0], { site: A, disposition: 'in_progress' });
  const ambiguous = [`${U0}@2 AMBIGUOUS_ORDER b a`];

  test.each<[string, Fact, string[]]>([
    ['another site', see('b', 2 * DAY, [U0], { site: B, disposition: 'in_progress' }), ambiguous],
    ['another status', see('b', 2 * DAY, [U0], { site: A, disposition: 'recalled' }), ambiguous],
    ['a move', receive('b', 2 * DAY, [U0], { site: A, disposition: 'in_progress' }), ambiguous],
    ['the same', see('b', 2 * DAY, [U0], { site: A, disposition: 'in_progress' }), []],
    ['something of another unit', see('b', 2 * DAY, [U1], { site: B }), []],
    ['an unpacking, which comes first', unpack('b', 2 * DAY, TOTE, [U0], { site: B }), []],
  ])('are ambiguous when the hash alone decides between them: %s', (_, other, expected) => {
    expect(findings(made, one, other).filter((told) => told.includes('AMBIGUOUS'))).toEqual(
      expected,
    );
  });

  test('are compared with the first, the third with it too', () => {
    const same = { site: A, disposition: 'in_progress' };
    const [second, third] = [
      see('b', 2 * DAY, [U0], same),
      see('c', 2 * DAY, [U0], { ...same, site: B }),
    ];

    expect(findings(made, one, second, third)).toEqual([`${U0}@2 AMBIGUOUS_ORDER c a`]);
  });
});

test('receipts and voids tell what they answer, one after the other within a second', () => {
  const memory = new MemoryWorld();
  memory.apply(
    [
      ship('1', DAY, [U0], { dest: B }),
      receive('2', DAY, [U0], { site: B }),
      receive('3', DAY, [U0], { site: A }),
      ship('4', 2 * DAY, [U0], { dest: B }),
      see('5', 3 * DAY, [U0]),
      voidShipping('6', 3 * DAY, [U0]),
      receive('7', 4 * DAY, [PALLET]),
    ],
    [],
  );

  expect([...memory.receipts]).toEqual([
    [
      `${U0} ${DAY}`,
      [
        { eventId: '2', kind: 'received', by: '1', site: B },
        { eventId: '3', kind: 'received', by: null, site: A },
      ],
    ],
    [`${U0} ${3 * DAY}`, [{ eventId: '6', kind: 'voided', by: '4', site: null }]],
    [`${PALLET} ${4 * DAY}`, [{ eventId: '7', kind: 'received', by: null, site: null }]],
  ]);
});
