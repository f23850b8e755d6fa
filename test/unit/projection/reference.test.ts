import fc from 'fast-check';
import type { Fact } from '../../../src/projection/fact.js';
import { activeFacts, arrivalOrders, dense, lawful, wild } from '../../support/histories.js';
import { toEpcisDocument } from '../../support/history-document.js';
import { A, B, CASE, GTIN, PALLET, U0, U1 } from '../../support/projection-case.js';
import { commission, dispense, pack } from '../../support/projection-case.js';
import { PROJECTION_CASES } from '../../support/projection-cases.js';
import type { ProjectionCase } from '../../support/projection-case.js';
import type { Reference } from '../../support/reference-projection.js';
import { FLAGS } from '../../support/reference-facts.js';
import { reference } from '../../support/reference-projection.js';

const activeOf = (c: ProjectionCase): Fact[] =>
  c.facts.filter((f) => !c.retract?.includes(f.eventId));

/** All a reference can be asked, as text. */
const everything = (r: Reference): string =>
  JSON.stringify([
    r.packages().map((k) => [k, r.isContainer(k), r.lotOf(k), r.journey(k)]),
    r.packages().map((k) => r.instants.map((t) => [r.at(k, t), r.contents(k, t)])),
    [r.inventory(), r.receipts(), r.exceptions()],
  ]);

describe('the reference projection', () => {
  describe.each(PROJECTION_CASES.map((c) => [c.name, c] as const))('%s', (_, c) => {
    const r = reference(activeOf(c));

    it('answers place, status and container', () => {
      const answers = c.at.map(([k, t]) => {
        const a = r.at(k, t);
        return [k, t, a?.where, a?.status, a?.container];
      });
      expect(answers).toEqual(c.at);
    });

    it('raises the exceptions and no others', () => {
      const told = r.exceptions().filter(({ code }) => FLAGS.some((one) => one === code));
      expect(told.map(({ k, t, code }) => [k, t, code])).toEqual(c.exceptions ?? []);
    });

    it('tells journeys, receipts, lots and totals', () => {
      for (const [k, visits] of Object.entries(c.journeys ?? {}))
        expect(r.journey(k).map((v) => [v.eventId, v.via])).toEqual(visits);
      if (c.receipts)
        expect(r.receipts().map(({ eventId, p, by }) => [eventId, p, by])).toEqual(c.receipts);
      for (const [k, lot] of Object.entries(c.lots ?? {}))
        expect([k, r.lotOf(k)]).toEqual([k, lot]);
      for (const [lot, totals] of Object.entries(c.totals ?? {})) {
        const counted = [...r.totals(lot)].map(([at, n]) => [at, [n.units, n.containers]]);
        expect(Object.fromEntries(counted)).toEqual(totals);
      }
    });
  });

  it('knows chain, contents and inventory, and nothing before the first event', () => {
    const r = reference([
      commission('made', 1, [U0, U1], { site: A, lot: 'L1' }),
      pack('inner', 2, CASE, [U0], { site: A }),
      pack('outer', 3, PALLET, [CASE], { site: B }),
      dispense('end', 4, [U1]),
    ]);
    expect(r.instants).toEqual([1, 2, 3, 4]);
    expect(r.at(U0, 0)).toBeUndefined();
    expect(r.at(CASE, 1)).toBeUndefined();
    expect(r.at(U0, 3)?.chain).toEqual([CASE, PALLET]);
    expect(r.contents(PALLET, 3)).toEqual([CASE]);
    expect(r.contents(PALLET, 2)).toEqual([]);
    expect(r.packages()).toEqual([PALLET, CASE, U0, U1]);
    expect(r.inventory()).toEqual([
      { gtin: GTIN, lot: `01/${GTIN}/10/L1`, where: A, status: 'dispensed', units: 1 },
      { gtin: GTIN, lot: `01/${GTIN}/10/L1`, where: B, status: 'active', units: 1 },
    ]);
  });

  it('has one entry in a journey for an event of two facts, by its own name first', () => {
    const input: Fact = { id: 'mix~in', eventId: 'mix', hash: 'h', t: 2, act: 'see', kids: [U0] };
    const output: Fact = {
      id: 'mix',
      eventId: 'mix',
      hash: 'h',
      t: 2,
      act: 'commission',
      kids: [CASE],
    };
    const r = reference([pack('pack', 1, CASE, [U0]), input, output]);
    expect(r.journey(U0).map((v) => [v.eventId, v.via])).toEqual([
      ['pack', null],
      ['mix', null],
    ]);
  });
});

describe('random histories', () => {
  it.each([
    ['wild', wild],
    ['dense', dense],
    ['lawful', lawful],
  ] as const)('%s: the answers are the same in all arrival orders', (_, histories) => {
    fc.assert(
      fc.property(histories, (h) => {
        const orders = arrivalOrders(h);
        expect(orders).toHaveLength(5);
        const [first, ...others] = orders.map((o) => everything(reference(activeFacts(o))));
        for (const other of others) expect(other).toBe(first);
      }),
      { numRuns: 50, seed: 20250101 },
    );
  });

  it('make documents of one event a fact, each with its own id, and one a declaration', () => {
    const [h] = fc.sample(wild, { numRuns: 1, seed: 20250101 });
    const { facts } = h!;
    const document = toEpcisDocument(facts, [facts[0]!.eventId]);
    const { eventList } = document['epcisBody'] as { eventList: Record<string, unknown>[] };
    const ids = eventList.map((e) => e['eventID']);
    expect(ids).toEqual([...facts.map((f) => f.eventId), facts[0]!.eventId]);
    expect(new Set(ids).size).toBe(facts.length);
    expect(eventList.filter((e) => 'errorDeclaration' in e)).toEqual([eventList.at(-1)]);
  });
});
