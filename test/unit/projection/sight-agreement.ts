import type { Fact } from '../../../src/projection/fact.js';
import type { MemoryWorld } from '../../../src/projection/memory-world.js';
import { namesOf } from '../../../src/projection/state.js';
import { MemoryAnswers } from '../../support/memory-answers.js';
import type { Reference } from '../../support/reference-projection.js';
import { withClaims } from '../../support/reference-claims.js';
import { references } from '../../support/reference-sight.js';
import type { ReferenceSight, SeenEvent } from '../../support/reference-sight.js';
import { SightAnswers } from '../../support/sight-answers.js';
import { PARTNERS, TRADERS } from '../../support/sight-histories.js';

/** As `toEqual`, but fast: millions of answers are compared. */
function same(told: unknown, expected: unknown): void {
  const [a, b] = [JSON.stringify(told), JSON.stringify(expected)];
  if (a !== b) throw new Error(`told\n  ${a}\nexpected\n  ${b}`);
}

/** Holds what each partner sees in the projection against the reference, for the facts that count at `now`. */
export function expectSightAgreement(
  facts: readonly Fact[],
  memory: MemoryWorld,
  retracted: readonly string[] = [],
): void {
  const { placed, seen: expected } = references(facts, TRADERS);
  const answers = new SightAnswers(memory);
  expectHostAgreement(placed, expected, memory);
  same(answers.recount(), []);
  for (const partner of PARTNERS) {
    for (const key of placed.packages())
      for (const t of placed.instants)
        same(
          [partner, key, t, answers.sees(partner, key, t) ? answers.where(key, t) : null],
          [
            ...[partner, key, t],
            expected.sees(partner, key, t) ? whereSeen(key, t, { placed, expected }) : null,
          ],
        );
    expectEvents(partner, expected, { facts, answers, retracted });
    same(
      [partner, sorted(answers.shown(partner))],
      [partner, sorted(unitsSeen(partner, placed, expected))],
    );
  }
  expectFlags(expected, memory);
}

/** The host is told what others claim of what stands alone. What does not follow its container has another place for the others only. */
function expectHostAgreement(
  placed: Reference,
  expected: ReferenceSight,
  memory: MemoryWorld,
): void {
  const claimed = withClaims(placed);
  const answers = new MemoryAnswers(memory);
  for (const key of claimed.packages())
    for (const t of claimed.instants) {
      if (expected.apart(key, t) !== null) continue;
      const { where, container } = answers.at(key, t) ?? {};
      const told = claimed.at(key, t);
      same([key, t, where, container], [key, t, told?.where, told?.container]);
    }
}

function expectEvents(
  partner: string,
  expected: ReferenceSight,
  told: { facts: readonly Fact[]; answers: SightAnswers; retracted: readonly string[] },
): void {
  const names = new Map<string, string[]>();
  for (const fact of told.facts)
    names.set(
      fact.eventId,
      [...new Set([...(names.get(fact.eventId) ?? []), ...namesOf(fact)])].sort(),
    );
  const active = ({ id }: SeenEvent): boolean => !told.retracted.includes(id);
  same(
    [partner, byId(told.answers.events(partner, names).filter(active))],
    [partner, byId(expected.events(partner))],
  );
}

function byId(events: readonly SeenEvent[]): readonly SeenEvent[] {
  return events.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

function unitsSeen(
  partner: string,
  placed: Reference,
  expected: ReferenceSight,
): Map<string, number> {
  const totals = new Map<string, number>();
  for (const key of placed.packages()) {
    if (placed.isContainer(key) || !expected.sees(partner, key, Infinity)) continue;
    const slot = `${placed.lotOf(key)} ${whereSeen(key, Infinity, { placed, expected })}`;
    totals.set(slot, (totals.get(slot) ?? 0) + 1);
  }
  return totals;
}

function whereSeen(
  key: string,
  t: number,
  { placed, expected }: { placed: Reference; expected: ReferenceSight },
): string {
  const apart = expected.apart(key, t);
  if (apart === null) return placed.at(key, t)!.where;
  if (apart.mode === 'TO') return '>?';
  return apart.mode === 'AT' && apart.site !== null ? apart.site : '?';
}

function expectFlags(expected: ReferenceSight, memory: MemoryWorld): void {
  const told = [...memory.findings].flatMap(([at, list]) =>
    list.flatMap(({ code }) =>
      code === 'NO_STANDING' || code === 'TITLE_UNSTATED' ? [`${at} ${code}`] : [],
    ),
  );
  const wanted = expected.flags().map(({ k, t, code }) => `${k} ${t} ${code}`);
  same([...new Set(told)].sort(), [...new Set(wanted)].sort());
}

function sorted<V>(map: ReadonlyMap<string, V>): [string, V][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}
