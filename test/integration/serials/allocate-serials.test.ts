import { hostView } from '../../../src/access/view.js';
import { randomBytes } from 'node:crypto';
import { cypher } from '../../../src/graph/cypher.js';
import type { Graph } from '../../../src/graph/graph.js';
import { allocateSerials } from '../../../src/serials/allocate-serials.js';
import type { SerialDeps } from '../../../src/serials/allocate-serials.js';
import { findSerialStatus } from '../../../src/serials/find-serial-status.js';
import { handOut } from '../../../src/serials/hand-out.js';
import { judgeSerials } from '../../../src/serials/judge-serials.js';
import { readSkipped } from '../../../src/serials/serial-exception.store.js';
import { SerialPermutation } from '../../../src/serials/serial-permutation.js';
import { listAllocations } from '../../../src/serials/serial.read-model.js';
import type { SerialAllocation, SerialRequest } from '../../../src/serials/serials.js';
import { emptyGraph, graphForTests } from '../../support/neo4j-for-tests.js';

const DECIMAL = '0123456789';
const NOW = 1_700_000_000_000;

let graph: Graph;
let deps: SerialDeps;
let lastGtin = 0;
beforeAll(async () => {
  graph = await graphForTests();
  await emptyGraph(graph);
  deps = { view: hostView(graph), clock: { now: () => NOW } };
});
afterAll(async () => {
  await emptyGraph(graph);
  await graph.close();
});

/** A product of its own for each test; the check digit is not looked at here. */
const newGtin = (): string => String(9506000000000 + ++lastGtin).padStart(14, '0');

async function allocate(request: Partial<SerialRequest>): Promise<SerialAllocation> {
  const outcome = await allocateSerials(deps, {
    gtin: '09506000134352',
    count: 100,
    allocatedTo: 'Line 1',
    ...request,
  });
  if (!outcome.ok) throw new Error(outcome.refusal.rule);
  return outcome.allocation;
}

async function serialsOf(allocation: SerialAllocation, by = deps): Promise<string[]> {
  const serials: string[] = [];
  for await (const some of handOut(by, allocation)) serials.push(...some);
  return serials;
}

const POOL = cypher<{ alphabet: string; length: number; key: string; next: number }>(
  'test.serialPool',
)`MATCH (p:SerialPool {gtin: $gtin}) RETURN p.alphabet AS alphabet, p.length AS length, p.key AS key, p.next AS next`;
const SET_KEY = cypher('test.setSerialKey')`
MATCH (p:SerialPool {gtin: $gtin, alphabet: $alphabet}) SET p.key = $key`;
const RULED_PRODUCT = cypher('test.ruledProduct')`
CREATE (:Product {gtin: $gtin, serialsFromPools: true})`;
const STRAYS = cypher<{ key: string }>('test.straySerials')`
MATCH (x:SerialException) WHERE x.k STARTS WITH $prefix RETURN x.k AS key`;
const PACKAGES = cypher('test.packagesOfSerials')`
UNWIND $serials AS serial CREATE (:Package:Unit {k: '01/' + $gtin + '/21/' + serial})`;

test('serials are of the kind asked for, all different, and the same when asked for again', async () => {
  const gtin = newGtin();
  const first = await allocate({ gtin, count: 12_345 });
  const second = await allocate({ gtin, count: 100, allocatedTo: 'Line 2' });

  const [one, again, other] = [
    await serialsOf(first),
    await serialsOf(first),
    await serialsOf(second),
  ];

  expect(one).toHaveLength(12_345);
  expect(one.every((serial) => /^[2-9A-HJKMNP-TV-Z]{12}$/.test(serial))).toBe(true);
  expect(again).toEqual(one);
  expect(new Set([...one, ...other]).size).toBe(12_445);
});

test('sixteen who allocate at once get different serials, none left out', async () => {
  const gtin = newGtin();
  const outcomes = await Promise.all(
    Array.from({ length: 16 }, async (_, i) => {
      const allocation = await allocate({
        gtin,
        count: 500 + i,
        alphabet: DECIMAL,
        length: 12,
        allocatedTo: `Line ${i}`,
      });
      return serialsOf(allocation);
    }),
  );

  const all = outcomes.flat();
  expect(outcomes.map((serials) => serials.length)).toEqual(
    Array.from({ length: 16 }, (_, i) => 500 + i),
  );
  expect(new Set(all).size).toBe(all.length);
  expect((await graph.read(POOL, { gtin }))[0]?.next).toBe(all.length);
});

