/** What others do out of a partner's sight changes no byte of what it is answered. */
import fc from 'fast-check';
import type { Fact } from '../../src/projection/fact.js';
import type { History } from '../support/histories.js';
import { QUESTIONS } from '../support/partner-questions.js';
import type { Ask } from '../support/partner-questions.js';
import { asking, capture, serve } from '../support/partner-service.js';
import { Sights } from '../support/partner-sight.js';
import { privateEvents } from '../support/private-events.js';
import { REGISTERED } from '../support/sight-capture.js';
import { PARTNERS, trade } from '../support/sight-histories.js';
import { historiesToTry, nightly, seed } from '../support/test-settings.js';
import { together } from '../support/worlds.js';

const histories = historiesToTry({ daily: 20, nightly: 200 });
/** Histories of one store. */
const TOGETHER = 20;
const NOTHING: History = { facts: [], retract: [], duplicates: [], ticks: [], seed: 0 };

/** Every answer to every question about the packages of some facts, as bytes. */
async function transcript(partner: string, asked: readonly Fact[]): Promise<string[]> {
  const sight = new Sights(asked, new Set(), REGISTERED).of(partner);
  const { client, stop } = await serve();
  try {
    const { secret } = await client.make({ organisation: partner });
    const said: string[] = [];
    const ask = asking(client, secret);
    const recording: Ask = async (query, variables) => {
      const answer = await ask<Record<string, unknown>>(query, variables);
      for (const [name, value] of Object.entries(answer))
        said.push(JSON.stringify([name, variables, value]));
      return answer as never;
    };
    for (const question of Object.values(QUESTIONS)) await question.ask(recording, sight);
    return said;
  } finally {
    await stop();
  }
}

/** The first answers that are not the same. */
function differing(one: readonly string[], other: readonly string[]): object[] {
  const differ = one.flatMap((text, i) => (text === other[i] ? [] : [shown(text, other[i])]));
  return one.length === other.length
    ? differ.slice(0, 5)
    : [...differ.slice(0, 5), { n: one.length }];
}

function shown(text: string, other = 'null'): object {
  const [name, variables, among] = JSON.parse(text) as [string, Record<string, unknown>, unknown];
  const own = Object.entries(variables).filter(([one]) => one.endsWith(name.slice(1)));
  return { name, own, among, alone: (JSON.parse(other) as unknown[] | null)?.[2] };
}

/** @returns how many events were added */
async function isUntouched(some: readonly History[], partner: string): Promise<number> {
  const bare = some.map((one) => ({ ...one, retract: [], duplicates: [] }));
  // Every second world is left free, for what is added.
  const history = together(bare.flatMap((one) => [one, NOTHING]));
  // The hashes that events have here decide within a second, and so who sees what.
  const facts = await capture(history);
  const alone = await transcript(partner, facts);
  const other = bare[Math.abs(seed) % bare.length]!;
  const more = privateEvents(facts, partner, { other, organisations: REGISTERED, salt: seed });
  await capture({ ...history, facts: [...history.facts, ...more] });
  expect(differing(await transcript(partner, facts), alone)).toEqual([]);
  return more.length;
}

test('answers, counts, cursors and ends of pages are the same bytes with and without what others do out of sight', async () => {
  const all = fc.sample(trade, { numRuns: histories, seed });
  const asking = nightly ? PARTNERS : [PARTNERS[Math.abs(seed) % PARTNERS.length]!];
  let added = 0;
  for (let from = 0; from < histories; from += TOGETHER)
    for (const partner of asking)
      added += await isUntouched(all.slice(from, from + TOGETHER), partner);
  expect(added).toBeGreaterThan(50);
}, 7_200_000);
