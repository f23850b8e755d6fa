import { cypher, int, intOrNull } from '../graph/cypher.js';
import type { GraphTransaction } from '../graph/transaction.js';
import { joinEvents, linkAhead } from './ahead.store.js';
import type { MayBegin } from './lot-facts.rules.js';
import { lotSayings } from './lot-facts.rules.js';
import { readLotFactsAgain, saveLotFacts } from './lot-facts.store.js';

/** An event whose id is known. */
export interface KnownEvent {
  readonly id: string;
  readonly hash: string;
  readonly retracted: boolean;
  readonly eventTime: number;
  readonly text: string;
  readonly ilmdLot: string | null;
  /** The event is ahead of the clock, so nothing is derived from it yet. */
  readonly waits: boolean;
  /** Key of the organisation that sent it; null for the host. */
  readonly sentBy: string | null;
}

/** An error declaration that is known. */
export interface KnownDeclaration {
  readonly id: string;
  readonly of: string;
}

interface OpeningRow {
  readonly seq: number;
  readonly recorded: number;
  readonly judgesSerials: boolean;
  readonly hasPartners: boolean;
  readonly events: readonly KnownEvent[];
  readonly declarations: readonly KnownDeclaration[];
}

// The lock comes first, so no other writer can change what is looked up after it. `CALL (seq)` keeps this order.
// No SET on the log reads the property that it sets (see graph/log-head.ts): two writers would deadlock.
const OPEN = cypher<OpeningRow>('capture.lockLog')`
MERGE (l:Log {id: 'log'})
ON CREATE SET l.seq = 0
SET l.locked = true
WITH l.seq + 1 AS seq, coalesce(l.at, -1) AS recorded, l.judgesSerials IS NOT NULL AS judgesSerials,
  l.hasPartners IS NOT NULL AS hasPartners
CALL (seq) {
  UNWIND $ids AS id
  MATCH (e:Event {id: id})
  RETURN collect({id: e.id, hash: e.hash, retracted: e.retracted IS NOT NULL, eventTime: e.eventTime,
    text: coalesce(e.meant, e.text), ilmdLot: e.ilmdLot, waits: e.waits IS NOT NULL,
    sentBy: CASE e.sentBy WHEN 'host' THEN null ELSE e.sentBy END}) AS events
}
CALL (seq) {
  UNWIND $ids AS id
  MATCH (d:ErrorDeclaration {of: id})
  RETURN collect({id: d.id, of: d.of}) AS declarations
}
RETURN seq, recorded, judgesSerials, hasPartners, events, declarations`;

const NEW_EVENTS = cypher('capture.newEvents')`
UNWIND $rows AS row
CREATE (e:Event)
SET e = row`;

const NAMES = cypher('capture.names')`
UNWIND $groups AS g
MATCH (e:Event {id: g.id})
UNWIND g.keys AS k
MATCH (p:Package {k: k})
CREATE (e)-[:OF {role: g.role}]->(p)`;

const SILENT_UNITS = cypher('capture.silentUnits')`
UNWIND $rows AS row
MERGE (p:Package {k: row.key})
ON CREATE SET p.last = -1, p.lot = row.lot, p:Unit`;

const SILENT_CONTAINERS = cypher('capture.silentContainers')`
UNWIND $rows AS row
MERGE (p:Package {k: row.key})
ON CREATE SET p.last = -1, p.lot = row.lot, p:Container`;

// Quantities have a relationship type of their own, because a lot may have a million commissionings.
const CLASSES = cypher('capture.classes')`
UNWIND $rows AS row
MATCH (e:Event {id: row.id})
MERGE (l:Lot {id: row.lot})
ON CREATE SET l.gtin = row.gtin, l.lot = row.number
FOREACH (ilmd IN CASE row.role WHEN 'ilmd' THEN [row] ELSE [] END |
  CREATE (e)-[:OF_CLASS {role: row.role, expiry: row.expiry, madeAt: row.madeAt}]->(l))
FOREACH (class IN CASE row.role WHEN 'ilmd' THEN [] ELSE [row] END |
  CREATE (e)-[:OF_QUANTITY {role: row.role, quantity: row.quantity, uom: row.uom}]->(l))`;

const PARTS = cypher('capture.partsOfTransformations')`
UNWIND $rows AS row
MATCH (e:Event {id: row.id})
MERGE (t:Transformation {id: row.transformationID})
CREATE (e)-[:PART_OF]->(t)`;

