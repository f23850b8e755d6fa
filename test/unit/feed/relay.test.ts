import { HOST } from '../../../src/access/principal.js';
import type { View } from '../../../src/access/view.js';
import { END_OF_BATCH, logCursor } from '../../../src/feed/cursor.js';
import { Relay } from '../../../src/feed/relay.js';
import type { Batch, FeedBatch } from '../../../src/feed/index.js';
import type { RelayOptions } from '../../../src/feed/relay.js';
import { fixedClock } from '../../../src/shared/clock.js';
import { silentLogger } from '../../../src/shared/logger.js';

interface FakeLog {
  batches: Batch[];
  floor: number;
  reads: string[];
}

function message(k: string): Batch['messages'][number] {
  const to = { mode: 'UNKNOWN', site: null, origin: null } as const;
  return {
    kind: 'location',
    k,
    level: 'UNIT',
    from: null,
    to,
    status: null,
    units: 1,
    lots: [],
    eventId: k,
    t: 1,
    recordTime: 1,
  };
}

const nameOf = (one: Batch['messages'][number]): string => (one.kind === 'location' ? one.k : '');

const HOST_VIEW = { principal: HOST } as unknown as View;

function aRelay(log: FakeLog, options: Partial<RelayOptions> = {}): Relay {
  const read = (
    statement: { name: string },
    params: Record<string, unknown> = {},
  ): Promise<unknown[]> => {
    log.reads.push(statement.name);
    if (statement.name === 'feed.logPlace') {
      const batch = log.batches.find(({ seq }) => seq === Number(params['seq']));
      return Promise.resolve([{ floor: log.floor, at: batch?.at ?? null }]);
    }
    const [after, upTo, limit] = ['after', 'upTo', 'limit'].map((name) => Number(params[name]));
    const rows = log.batches.filter(({ seq }) => seq > after! && seq <= upTo!).slice(0, limit);
    const shown = rows.map(({ seq, at, messages }) => ({
      floor: log.floor,
      seq,
      at,
      messages: JSON.stringify(messages),
    }));
    return Promise.resolve(
      shown.length > 0 ? shown : [{ floor: log.floor, seq: null, at: null, messages: null }],
    );
  };
  const head = (): Promise<number> => {
    log.reads.push('head');
    return Promise.resolve(log.batches.at(-1)?.seq ?? 0);
  };
  const view = { principal: HOST, read, log: { whole: 0, read: head } } as unknown as View;
  return new Relay({
    view,
    clock: fixedClock(0),
    logger: silentLogger,
    pollMs: 60_000,
    ...options,
  });
}

