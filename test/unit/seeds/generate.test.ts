import { documents, generate, generatedLots } from '../../../seeds/generate.js';
import type { GeneratedEvent } from '../../../seeds/generator/events.js';
import { factsOf } from '../../../src/capture/event-facts.rules.js';
import { parseDocument } from '../../../src/epcis/parse-document.js';
import type { ParsedDocument } from '../../../src/epcis/parse-document.js';
import { lotOf } from '../../../src/epcis/readers.js';
import { reference } from '../../support/reference-projection.js';

const LIMITS = { maxEvents: 5000, maxEpcsPerEvent: 5000, maxDepth: 20 };
const CLEAN = { lateRate: 0, wrongRate: 0, duplicateRate: 0 };
const SMALL = { units: 1200, unitsPerCase: 8, casesPerPallet: 5 };

function parsed(document: unknown): ParsedDocument {
  const result = parseDocument(document, LIMITS);
  if (!result.ok) throw new Error(JSON.stringify(result.issues.slice(0, 3), null, 2));
  return result.document;
}

function idsOf(events: Iterable<GeneratedEvent>): string[] {
  return [...events].map(({ eventID }) => eventID);
}

/** Units that events commission. */
function madeBy(events: Iterable<GeneratedEvent>): string[] {
  return [...events].flatMap((event) => {
    if (event.type === 'TransformationEvent') return event.outputEPCList ?? [];
    return event.type === 'ObjectEvent' && event.action === 'ADD' ? (event.epcList ?? []) : [];
  });
}

test('the same options give the same events', () => {
  const text = (seed: number): string => JSON.stringify([...generate({ ...SMALL, seed })]);
  expect(text(7)).toBe(text(7));
  expect(text(7)).not.toBe(text(8));
});

test('every document is valid', () => {
  for (const document of documents({ ...SMALL, wrongRate: 0.1 }, { eventsPerDocument: 50 }))
    expect(parsed(document).events.length).toBeLessThanOrEqual(50);
});

