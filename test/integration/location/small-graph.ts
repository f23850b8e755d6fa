/** A story written straight into the graph, as the graph model says the writer would leave it. */
import { cypher, int } from '../../../src/graph/cypher.js';
import type { Graph } from '../../../src/graph/graph.js';

const LOT = '01/09506000134352/10/L1';
export const keys = {
  u1: '01/09506000134352/21/U1',
  u2: '01/09506000134352/21/U2',
  u3: '01/09506000134352/21/U3',
  box: '01/19506000134359/21/C1',
  pallet: '00/095060001343520000',
  sensor: '8004/9506000SENSOR1',
  lot: LOT,
  product: '01/09506000134352',
  ingredient: '01/09506000134369/10/I1',
  maker: '417/9506000000008',
  wholesaler: '417/9506000000015',
  plant: '414/9506000000008',
  hub: '414/9506000000015',
} as const;

interface StoryEvent {
  readonly id: string;
  readonly t: number;
  readonly type?: string;
  readonly action?: string;
  readonly bizStep?: string;
  readonly disposition?: string;
  readonly site?: string;
  readonly parent?: string;
  readonly kids?: readonly string[];
  readonly text?: object;
  readonly retracted?: boolean;
}

const { u1, u2, u3, box, pallet, sensor, maker, wholesaler, plant, hub } = keys;
const pgln = (key: string): string => `https://id.gs1.org/${key}`;

/** A commissioned lot is packed, shipped, received, unpacked from its pallet; one unit is dispensed. */
const EVENTS: readonly StoryEvent[] = [
  {
    id: 'e1',
    t: 100,
    action: 'ADD',
    bizStep: 'commissioning',
    site: plant,
    kids: [u1, u2, u3, box],
  },
  {
    id: 'e2',
    t: 200,
    type: 'AggregationEvent',
    action: 'ADD',
    bizStep: 'packing',
    site: plant,
    parent: box,
    kids: [u1, u2],
  },
  {
    id: 'e3',
    t: 300,
    type: 'AggregationEvent',
    action: 'ADD',
    bizStep: 'packing',
    site: plant,
    parent: pallet,
    kids: [box],
  },
  { id: 'a1', t: 310, type: 'AssociationEvent', action: 'ADD', parent: pallet, kids: [sensor] },
  {
    id: 'e4',
    t: 400,
    bizStep: 'shipping',
    disposition: 'in_transit',
    kids: [pallet],
    text: {
      persistentDisposition: { set: ['completeness_verified'] },
      sourceList: [
        { type: 'owning_party', source: pgln(maker) },
        { type: 'possessing_party', source: pgln(maker) },
      ],
      destinationList: [{ type: 'owning_party', destination: pgln(wholesaler) }],
    },
  },
  { id: 'wrong', t: 450, bizStep: 'receiving', site: plant, kids: [pallet], retracted: true },
  { id: 'e5', t: 500, bizStep: 'receiving', disposition: 'in_progress', site: hub, kids: [pallet] },
  {
    id: 'e6',
    t: 600,
    type: 'AggregationEvent',
    action: 'DELETE',
    bizStep: 'unpacking',
    site: hub,
    parent: pallet,
  },
  { id: 'e7', t: 700, bizStep: 'dispensing', site: hub, kids: [u1] },
];

const MASTER = cypher('test.story-master')`
CREATE (plant:Site {k: $plant, name: 'Plant', registered: true}), (hub:Site {k: $hub, name: 'Hub', registered: true}),
       (:Site {k: '?'})
CREATE (maker:Party {k: $maker, name: 'Maker', registered: true}), (wholesaler:Party {k: $wholesaler, name: 'Wholesaler', registered: true})
CREATE (plant)-[:OPERATED_BY]->(maker), (hub)-[:OPERATED_BY]->(wholesaler)
CREATE (lot:Lot {id: $lot, gtin: '09506000134352', lot: 'L1', expiry: '2027-12-31'})
CREATE (product:Product {gtin: '09506000134352', name: 'Pills', gcp: '9506000', registered: true}), (lot)-[:LOT_OF]->(product)
CREATE (i:Lot {id: $ingredient, gtin: '09506000134369', lot: 'I1'}), (lot)-[:MADE_FROM {eventId: 'm1'}]->(i)
CREATE (bulk:Lot {id: '01/09506000134376/10/B', gtin: '09506000134376', lot: 'B'})`;

const PACKAGES = cypher('test.story-packages')`
UNWIND $units AS k CREATE (:Package:Unit {k: k, lot: $lot})
WITH count(*) AS units
CREATE (:Package:Container {k: $box, cur: 'F ' + $box + ' 0'}), (:Package:Container {k: $pallet, cur: 'F ' + $pallet + ' e6', gcp: '9506000'}),
       (:Package:Container {k: $sensor})`;

const EVENT = cypher('test.story-events')`
UNWIND $events AS given
CREATE (e:Event) SET e = given.node
WITH e, given
UNWIND given.names AS name
MATCH (p:Package {k: name.k})
CREATE (e)-[:OF {role: name.role}]->(p)`;