test('another process goes on where this one stopped', async () => {
  const gtin = newGtin();
  const before = await serialsOf(await allocate({ gtin }));
  const restarted = await graphForTests();
  const after = await allocateSerials(
    { ...deps, view: hostView(restarted) },
    { gtin, count: 100, allocatedTo: 'Line 1' },
  );

  expect(after.ok).toBe(true);
  const serials = after.ok
    ? await serialsOf(after.allocation, { ...deps, view: hostView(restarted) })
    : [];
  await restarted.close();
  expect(new Set([...before, ...serials]).size).toBe(200);
});

test('a serial that is on a package already is given to nobody, now or later', async () => {
  const gtin = newGtin();
  await allocate({ gtin, count: 1, alphabet: DECIMAL, length: 9 });
  const [pool] = await graph.read(POOL, { gtin });
  const next = new SerialPermutation({ ...pool!, key: Buffer.from(pool!.key, 'base64') });
  const taken = next.serialsAt(3, 4);
  await graph.write((tx) => tx.run(PACKAGES, { gtin, serials: taken }));

  const allocation = await allocate({ gtin, count: 20, alphabet: DECIMAL, length: 9 });
  const serials = await serialsOf(allocation);

  expect(serials).toHaveLength(20);
  expect(serials.filter((serial) => taken.includes(serial))).toEqual([]);
  await graph.write((tx) => tx.run(PACKAGES, { gtin, serials: serials.slice(0, 5) }));
  expect(await serialsOf(allocation)).toEqual(serials);
  expect(await findSerialStatus(hostView(graph), gtin, taken[0]!)).toMatchObject({
    allocation: null,
  });
});

test('a serial that was passed over, as somebody had it already, counts as not allocated', async () => {
  const gtin = newGtin();
  await graph.write((tx) => tx.run(RULED_PRODUCT, { gtin }));
  const [known] = await serialsOf(await allocate({ gtin, count: 1, alphabet: DECIMAL, length: 9 }));
  const [pool] = await graph.read(POOL, { gtin });
  const next = new SerialPermutation({ ...pool!, key: Buffer.from(pool!.key, 'base64') });
  const [taken] = next.serialsAt(2, 1);
  await graph.write((tx) => tx.run(PACKAGES, { gtin, serials: [taken!] }));
  await serialsOf(await allocate({ gtin, count: 5, alphabet: DECIMAL, length: 9 }));

  const events = [known, taken].map((serial) => ({ key: `01/${gtin}/21/${serial}`, eventId: 'e' }));
  await graph.write((tx) =>
    judgeSerials(
      tx,
      events.map((one) => ({ ...one, t: NOW })),
      1,
    ),
  );

  expect(await graph.read(STRAYS, { prefix: `01/${gtin}/21/` })).toEqual([{ key: events[1]!.key }]);
});

const MANY_RANGES = cypher('test.manyRanges')`
UNWIND range(0, 2999) AS i
CREATE (:SerialRange {id: $pool + ' ' + toString(i * 100), pool: $pool, from: i * 100, to: i * 100 + 100, skipped: [i * 100 + 7]})`;

test('of the numbers that a pool passed over only those around the ones asked for are read', async () => {
  const pool = 'a pool of its own';
  await graph.write((tx) => tx.run(MANY_RANGES, { pool }));
  const skipped = await graph.write((tx) =>
    readSkipped(tx, [{ pool, from: 150_050, to: 150_210 }]),
  );
  expect([...(skipped.get(pool) ?? [])].sort()).toEqual([150_007, 150_107, 150_207]);
});

