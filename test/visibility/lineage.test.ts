/** What partners are told of where something came from and what became of it: the edges that were in their sight. */
import { systemClock } from '../../src/shared/clock.js';
import {
  DEPOT,
  MAKER,
  OTHER,
  PLANT,
  SHOP,
  THIRD,
  place,
  sold,
  startWithPartners,
} from '../support/access-client.js';
import type { AccessClient } from '../support/access-client.js';
import type { TestApp } from '../support/app-for-tests.js';

const [RAW, MADE] = ['09506000134352', '09506000140018'];
const epc = (key: string): string => `https://id.gs1.org/${key}`;
const raw = (n: number | string): string => `01/${RAW}/21/${n}`;
const made = (n: number): string => `01/${MADE}/21/${n}`;
const [LOT, MADE_LOT] = [`01/${RAW}/10/A`, `01/${MADE}/10/Z`];
const CASE = '00/095060001343520017';
const PALLET = '00/095060001343520024';
const KEPT = '00/095060001343520031';
const CLAIMED = '00/095060001343520048';
/** Of the prefix that Cedar may begin. */
const [CEDARS, CEDARS_TOO] = ['00/095060001500000017', '00/095060001500000024'];
const HOUR = 3_600_000;
const START = systemClock.now() - 100 * HOUR;
const at = (n: number): string => new Date(START + n * HOUR).toISOString();

let app: TestApp;
let client: AccessClient;
let alder: string;
let birch: string;
let cedar: string;

const send = (n: number, key: string, told: object): Promise<void> =>
  client.send(key, { eventID: `urn:x:l${n}`, eventTime: at(n), ...told });

const make = (keys: readonly string[], lot: string): object => ({
  ...{ action: 'ADD', bizStep: 'commissioning', epcList: keys.map(epc) },
  ...{ readPoint: place(PLANT), bizLocation: place(PLANT), ilmd: { 'cbvmda:lotNumber': lot } },
});
const pack = (action: string, parent: string, kids: readonly string[], gln: string): object => ({
  ...{ type: 'AggregationEvent', action, epcList: undefined, parentID: epc(parent) },
  ...{ childEPCs: kids.map(epc), bizLocation: place(gln) },
});
const ship = (keys: readonly string[], gln: string, ends: object): object => ({
  ...{ bizStep: 'shipping', epcList: keys.map(epc), readPoint: place(gln), ...ends },
});
const receive = (keys: readonly string[], gln: string, ends: object = {}): object => ({
  ...{ bizStep: 'receiving', epcList: keys.map(epc), bizLocation: place(gln), ...ends },
});
const transform = (inputs: readonly string[], outputs: readonly string[], gln: string): object => ({
  ...{ type: 'TransformationEvent', action: undefined, epcList: undefined },
  ...{ inputEPCList: inputs.map(epc), outputEPCList: outputs.map(epc), bizLocation: place(gln) },
});