test('the first document names everybody and everything that events name', () => {
  const [first] = documents(SMALL, { eventsPerDocument: 10 });
  const { masterData } = parsed(first);
  const kinds = new Set(masterData.map(({ type }) => type));
  expect([...kinds].sort()).toEqual(['party', 'product', 'site']);
  expect(masterData.every(({ key }) => /^(01|414|417)\//.test(key))).toBe(true);
});

test('as many units are made as asked for, each once', () => {
  const made = madeBy(generate({ units: 12_345, ...CLEAN }));
  expect(made).toHaveLength(12_345);
  expect(new Set(made).size).toBe(12_345);
});

test('no commissioning has more than 5,000 units', () => {
  const most = Math.max(
    ...[...generate({ units: 30_000, ...CLEAN })].map((event) => madeBy([event]).length),
  );
  expect(most).toBe(5000);
});

test('one lot has half of the units of two millions, another 50,000, the others at most 5,000', () => {
  const [big, middle, ...small] = [...generatedLots({ units: 2_000_000 })].map(
    ({ units }) => units,
  );
  expect([big, middle]).toEqual([1_000_000, 50_000]);
  expect(Math.max(...small)).toBe(5000);
  expect((big ?? 0) + (middle ?? 0) + small.reduce((sum, units) => sum + units, 0)).toBe(2_000_000);
});

test('without disturbance events come in order of time, each once, within 2026', () => {
  const events = [...generate({ units: 20_000, ...CLEAN })];
  const times = events.map(({ eventTime }) => eventTime);
  expect(times).toEqual([...times].sort());
  expect(new Set(idsOf(events)).size).toBe(events.length);
  expect(times.every((time) => time >= '2026-01' && time < '2026-11')).toBe(true);
  expect(new Set(times).size / times.length).toBeGreaterThan(0.95);
});

test('without disturbance nothing about it is impossible', () => {
  const events = [...documents({ ...SMALL, ...CLEAN }, { eventsPerDocument: 1000 })].flatMap(
    (document) => parsed(document).events,
  );
  const facts = events.flatMap(({ id, hash, eventTimeMs, event, prefixes }) =>
    factsOf({ id, hash, eventTimeMs, event, lot: lotOf(event, prefixes) }),
  );
  const world = reference(facts);
  expect(world.exceptions()).toEqual([]);
  expect(world.packages().filter((key) => !world.isContainer(key))).toHaveLength(SMALL.units);
  const rows = world.inventory();
  const statuses = new Set(rows.map(({ status }) => status));
  for (const status of ['active', 'in_transit', 'in_progress', 'sellable_accessible', 'dispensed'])
    expect(statuses).toContain(status);
  expect(rows.every(({ lot }) => lot.includes('/10/GL'))).toBe(true);
});

describe('the rates', () => {
  const options = { units: 40_000, unitsPerCase: 10, casesPerPallet: 20, seed: 3 };
  const base = idsOf(generate({ ...options, ...CLEAN }));

  function share(count: number): number {
    return count / base.length;
  }

  test('late events come behind younger ones, by no more than stated', () => {
    const ids = idsOf(generate({ ...options, ...CLEAN, lateRate: 0.1, lateBy: 50 }));
    expect([...ids].sort()).toEqual([...base].sort());
    const place = new Map(base.map((id, i) => [id, i]));
    const behind = ids.map((id, i) => i - (place.get(id) ?? NaN));
    const late = behind.filter((by) => by > 0).length;
    expect(share(late)).toBeGreaterThan(0.07);
    expect(share(late)).toBeLessThan(0.11);
    expect(Math.max(...behind)).toBeLessThanOrEqual(50);
  });

  test('so many events come twice', () => {
    const ids = idsOf(generate({ ...options, ...CLEAN, duplicateRate: 0.1 }));
    expect(new Set(ids).size).toBe(base.length);
    expect(share(ids.length - base.length)).toBeCloseTo(0.1, 1);
  });

  test('so many events have something wrong about them, two thirds of it declared', () => {
    const events = [...generate({ ...options, ...CLEAN, wrongRate: 0.1 })];
    const declared = events.filter(({ errorDeclaration }) => errorDeclaration !== undefined);
    const wrong = new Set(idsOf(events).filter((id) => /\/(elsewhere|undone|wrong)$/.test(id)));
    expect(share(wrong.size)).toBeGreaterThan(0.08);
    expect(share(wrong.size)).toBeLessThan(0.12);
    expect(declared.length / wrong.size).toBeGreaterThan(0.5);
    expect(declared.length / wrong.size).toBeLessThan(0.8);
    for (const { eventID, errorDeclaration } of declared) {
      expect(wrong).toContain(eventID);
      for (const id of errorDeclaration?.correctiveEventIDs ?? []) expect(base).toContain(id);
    }
    expect(new Set(idsOf(events).filter((id) => !wrong.has(id)))).toEqual(new Set(base));
  });
});

test('it never holds more stories than overlap, however many units', () => {
  const openAt = (units: number): number => {
    const starts = new Set<string>();
    const ends = new Map<string, number>();
    const runs = idsOf(generate({ units, ...CLEAN })).map((id) => /run-\d+/.exec(id)?.[0] ?? '');
    runs.forEach((run, i) => ends.set(run, i));
    let most = 0;
    runs.forEach((run, i) => {
      starts.add(run);
      most = Math.max(most, starts.size);
      if (ends.get(run) === i) starts.delete(run);
    });
    return most;
  };
  expect(openAt(500_000)).toBeLessThanOrEqual(64);
});

test('options that make no sense are refused', () => {
  expect(() => [...generate({ units: 0 })]).toThrow(RangeError);
  expect(() => [...generate({ units: 10, lateRate: 1.5 })]).toThrow('lateRate');
});