test('what one pool gave, another of the same length leaves out', async () => {
  const gtin = newGtin();
  const eleven = `${DECIMAL}A`;
  const ofTen = await serialsOf(
    await allocate({ gtin, count: 99_000, alphabet: DECIMAL, length: 9 }),
  );
  await serialsOf(await allocate({ gtin, count: 1, alphabet: eleven, length: 9 }));
  const { key, collisions } = keyThatCollides(eleven, new Set(ofTen));
  await graph.write((tx) =>
    tx.run(SET_KEY, { gtin, alphabet: eleven, key: key.toString('base64') }),
  );

  const ofEleven = await serialsOf(
    await allocate({ gtin, count: 199, alphabet: eleven, length: 9 }),
  );

  expect(collisions.length).toBeGreaterThan(0);
  expect(ofEleven).toHaveLength(199);
  expect(ofEleven.filter((serial) => ofTen.includes(serial))).toEqual([]);
  expect(await findSerialStatus(hostView(graph), gtin, collisions[0]!)).toMatchObject({
    allocation: { alphabet: DECIMAL },
  });
});

/** A key under which the numbers 1 to 199 of a pool hit a serial that was given already: one in some hundreds does. */
function keyThatCollides(
  alphabet: string,
  given: ReadonlySet<string>,
): { readonly key: Buffer; readonly collisions: readonly string[] } {
  for (;;) {
    const key = randomBytes(32);
    const serials = new SerialPermutation({ alphabet, length: 9, key }).serialsAt(1, 199);
    const collisions = serials.filter((serial) => given.has(serial));
    if (collisions.length > 0) return { key, collisions };
  }
}

test('a request after which serials could be guessed is refused, and changes nothing', async () => {
  const gtin = newGtin();
  const request = { gtin, alphabet: DECIMAL, length: 7, allocatedTo: 'Line 1' };

  expect(await allocateSerials(deps, { ...request, count: 1000 })).toMatchObject({
    ok: false,
    refusal: { code: 'GUESSABLE', remedy: expect.stringContaining('Use 8 characters') as string },
  });
  expect(await allocateSerials(deps, { ...request, count: 999 })).toMatchObject({ ok: true });
  expect(await allocateSerials(deps, { ...request, count: 1 })).toMatchObject({ ok: false });
});

test('it is remembered who got a serial, and known of one that nobody got', async () => {
  const gtin = newGtin();
  const first = await allocate({ gtin, count: 6000, allocatedTo: 'Line 1', note: 'Order 1' });
  const second = await allocate({ gtin, count: 50, allocatedTo: 'Packager 2', requestedBy: 'Ann' });
  const [one, other] = [await serialsOf(first), await serialsOf(second)];

  expect(await findSerialStatus(hostView(graph), gtin, one.at(-1)!)).toEqual({
    gtin,
    serial: one.at(-1),
    allocation: first,
    commissioned: false,
  });
  expect(await findSerialStatus(hostView(graph), gtin, other[0]!)).toMatchObject({
    allocation: { allocatedTo: 'Packager 2', requestedBy: 'Ann', allocatedAt: NOW },
  });
  expect(await findSerialStatus(hostView(graph), gtin, '222222222222')).toMatchObject({
    allocation: null,
  });
  expect(await findSerialStatus(hostView(graph), gtin, 'short')).toMatchObject({
    allocation: null,
  });
});

test('allocations of a product are listed, the newest first, page by page', async () => {
  const gtin = newGtin();
  for (const allocatedTo of ['A', 'B', 'C']) await allocate({ gtin, allocatedTo });

  const page = await listAllocations(hostView(graph), gtin, { size: 2, backward: false });
  const rest = await listAllocations(hostView(graph), gtin, {
    size: 2,
    backward: false,
    from: [page.items[1]!.node.n],
  });

  expect(page.items.map(({ node }) => node.allocatedTo)).toEqual(['C', 'B']);
  expect(page.hasNextPage).toBe(true);
  expect(rest.items.map(({ node }) => node.allocatedTo)).toEqual(['A']);
});

test('two who fetch the same allocation for the first time get the same serials', async () => {
  const gtin = newGtin();
  const allocation = await allocate({ gtin, count: 20_000 });

  const [one, other] = await Promise.all([serialsOf(allocation), serialsOf(allocation)]);

  expect(one).toEqual(other);
});