beforeAll(async () => {
  const started = await startWithPartners();
  ({ app, client } = started);
  ({ alder, birch, cedar } = started.keys);
  const host = client.administrator;
  await send(0, host, make([1, 2, 3, 4, 5].map(raw), 'A'));
  // Alder packs a case and sells it to Birch, who loads it on a pallet, opens all and makes something else of it.
  await send(1, host, pack('ADD', CASE, [raw(1), raw(2)], PLANT));
  await send(2, host, ship([CASE], PLANT, sold(MAKER, OTHER, DEPOT)));
  await send(3, host, receive([CASE], DEPOT));
  await send(4, host, pack('ADD', PALLET, [CASE], DEPOT));
  await send(5, host, pack('DELETE', PALLET, [], DEPOT));
  await send(6, host, pack('DELETE', CASE, [], DEPOT));
  await send(7, host, {
    ...transform([raw(1), raw(2)], [made(1), made(2)], DEPOT),
    ilmd: { 'cbvmda:lotNumber': 'Z' },
  });
  await send(8, host, ship([made(1)], DEPOT, sold(OTHER, THIRD, SHOP)));
  await send(9, host, receive([made(1)], SHOP));
  // Alder keeps the title of a box at Birch's, and sells Birch a unit in there.
  await send(20, host, pack('ADD', KEPT, [raw(4), raw(5)], PLANT));
  await send(21, host, ship([KEPT], PLANT, sold(MAKER, MAKER, DEPOT)));
  await send(22, host, receive([KEPT], DEPOT, sold(MAKER, MAKER, DEPOT)));
  await send(23, host, receive([raw(5)], DEPOT, sold(MAKER, OTHER, DEPOT)));
  await send(24, host, pack('DELETE', KEPT, [], DEPOT));
  // Cedar claims that it made something of Alder's unit and box, and something of what nobody ever named.
  await send(30, host, pack('ADD', CLAIMED, [raw(3)], PLANT));
  await send(31, cedar, transform([raw(3), CLAIMED], [CEDARS], SHOP));
  await send(32, cedar, transform([raw('NONE')], [CEDARS_TOO], SHOP));
});
afterAll(() => app.stop());

/** The nodes, and the edges as `kind from > to since until event`, with hours. */
async function lineage(
  key: string,
  id: string,
  direction: 'BACK' | 'FORWARD' | 'BOTH',
): Promise<{ nodes: string[]; edges: string[]; truncated: boolean } | null> {
  const { data, errors } = await client.ask(
    key,
    `{ lineage(id: "${id}", direction: ${direction}) { truncated nodes { key kind }
      edges { kind from to since until eventId event { eventId } } } }`,
  );
  expect(errors).toEqual([]);
  const found = data?.['lineage'] as unknown as {
    truncated: boolean;
    nodes: { key: string; kind: string }[];
    edges: Record<string, string | null>[];
  } | null;
  if (found === null) return null;
  const hour = (time: string | null | undefined): string =>
    time ? String((Date.parse(time) - START) / HOUR) : '-';
  return {
    truncated: found.truncated,
    nodes: found.nodes.map((node) => `${node.kind} ${node.key}`).sort(),
    edges: found.edges
      .map(({ kind, from, to, since, until, eventId }) =>
        [kind, from, '>', to, hour(since), hour(until), eventId?.replace('urn:x:', '') ?? '-'].join(
          ' ',
        ),
      )
      .sort(),
  };
}

test('who bought what was made sees where it came from and not what it was made of', async () => {
  expect(await lineage(cedar, made(1), 'BOTH')).toEqual({
    truncated: false,
    nodes: [`LOT ${MADE_LOT}`, `SITE 414/${DEPOT}`, `SITE 414/${SHOP}`, `UNIT ${made(1)}`],
    edges: [`CUSTODY 414/${DEPOT} > 414/${SHOP} 8 9 l8`, `LOT ${MADE_LOT} > ${made(1)} - - -`],
  });
  const ofLot = {
    truncated: false,
    nodes: [`LOT ${MADE_LOT}`, `UNIT ${made(1)}`],
    edges: [`LOT ${MADE_LOT} > ${made(1)} - - -`],
  };
  expect(await lineage(cedar, MADE_LOT, 'BOTH')).toEqual(ofLot);
  expect(await lineage(cedar, `01/${MADE}`, 'FORWARD')).toEqual({
    ...ofLot,
    nodes: [...ofLot.nodes.slice(0, 1), `PRODUCT 01/${MADE}`, ...ofLot.nodes.slice(1)],
    edges: [`LOT 01/${MADE} > ${MADE_LOT} - - -`, ...ofLot.edges],
  });
});