const NEW_DECLARATIONS = cypher('capture.newDeclarations')`
UNWIND $rows AS row
CREATE (d:ErrorDeclaration)
SET d = row`;

const HEADERS = cypher('capture.headers')`
UNWIND $rows AS row
MERGE (h:DocumentHeader {id: row.id})
ON CREATE SET h.text = row.text`;

const DECLARE = cypher('capture.declare')`
UNWIND $ids AS id
MATCH (d:ErrorDeclaration {of: id})
MATCH (e:Event {id: id})
MERGE (d)-[:DECLARES]->(e)
SET e.retracted = true
WITH d, e
MATCH (e)-[s:SEEN_BY]->(e)
MERGE (d)-[own:SEEN_BY {p: s.p}]->(d)
SET own.at = d.eventTime, own.rec = d.recordTime, own.whole = s.whole, own.names = s.names`;

/** What the writer must know before it decides: the log's next position, and which ids are known. */
export interface Opening {
  readonly seq: number;
  /** Record time of the newest commit, epoch ms; -1 before the first. */
  readonly recorded: number;
  /** At least one product has a rule for its serials. */
  readonly judgesSerials: boolean;
  /** Others than the host take part. */
  readonly hasPartners: boolean;
  readonly events: readonly KnownEvent[];
  readonly declarations: readonly KnownDeclaration[];
}

const NOTHING_OPENED: Opening = {
  seq: 0,
  recorded: -1,
  judgesSerials: false,
  hasPartners: false,
  events: [],
  declarations: [],
};

/**
 * Takes the log's lock, which keeps every other writer out until the commit, and looks up ids. It is one statement.
 */
export async function openBatch(tx: GraphTransaction, ids: readonly string[]): Promise<Opening> {
  const [opening] = await tx.run(OPEN, { ids });
  return opening ?? NOTHING_OPENED;
}

/** What is stored of an event so that it can be given back as it came. */
export interface GivenText {
  /** JSON in which numbers stand as the sender wrote them. */
  readonly text: string;
  /** JSON of the prefixes and namespaces that the event uses and its document declared. */
  readonly context?: string;
  /** Id of the document's header. */
  readonly header?: string;
}

/** A new `:DocumentHeader`: what a document says around its events, as JSON. */
export interface HeaderNode {
  readonly id: string;
  readonly text: string;
}

/** A new `:Event`. */
export interface EventNode extends GivenText {
  /** `text` with its CURIEs expanded, if it has any. It is read for everything except giving the event back. */
  readonly meant?: string;
  readonly id: string;
  readonly hash: string;
  readonly type: string;
  readonly action: string | null;
  readonly bizStep: string | null;
  readonly disposition: string | null;
  readonly eventTime: number;
  readonly eventTimeZoneOffset: string | null;
  /** Key of the organisation that sent it; null for the host. */
  readonly sentBy: string | null;
  readonly readPoint: string | null;
  readonly bizLocation: string | null;
  /** Keys of the parties in its source and destination lists: the possessing party, else the owning party. */
  readonly giver: string | null;
  readonly taker: string | null;
  readonly ilmdLot: string | null;
  readonly retracted: true | null;
  /** The eventTime, as long as it is ahead of the clock. */
  readonly waits: number | null;
}

/** The packages that an event names in one role. */
export interface NameGroup {
  readonly id: string;
  readonly role: string;
  readonly keys: readonly string[];
}

/** One class-level quantity of an event, or the lot that its ilmd describes. */
export interface ClassLink {
  readonly id: string;
  readonly role: string;
  readonly lot: string;
  readonly quantity: number | null;
  readonly uom: string | null;
  readonly expiry: string | null;
  readonly madeAt: number | null;
}

/** A new `:ErrorDeclaration`. */
export interface DeclarationNode extends GivenText {
  readonly id: string;
  readonly of: string;
  readonly reason: string | null;
  readonly declarationTime: number;
  readonly sentBy: string | null;
  readonly correctiveEventIDs: readonly string[];
}

/** A new `:CaptureJob`. */
export interface JobNode {
  readonly id: string;
  readonly createdAt: number;
  readonly finishedAt: number;
  readonly success: boolean;
  readonly errorBehaviour: string;
  readonly sentBy: string | null;
  readonly captured: number;
  readonly repeated: number;
  readonly errors: string;
  readonly warnings: string;
}

