/** Partners ask a running service over HTTP, and are told what the naive references say that they may see, no more and no less. */
import fc from 'fast-check';
import type { History } from '../support/histories.js';
import { QUESTIONS } from '../support/partner-questions.js';
import type { Ask } from '../support/partner-questions.js';
import { asking, capture, serve } from '../support/partner-service.js';
import { Sights } from '../support/partner-sight.js';
import type { SightOf } from '../support/partner-sight.js';
import { REGISTERED } from '../support/sight-capture.js';
import { PARTNERS, trade } from '../support/sight-histories.js';
import { historiesToTry, seed } from '../support/test-settings.js';
import { together } from '../support/worlds.js';

type Name = keyof typeof QUESTIONS;
const NAMES = Object.keys(QUESTIONS) as Name[];

/** Histories of one store. */
const TOGETHER = 20;
const histories = historiesToTry({ daily: 60, nightly: 2_000 });
/** What was told and not expected, and the reverse: the first lines. */
async function difference(name: Name, ask: Ask, sight: SightOf): Promise<object> {
  const told = await QUESTIONS[name].ask(ask, sight);
  const expected = QUESTIONS[name].expected(sight);
  return { told: without(told, expected), missing: without(expected, told) };
}

const NONE = { told: [], missing: [] };

function without(list: readonly string[], other: readonly string[]): readonly string[] {
  const rest = new Map<string, number>();
  for (const line of other) rest.set(line, (rest.get(line) ?? 0) + 1);
  const left = list.filter((line) => {
    const n = rest.get(line) ?? 0;
    rest.set(line, n - 1);
    return n <= 0;
  });
  return left.slice(0, 8);
}

async function agreesWith(ask: Ask, sight: SightOf, who: string): Promise<void> {
  for (const name of NAMES) {
    const found = await difference(name, ask, sight);
    expect({ who, name, ...found }).toEqual({ who, name, ...NONE });
  }
}

async function agrees(history: History, { withHost }: { withHost: boolean }): Promise<void> {
  const facts = await capture(history);
  const retracted = history.retract.map((i) => facts[i % facts.length]!.eventId);
  const sights = new Sights(facts, new Set(retracted), REGISTERED);
  const { client, stop } = await serve();
  try {
    if (withHost) await agreesWith(asking(client, client.administrator), sights.ofHost(), 'host');
    // All at the same time, as whatever is remembered for one must not be told to another.
    await Promise.all(
      PARTNERS.map(async (organisation) => {
        const { secret } = await client.make({ organisation });
        await agreesWith(asking(client, secret), sights.of(organisation), organisation);
      }),
    );
  } finally {
    await stop();
  }
}

test('the host is told everything, and each partner what it may see, of random trades with false claims that arrive in any order', async () => {
  const all = fc.sample(trade, { numRuns: histories, seed });
  for (let from = 0; from < histories; from += TOGETHER)
    await agrees(together(all.slice(from, from + TOGETHER)), { withHost: from % 500 === 0 });
}, 7_200_000);