test('who made it sees both sides, and what went in from the time on that it had that', async () => {
  const host = (await lineage(client.administrator, made(1), 'BACK'))!;
  const own = (await lineage(birch, made(1), 'BACK'))!;
  const ofCase = (n: number, since: number): string =>
    `CONTAINMENT ${CASE} > ${raw(n)} ${since} 6 l6`;

  expect(own.nodes).toEqual(host.nodes);
  expect(own.edges).toEqual(
    host.edges.map((edge) =>
      [1, 2].some((n) => edge === ofCase(n, 1)) ? edge.replace(' 1 6 ', ' 2 6 ') : edge,
    ),
  );
  expect(own.edges).toContain(`TRANSFORMATION ${LOT} > ${MADE_LOT} 7 - l7`);
  expect(await lineage(birch, MADE_LOT, 'BOTH')).toEqual(
    await lineage(client.administrator, MADE_LOT, 'BOTH'),
  );
});

test('who passed something on sees what it was in until then, and nothing of what became of it', async () => {
  const passedOn = {
    truncated: false,
    nodes: [
      `CONTAINER ${CASE}`,
      `SITE 414/${PLANT}`,
      `SITE 414/${DEPOT}`,
      ...[1, 2].map((n) => `UNIT ${raw(n)}`),
    ],
    edges: [
      ...[1, 2].map((n) => `CONTAINMENT ${CASE} > ${raw(n)} 1 - -`),
      `CUSTODY 414/${PLANT} > 414/${DEPOT} 2 3 l2`,
    ],
  };
  expect(await lineage(alder, CASE, 'BOTH')).toEqual(passedOn);
  expect(await lineage(alder, raw(1), 'BOTH')).toMatchObject({
    edges: [passedOn.edges[0], passedOn.edges[2], `LOT ${LOT} > ${raw(1)} - - -`],
  });
  const ofLot = await lineage(alder, LOT, 'FORWARD');
  expect(ofLot?.edges).toEqual([1, 2, 3, 4, 5].map((n) => `LOT ${LOT} > ${raw(n)} - - -`));
  expect(await lineage(birch, LOT, 'FORWARD')).toMatchObject({
    edges: expect.not.arrayContaining([`LOT ${LOT} > ${raw(3)} - - -`]) as unknown,
  });
});

test('of what is in a box, an owner sees what is its own, as long as it is', async () => {
  const inKept = (n: number, time: string): string => `CONTAINMENT ${KEPT} > ${raw(n)} ${time}`;
  const inIt = async (key: string): Promise<unknown> =>
    (await lineage(key, KEPT, 'FORWARD'))?.edges.filter((edge) => edge.startsWith('CONTAINMENT'));

  expect(await inIt(alder)).toEqual([inKept(4, '20 24 l24'), inKept(5, '20 - -')]);
  expect(await inIt(birch)).toEqual([inKept(4, '21 24 l24'), inKept(5, '21 24 l24')]);
});

test('who claims to have used something learns nothing of it', async () => {
  const edges = (inputs: readonly string[], output: string, event: number): unknown => ({
    truncated: false,
    nodes: [`CONTAINER ${output}`, ...inputs.map((key) => `UNIT ${key}`)],
    edges: inputs.map((key) => `TRANSFORMATION ${key} > ${output} ${event} - l${event}`),
  });

  expect(await lineage(cedar, CEDARS, 'BACK')).toEqual(edges([CLAIMED, raw(3)], CEDARS, 31));
  expect(await lineage(cedar, CEDARS_TOO, 'BACK')).toEqual(edges([raw('NONE')], CEDARS_TOO, 32));
});

test('there is no lineage of what is not in sight, as of what nobody ever named', async () => {
  const never = [raw('NEVER'), `01/${RAW}/10/NEVER`, '01/09506000999999', '00/095060001343529997'];
  for (const id of [...never, raw(1), raw(3), CASE, PALLET, CLAIMED, LOT, `01/${RAW}`, made(2)])
    expect([id, await lineage(cedar, id, 'BOTH')]).toEqual([id, null]);
  for (const id of [made(1), MADE_LOT, `01/${MADE}`, PALLET])
    expect([id, await lineage(alder, id, 'BOTH')]).toEqual([id, null]);
});
