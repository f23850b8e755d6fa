import fc from 'fast-check';
import { MemoryWorld } from '../../../src/projection/memory-world.js';
import type { History, Message } from '../../support/histories.js';
import {
  activeFacts,
  arrivalOrders,
  dense,
  lawful,
  messagesIn,
  random,
  shuffle,
  wild,
} from '../../support/histories.js';
import { memoryText } from '../../support/memory-answers.js';
import { TRADERS, sent, trade } from '../../support/sight-histories.js';
import { together } from '../../support/worlds.js';
import { historiesToTry, nightly, seed } from '../../support/test-settings.js';
import { expectSightAgreement } from './sight-agreement.js';

const runs = historiesToTry({ daily: 300, nightly: 10_000 });

function take(memory: MemoryWorld, messages: readonly Message[]): void {
  memory.apply(
    messages.flatMap((m) => (m.kind === 'fact' ? [m.fact] : [])),
    messages.flatMap((m) => (m.kind === 'retract' ? [m.eventId] : [])),
  );
}

function inBatches(messages: readonly Message[], most: number, salt: number): Message[][] {
  const next = random(salt);
  const batches: Message[][] = [];
  for (let i = 0; i < messages.length;) {
    const size = 1 + Math.floor(next() * most);
    batches.push(messages.slice(i, i + size));
    i += size;
  }
  return batches;
}

function expectMessages(messages: readonly Message[], memory: MemoryWorld): void {
  const retracted = messages.flatMap((m) => (m.kind === 'retract' ? [m.eventId] : []));
  expectSightAgreement(activeFacts(messagesIn(messages)), memory, retracted);
}

function holds(history: History): void {
  let digest: string | undefined;
  arrivalOrders(history).forEach((messages, i) => {
    const memory = new MemoryWorld(TRADERS);
    const most = i === 2 ? 1 : i === 1 ? 3 : 12;
    for (const batch of inBatches(messages, most, history.seed + i)) take(memory, batch);
    if (i === 0) expectMessages(messages, memory);
    const told = memoryText(memory);
    digest ??= told;
    if (told !== digest) expect(told).toBe(digest);
  });
}

describe('who sees what', () => {
  test.each([
    ['trade', trade, runs],
    ['dense', dense.map(sent), runs],
    ['wild', wild.map(sent), Math.ceil(runs / 5)],
    ['lawful', lawful.map(sent), Math.ceil(runs / 5)],
  ] as const)(
    'agrees with the reference and is the same for any order, batching and repetition: %s histories',
    (_, histories, numRuns) => {
      fc.assert(fc.property(histories, holds), { numRuns, seed });
    },
    3_600_000,
  );
});

test('many chains through one another have one digest, in whatever order their events arrive', () => {
  const [chains, orders] = nightly ? [200, 50] : [40, 4];
  const history = together(fc.sample(trade, { numRuns: chains, seed }));
  const digests = Array.from({ length: orders }, (_, i) => {
    const memory = new MemoryWorld(TRADERS);
    const messages = shuffle(arrivalOrders(history)[0] ?? [], seed + i);
    for (const batch of inBatches(messages, 50, seed + i)) take(memory, batch);
    return memoryText(memory);
  });

  expect(history.facts.length).toBeGreaterThan(nightly ? 4_000 : 700);
  expect(digests[0]).toContain('shown F ');
  for (const told of digests) if (told !== digests[0]) expect(told).toBe(digests[0]);
});
