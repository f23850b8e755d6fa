import type { Fact } from '../../../src/projection/fact.js';
import type { MemoryWorld } from '../../../src/projection/memory-world.js';
import { MemoryAnswers } from '../../support/memory-answers.js';
import { BIRTH_FLAGS } from '../../support/reference-births.js';
import type { Reference } from '../../support/reference-projection.js';
import { FLAGS } from '../../support/reference-facts.js';
import { reference } from '../../support/reference-projection.js';

/** As `toEqual`, but fast: millions of answers are compared. */
function same(told: unknown, expected: unknown): void {
  const [a, b] = [JSON.stringify(told), JSON.stringify(expected)];
  if (a !== b) throw new Error(`told\n  ${a}\nexpected\n  ${b}`);
}

/** Holds all that the projection answers against the reference, for the facts that count at `now`. */
export function expectAgreement(facts: readonly Fact[], memory: MemoryWorld, now?: number): void {
  const expected = reference(facts, now);
  const answers = new MemoryAnswers(memory);
  same(answers.recount(), []);
  for (const key of expected.packages())
    for (const t of expected.instants) {
      const e = expected.at(key, t);
      const told = e && { where: e.where, status: e.status, container: e.container };
      same([key, t, answers.at(key, t)], [key, t, told]);
    }
  expectTotals(expected, answers);
  expectFlags(expected, memory);
}

function expectTotals(expected: Reference, answers: MemoryAnswers): void {
  const lots = new Set(expected.packages().map((key) => expected.lotOf(key)));
  for (const lot of lots) {
    const told = new Map([...answers.totals(lot)].filter(([, n]) => n.units + n.containers > 0));
    same([lot, sorted(told)], [lot, sorted(expected.totals(lot))]);
  }
}

const JUDGED: readonly string[] = [...FLAGS, ...BIRTH_FLAGS];

function expectFlags(expected: Reference, memory: MemoryWorld): void {
  const told = [...memory.findings].flatMap(([at, list]) => {
    const [k, t] = [at.slice(0, at.lastIndexOf(' ')), at.slice(at.lastIndexOf(' ') + 1)];
    return list.flatMap(({ code }) => (JUDGED.includes(code) ? [`${k} ${t} ${code}`] : []));
  });
  const wanted = expected.exceptions().map(({ k, t, code }) => `${k} ${t} ${code}`);
  same([...new Set(told)].sort(), [...new Set(wanted)].sort());
}

function sorted<V>(map: ReadonlyMap<string, V>): [string, V][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}