const HOLDINGS = cypher('test.story-holdings')`
MATCH (plant:Site {k: $plant}), (hub:Site {k: $hub}), (lot:Lot {id: $lot}), (bulk:Lot {id: '01/09506000134376/10/B'})
MATCH (u1:Unit {k: $u1}), (u2:Unit {k: $u2}), (u3:Unit {k: $u3}), (box:Container {k: $box}), (pallet:Container {k: $pallet})
CREATE (loose:Holding {id: 'loose', kind: 'LOOSE', from: 100, mode: 'AT', site: $plant, status: 'active'}),
       (gone:Holding {id: 'gone', kind: 'DISPOSED', from: 700, mode: 'AT', site: $hub, status: 'dispensed'}),
       (inBox:Holding {id: 'F ' + $box + ' 0', kind: 'FILLING', box: $box, from: 200}),
       (onPallet:Holding {id: 'F ' + $pallet + ' 0', kind: 'FILLING', box: $pallet, from: 300, dissolvedAt: 600, endedBy: 'e6',
                          mode: 'AT', site: $hub, status: 'in_progress', since: 500}),
       (empty:Holding {id: 'F ' + $pallet + ' e6', kind: 'FILLING', box: $pallet, from: 600, mode: 'AT', site: $hub, status: 'in_progress'})
CREATE (box)-[:FILLED]->(inBox), (pallet)-[:FILLED]->(onPallet), (pallet)-[:FILLED]->(empty)
CREATE (u1)-[:IN {from: 100, to: 200}]->(loose), (u2)-[:IN {from: 100, to: 200}]->(loose), (u3)-[:IN {from: 100}]->(loose)
CREATE (u1)-[:IN {from: 200, to: 700}]->(inBox), (u1)-[:IN {from: 700}]->(gone), (u2)-[:IN {from: 200}]->(inBox)
CREATE (box)-[:STAY {from: 100, to: 300, mode: 'AT', status: 'active', since: 0}]->(plant)
CREATE (box)-[:IN {from: 300, mStatus: 'active', mSince: 0, mAt: 300, mDiff: false}]->(onPallet)
CREATE (pallet)-[:STAY {from: 300, to: 400, mode: 'AT', status: 'active', since: 0}]->(plant)
CREATE (pallet)-[:STAY {from: 400, to: 500, mode: 'TO', origin: $plant, by: 'e4', status: 'in_transit', since: 400}]->(hub)
CREATE (pallet)-[:STAY {from: 500, mode: 'AT', status: 'in_progress', since: 500}]->(hub)
CREATE (inBox)-[:HOLDS {n: 1}]->(lot), (onPallet)-[:HOLDS {n: 1}]->(lot), (loose)-[:HOLDS {n: 1}]->(lot), (gone)-[:HOLDS {n: 1}]->(lot)
CREATE (:Handoff {id: 'e4', dueAt: 480})
CREATE (:Exception {k: $u1, t: 700, code: 'AFTER_END', eventId: 'e7', detail: 'for the test', seq: 7})
CREATE (in1:Event {id: 'q1', hash: 'q1', type: 'AggregationEvent', action: 'ADD', eventTime: 250, text: '{}'})-[:OF {role: 'parent'}]->(box),
       (in1)-[:OF_QUANTITY {role: 'childQuantity', quantity: 10}]->(bulk),
       (out1:Event {id: 'q2', hash: 'q2', type: 'AggregationEvent', action: 'DELETE', eventTime: 260, text: '{}'})-[:OF {role: 'parent'}]->(box),
       (out1)-[:OF_QUANTITY {role: 'childQuantity', quantity: 12}]->(bulk)`;

/** Writes the story into an empty graph. */
export async function writeStory(graph: Graph): Promise<void> {
  await graph.writeAlone(MASTER, keys);
  await graph.writeAlone(PACKAGES, { ...keys, units: [u1, u2, u3] });
  await graph.writeAlone(EVENT, { events: EVENTS.map(toStored) });
  await graph.writeAlone(HOLDINGS, keys);
}

function toStored(event: StoryEvent): object {
  const { id, t, parent, kids = [], site, text = {}, retracted, ...rest } = event;
  return {
    node: {
      id,
      hash: `hash-${id}`,
      type: 'ObjectEvent',
      action: 'OBSERVE',
      eventTimeZoneOffset: '+00:00',
      recordTime: int(1000),
      ...rest,
      eventTime: int(t),
      text: JSON.stringify({ type: rest.type ?? 'ObjectEvent', ...text }),
      ...(site === undefined ? {} : { bizLocation: site, readPoint: site }),
      ...(retracted === undefined ? {} : { retracted }),
    },
    names: [
      ...(parent === undefined ? [] : [{ k: parent, role: 'parent' }]),
      ...kids.map((k) => ({ k, role: parent === undefined ? 'epc' : 'child' })),
    ],
  };
}

/** How many statements `work` runs, and what it answers. */
export async function counted<T>(graph: Graph, work: () => Promise<T>): Promise<[number, T]> {
  let statements = 0;
  const stop = graph.onStatement(() => {
    statements++;
  });
  try {
    const answer = await work();
    return [statements, answer];
  } finally {
    stop();
  }
}