/** The immutable part of a batch. */
export interface EventBatch {
  readonly seq: number;
  readonly events: readonly EventNode[];
  readonly names: readonly NameGroup[];
  /** `names` and `classes` of the events that are ahead of the clock. */
  readonly ahead: {
    readonly names: readonly NameGroup[];
    readonly classes: readonly ClassLink[];
  };
  /** Packages that are named only by events declared in error or ahead of the clock. They must exist, so that the events can be tied to them. */
  readonly ghosts: readonly {
    readonly key: string;
    readonly lot: string;
    readonly container: boolean;
  }[];
  readonly classes: readonly ClassLink[];
  readonly transformations: readonly { readonly id: string; readonly transformationID: string }[];
  readonly declarations: readonly DeclarationNode[];
  readonly headers: readonly HeaderNode[];
  /** Ids of events that were declared in error while they waited for the clock. */
  readonly waitedInVain: readonly string[];
  /** Ids of stored events that are declared in error, by this batch or before. */
  readonly retracted: readonly string[];
}

/** Writes events before the projection, which points to them. Closing the batch adds their record time. */
export async function storeEvents(tx: GraphTransaction, batch: EventBatch): Promise<void> {
  const stamp = { seq: int(batch.seq) };
  const rows = batch.events.map(({ eventTime, waits, ...event }) => ({
    ...event,
    eventTime: int(eventTime),
    waits: intOrNull(waits),
    ...stamp,
  }));
  const sent: Promise<unknown>[] = [];
  if (rows.length > 0) sent.push(tx.start(NEW_EVENTS, { rows }));
  if (batch.headers.length > 0) sent.push(tx.start(HEADERS, { rows: batch.headers }));
  if (batch.declarations.length > 0)
    sent.push(
      tx.start(NEW_DECLARATIONS, {
        rows: batch.declarations.map((one) => ({
          ...one,
          declarationTime: int(one.declarationTime),
          ...stamp,
        })),
      }),
    );
  if (batch.retracted.length > 0) sent.push(tx.start(DECLARE, { ids: batch.retracted }));
  await Promise.all(sent);
}

async function makeGhosts(tx: GraphTransaction, ghosts: EventBatch['ghosts']): Promise<void> {
  const units = ghosts.filter(({ container }) => !container);
  const containers = ghosts.filter(({ container }) => container);
  const sent: Promise<unknown>[] = [];
  if (units.length > 0) sent.push(tx.start(SILENT_UNITS, { rows: units }));
  if (containers.length > 0) sent.push(tx.start(SILENT_CONTAINERS, { rows: containers }));
  await Promise.all(sent);
}

/** Ties events to the packages they name. The packages must exist. */
export async function linkNames(
  tx: GraphTransaction,
  names: readonly NameGroup[],
  ghosts: EventBatch['ghosts'],
): Promise<void> {
  await makeGhosts(tx, ghosts);
  if (names.length > 0) await tx.run(NAMES, { groups: names });
}

/** Ties events to what they name, after the projection has created the packages. */
export async function linkEvents(
  tx: GraphTransaction,
  batch: EventBatch,
  mayBegin: MayBegin,
): Promise<void> {
  const sent: Promise<unknown>[] = [];
  sent.push(makeGhosts(tx, batch.ghosts));
  if (batch.names.length > 0) sent.push(tx.start(NAMES, { groups: batch.names }));
  if (batch.classes.length > 0)
    sent.push(tx.start(CLASSES, { rows: batch.classes.map(classParams) }));
  const { names, classes } = batch.ahead;
  sent.push(linkAhead(tx, { names, classes: classes.map(classParams) }));
  sent.push(joinEvents(tx, batch.waitedInVain));
  sent.push(readLotFactsAgain(tx, batch.retracted), saveLotFacts(tx, lotSayings(batch, mayBegin)));
  sent.push(linkParts(tx, batch.transformations));
  await Promise.all(sent);
}

/** Ties transformation events to the `:Transformation` that joins them. */
export async function linkParts(
  tx: GraphTransaction,
  rows: EventBatch['transformations'],
): Promise<void> {
  if (rows.length > 0) await tx.run(PARTS, { rows });
}

/** A class link as a row of the statement. */
function classParams(link: ClassLink): unknown {
  const { lot, madeAt, ...told } = link;
  return {
    ...told,
    lot,
    gtin: lot.startsWith('01/') ? lot.slice(3, 17) : null,
    number: lot.slice(17, 21) === '/10/' ? lot.slice(21) : null,
    madeAt: intOrNull(madeAt),
  };
}