function grow(log: FakeLog, count = 1): Batch {
  for (let i = 0; i < count; i++) {
    const seq = (log.batches.at(-1)?.seq ?? 0) + 1;
    log.batches.push({ seq, at: 0, messages: [message(`${seq}.0`), message(`${seq}.1`)] });
  }
  return log.batches.at(-1)!;
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

async function take(messages: AsyncIterator<FeedBatch>, batches: number): Promise<string[]> {
  const seen: string[] = [];
  for (let i = 0; i < batches; i++) {
    const { value } = (await messages.next()) as { value: FeedBatch };
    seen.push(...value.items.map(({ message: one }) => nameOf(one)));
  }
  return seen;
}

let log: FakeLog;
beforeEach(() => {
  log = { batches: [], floor: 1, reads: [] };
});

test('a batch that comes with the nudge is handed out without a read', async () => {
  const relay = aRelay(log);
  await relay.start();
  const messages = await relay.subscribe();
  log.reads = [];

  relay.nudge(grow(log));

  expect(await take(messages, 1)).toEqual(['1.0', '1.1']);
  expect(log.reads.length).toBeLessThanOrEqual(1);
  await relay.stop();
});

test('a batch of another process that lies before is read first', async () => {
  const relay = aRelay(log);
  await relay.start();
  const messages = await relay.subscribe();
  grow(log);

  relay.nudge(grow(log));

  expect(await take(messages, 2)).toEqual(['1.0', '1.1', '2.0', '2.1']);
  await relay.stop();
});

test('a nudge before and after the read hands a batch out once', async () => {
  const relay = aRelay(log);
  await relay.start();
  const messages = await relay.subscribe();
  const batch = grow(log);

  relay.nudge();
  relay.nudge(batch);
  relay.nudge(batch);
  await settled();
  relay.nudge(grow(log));

  expect(await take(messages, 2)).toEqual(['1.0', '1.1', '2.0', '2.1']);
  await relay.stop();
});

test('who comes back is read out of the store until the ring goes on', async () => {
  const relay = aRelay(log, { ringBatches: 3 });
  await relay.start();
  const early = await relay.subscribe();
  relay.nudge(grow(log));
  const { value } = (await early.next()) as { value: FeedBatch };
  await early.return?.();
  for (let i = 0; i < 250; i++) relay.nudge(grow(log));
  await settled();

  const messages = await relay.subscribe({ after: value.items[0]!.cursor });
  const seen = await take(messages, 251);

  expect(seen).toHaveLength(501);
  expect(seen.slice(0, 3)).toEqual(['1.1', '2.0', '2.1']);
  expect(seen.at(-1)).toBe('251.1');
  await relay.stop();
});

test('unwanted messages do not wait for anybody', async () => {
  const relay = aRelay(log, { maxWaiting: 2 });
  await relay.start();
  const messages = await relay.subscribe({
    wants: (one) => nameOf(one).startsWith('1.') || nameOf(one) === '99.0',
  });
  const first = messages.next();
  for (let i = 0; i < 99; i++) relay.nudge(grow(log));
  await settled();

  expect(((await first).value as FeedBatch).seq).toBe(1);
  expect(await take(messages, 1)).toEqual(['99.0']);
  await relay.stop();
});

test('one commit that tells more than may wait reaches who keeps up', async () => {
  const relay = aRelay(log, { maxWaiting: 1 });
  await relay.start();
  const messages = await relay.subscribe();
  const first = messages.next();
  await settled();
  relay.nudge(grow(log));
  await first;

  relay.nudge(grow(log));
  await settled();

  expect(await take(messages, 1)).toEqual(['2.0', '2.1']);
  await relay.stop();
});

test('who missed more than may wait is not called slow by the next commit', async () => {
  const relay = aRelay(log, { maxWaiting: 5 });
  await relay.start();
  for (let i = 0; i < 250; i++) relay.nudge(grow(log));
  await settled();
  log.reads = [];

  const messages = await relay.subscribe({
    after: logCursor({ seq: 0, at: 0, index: END_OF_BATCH }),
  });
  const seen = await take(messages, 1);
  relay.nudge(grow(log));
  await settled();
  seen.push(...(await take(messages, 250)));

  expect(seen).toEqual(log.batches.flatMap(({ seq }) => [`${seq}.0`, `${seq}.1`]));
  // Out of the ring, which holds all of it.
  expect(log.reads.filter((name) => name === 'feed.logAfter')).toEqual([]);
  await relay.stop();
});

test('return settles at once, also while next waits', async () => {
  const relay = aRelay(log);
  await relay.start();
  const messages = await relay.subscribe();
  const waiting = messages.next();

  await messages.return?.();

  expect(await waiting).toEqual({ value: undefined, done: true });
  expect(relay.stats().subscribers).toBe(0);
  await relay.stop();
});

test('a log cut while this process slept ends its subscribers with CURSOR_EXPIRED', async () => {
  const relay = aRelay(log);
  await relay.start();
  const messages = await relay.subscribe();
  const waiting = messages.next();
  grow(log, 10);
  log = Object.assign(log, { floor: 8, batches: log.batches.slice(7) });

  relay.nudge();

  await expect(waiting).rejects.toMatchObject({
    code: 'CURSOR_EXPIRED',
    details: { oldest: logCursor({ seq: 8, at: 0, index: -1 }) },
  });
  await relay.stop();
});

test('a cursor is good only in the log that gave it, also where another log has its number', async () => {
  const relay = aRelay(log);
  await relay.start();
  const before = await relay.cursor(HOST_VIEW);
  grow(log, 5);
  const within = await relay.cursor(HOST_VIEW);
  grow(log, 3);
  const ahead = await relay.cursor(HOST_VIEW);
  // The log is put back to its third batch, and goes on otherwise.
  log.batches.length = 3;
  const now = await relay.cursor(HOST_VIEW);
  for (const batch of [grow(log), grow(log)]) Object.assign(batch, { at: 7 });
  const good = [before, now, await relay.cursor(HOST_VIEW)];

  const codeOf = (after: string): Promise<unknown> =>
    relay.subscribe({ after }).then(
      () => 'ok',
      (error: unknown) => (error as { code: string }).code,
    );
  expect(await Promise.all([...good, within, ahead].map(codeOf))).toEqual([
    ...['ok', 'ok', 'ok', 'CURSOR_EXPIRED', 'CURSOR_EXPIRED'],
  ]);
  await relay.stop();
});

test('the end of a batch that is just forgotten cannot be told from another any more, and has expired', async () => {
  const relay = aRelay(log);
  await relay.start();
  grow(log, 3);
  Object.assign(log.batches[2]!, { at: 5 });
  const after = await relay.cursor(HOST_VIEW);
  grow(log);
  log = Object.assign(log, { floor: 4, batches: log.batches.slice(3) });

  await expect(relay.subscribe({ after })).rejects.toMatchObject({
    code: 'CURSOR_EXPIRED',
    details: { oldest: logCursor({ seq: 4, at: 0, index: -1 }) },
  });
  await relay.stop();
});

test('stopping ends subscribers with a typed error', async () => {
  const relay = aRelay(log);
  await relay.start();
  const waiting = (await relay.subscribe()).next();

  await relay.stop();

  await expect(waiting).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
});

test('the lag is the age of what was not given out yet, and 0 when all was', async () => {
  const clock = fixedClock(0);
  const relay = aRelay(log, { clock });
  await relay.start();

  relay.nudge(grow(log));
  clock.set(5000);
  const behind = relay.stats().lagMs;
  await settled();

  expect([behind, relay.stats().lagMs]).toEqual([5000, 0]);
  await relay.stop();
});

describe('heartbeats', () => {
  /** Reads until a heartbeat of this position; what was given on the way. */
  async function untilHeartbeat(messages: AsyncIterator<FeedBatch>, seq: number): Promise<string> {
    for (;;) {
      const { value } = (await messages.next()) as { value: FeedBatch };
      if (value.heartbeat !== undefined && value.seq === seq) return value.heartbeat.cursor;
    }
  }

  test('one comes first to who has no cursor, and leads to all that is committed after it', async () => {
    grow(log, 2);
    const relay = aRelay(log, { heartbeatMs: 60_000 });
    await relay.start();
    const first = await relay.subscribe();
    const cursor = await untilHeartbeat(first, 2);
    await first.return?.();
    relay.nudge(grow(log));

    const again = await relay.subscribe({ after: cursor });

    expect(await take(again, 1)).toEqual(['3.0', '3.1']);
    await relay.stop();
  });

  test('they move the cursor of who wants nothing of what comes, and it misses nothing', async () => {
    const relay = aRelay(log, { heartbeatMs: 2 });
    await relay.start();
    const wants = (one: Batch['messages'][number]): boolean => nameOf(one) === '4.1';
    const quiet = await relay.subscribe({ wants });
    relay.nudge(grow(log, 3));
    const cursor = await untilHeartbeat(quiet, 3);
    await quiet.return?.();
    relay.nudge(grow(log));
    log.floor = 4;

    const again = await relay.subscribe({ wants, after: cursor });

    expect(await take(again, 1)).toEqual(['4.1']);
    await relay.stop();
  });

  test('none is ahead of a message that was not taken before it, whatever is missed, live or slow', async () => {
    grow(log, 150);
    const relay = aRelay(log, { heartbeatMs: 1, ringBatches: 10 });
    await relay.start();
    const messages = await relay.subscribe({
      after: logCursor({ seq: 3, at: 0, index: 0 }),
      wants: (one) => nameOf(one).endsWith('7.1') || nameOf(one).startsWith('3.'),
    });
    const wanted = [3, 7, 17, 27, 37, 47, 57, 67, 77, 87, 97, 107, 117, 127, 137, 147]
      .concat([157, 167, 177, 187, 197])
      .map((seq) => `${seq}.1`);
    const seen: string[] = [];
    const beats: number[] = [];
    while (seen.length < wanted.length) {
      const { value } = (await messages.next()) as { value: FeedBatch };
      for (const { message: one } of value.items) seen.push(nameOf(one));
      if (value.heartbeat !== undefined) {
        beats.push(value.seq);
        expect(wanted.filter((id) => Number.parseInt(id) <= value.seq)).toEqual(seen);
      }
      // Beats pass while it does not wait, and batches come while it does.
      if (seen.length % 2 === 0) await settled();
      if (log.batches.length < 200) relay.nudge(grow(log));
    }

    expect(seen).toEqual(wanted);
    expect(beats.length).toBeGreaterThan(0);
    await relay.stop();
  });
});
