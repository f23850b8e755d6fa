import { cypher, fragment } from '../graph/cypher.js';
import type { GraphTransaction } from '../graph/transaction.js';
import { boxOf, fillingId, markOf, placeOf } from '../holdings/holding.js';
import type { Place } from '../holdings/holding.js';
import type { Fact } from './fact.js';
import { LoadedOrganisations, keysThatDecide } from './organisations.store.js';
import type { SightColumns } from './sight-columns.js';
import { sightOf } from './sight-columns.js';
import type { Effect, Holding, Row } from './state.js';
import { inOrder, namesOf } from './state.js';
import type { Member, Missing, PackageRecord, World } from './world.js';
import { unknownPackage } from './world.js';

interface PlaceColumns extends SightColumns {
  readonly mode: Place['mode'] | null;
  readonly site: string | null;
  readonly origin: string | null;
  readonly by: string | null;
  readonly status: string | null;
  readonly since: number | null;
}

interface HoldingColumns extends PlaceColumns {
  readonly holding: string | null;
  readonly kind: Holding['kind'] | null;
  readonly box: string | null;
  readonly opened: number | null;
  readonly dissolvedAt: number | null;
  readonly endedBy: string | null;
  readonly own: number;
  readonly ownAt: number;
}

interface RowColumns extends HoldingColumns {
  readonly key: string;
  readonly from: number | null;
  readonly mTitle: string | null;
  readonly mTitleSince: number | null;
  readonly mTitleAt: number | null;
  readonly apart: readonly string[] | null;
  readonly apartTitle: string | null;
  readonly apartTitleAt: number | null;
  readonly apartBelieved: string | null;
  readonly mStatus: string | null;
  readonly mSince: number | null;
  readonly mAt: number | null;
  readonly mDiff: boolean | null;
}

interface HeadRow extends RowColumns {
  readonly container: boolean;
  readonly lot: string | null;
  readonly claimed: boolean;
  readonly last: number;
  readonly inner: number | null;
  readonly cur: string | null;
  readonly curFrom: number | null;
}

// When the newest own title was stated is not known of what was recorded before it was kept: then OWN_FOR_EVER.
const HOLDING = fragment`x.id AS holding, x.kind AS kind, x.box AS box, x.from AS opened, x.dissolvedAt AS dissolvedAt, x.endedBy AS endedBy,
  coalesce(x.own, 0) AS own, coalesce(x.ownAt, CASE WHEN x.own > 0 THEN 9007199254740991 ELSE 0 END) AS ownAt`;

const ROW = fragment`r.from AS from, r.mStatus AS mStatus, r.mSince AS mSince, r.mAt AS mAt, r.mDiff AS mDiff,
  r.mTitle AS mTitle, r.mTitleSince AS mTitleSince, r.mTitleAt AS mTitleAt,
  r.apart AS apart, r.apartTitle AS apartTitle, r.apartTitleAt AS apartTitleAt, r.apartBelieved AS apartBelieved,
  ${HOLDING},
  CASE WHEN alone THEN r.mode ELSE x.mode END AS mode,
  CASE WHEN alone THEN x.k ELSE x.site END AS site,
  CASE WHEN alone THEN r.origin ELSE x.origin END AS origin,
  CASE WHEN alone THEN r.by ELSE x.by END AS by,
  CASE WHEN alone THEN r.status ELSE x.status END AS status,
  CASE WHEN alone THEN r.since ELSE x.since END AS since,
  CASE WHEN alone THEN r.hands ELSE x.hands END AS hands,
  CASE WHEN alone THEN r.title ELSE x.title END AS title,
  CASE WHEN alone THEN r.titleAt ELSE x.titleAt END AS titleAt,
  CASE WHEN alone THEN r.believed ELSE x.believed END AS believed,
  CASE WHEN alone THEN r.told ELSE x.told END AS told`;

const FILLING = fragment`OPTIONAL MATCH (x)-[h:HOLDS|HOLDS_INSIDE]->(l:Lot)
WITH x, collect(l.id) AS lots, collect(h.n) AS units, collect(h.c) AS boxes
RETURN ${HOLDING}, x.mode AS mode, x.site AS site, x.origin AS origin, x.by AS by, x.status AS status, x.since AS since,
  x.hands AS hands, x.title AS title, x.titleAt AS titleAt, x.believed AS believed, x.told AS told, lots, units, boxes`;

const HEADS = cypher<HeadRow>('projection.heads')`
UNWIND $keys AS key
MATCH (p:Package {k: key})
OPTIONAL MATCH (p)-[r:IN|STAY]->(x) WHERE r.to IS NULL
WITH key, p, r, x, type(r) = 'STAY' AS alone
RETURN key, p:Container AS container, p.lot AS lot, EXISTS { (p)-[:CLAIMED]->() } AS claimed, p.last AS last, p.inner AS inner, p.cur AS cur, p.curFrom AS curFrom,
  ${ROW}`;

interface FillingRow extends HoldingColumns {
  readonly lots: readonly string[];
  readonly units: readonly number[];
  readonly boxes: readonly number[];
}

const FILLINGS = cypher<FillingRow>('projection.fillings')`
UNWIND $ids AS id
MATCH (x:Holding {id: id})
${FILLING}`;

const FILLINGS_OF = cypher<FillingRow>('projection.fillingsOf')`
UNWIND $keys AS key
MATCH (:Package {k: key})-[:FILLED]->(x:Holding)
${FILLING}`;

const ROWS = cypher<RowColumns>('projection.rows')`
UNWIND $keys AS key
MATCH (p:Package {k: key})-[r:IN|STAY]->(x)
WITH key, r, x, type(r) = 'STAY' AS alone
ORDER BY key, r.from
RETURN key, ${ROW}`;

/** A stored event, with enough to read its facts again. */
export interface StoredEvent {
  readonly id: string;
  readonly hash: string;
  readonly eventTime: number;
  readonly text: string;
  readonly ilmdLot: string | null;
  /** Who sent it; null on what was stored before it was kept. */
  readonly sentBy: string | null;
}

const FACTS_OF = cypher<StoredEvent & { readonly keys: readonly string[] }>('projection.factsOf')`
UNWIND $keys AS key
MATCH (p:Package {k: key})<-[:OF]-(e:Event) WHERE e.retracted IS NULL
WITH e, collect(DISTINCT key) AS keys
RETURN e.id AS id, e.hash AS hash, e.eventTime AS eventTime, coalesce(e.meant, e.text) AS text, e.ilmdLot AS ilmdLot, e.sentBy AS sentBy, keys`;

const MEMBERS = cypher<Member & { readonly filling: string }>('projection.members')`
UNWIND $ids AS id
MATCH (:Holding {id: id})<-[:IN]-(p:Package)
RETURN DISTINCT id AS filling, p.k AS key, p.last AS last, coalesce(p.inner, -1) AS inner`;

/** Reads the facts of a stored event again. It is pure, and the writer provides it. */
export type FactReader = (event: StoredEvent) => readonly Fact[];

/** Loads what derivations ask for from the graph into a world. A transaction has its own loader. */
export class Loader {
  private readonly facts = new Map<string, readonly Fact[]>();

  constructor(
    private readonly tx: GraphTransaction,
    private readonly world: World,
    private readonly readFacts: FactReader,
  ) {}

  /** Loads everything that is missing, each kind with one statement. */
  async load(missing: Missing): Promise<void> {
    await this.loadHeads(missing.heads);
    await this.loadHistories(missing.histories);
    await this.loadMembers(missing.members);
    await this.loadFillings(missing.counts);
    await this.loadOrganisations(missing.organisations);
  }

  /** Loads the organisations that decide who sees what facts tell, unless the host has no partners. */
  async loadOrganisations(keys: Iterable<string>): Promise<void> {
    const { organisations } = this.world;
    if (organisations instanceof LoadedOrganisations) await organisations.load(this.tx, keys);
  }

  /** Loads the newest rows of packages and of the containers around them, and the counts of these. */
  async loadHeads(keys: Iterable<string>): Promise<void> {
    let wanted = [...keys].filter((key) => !this.world.packages.has(key));
    const current = new Set<string>();
    while (wanted.length > 0) {
      const rows = await this.tx.run(HEADS, { keys: wanted });
      for (const row of rows) {
        this.world.packages.set(row.key, this.toRecord(row));
        if (row.cur !== null) current.add(row.cur);
      }
      for (const key of wanted)
        if (!this.world.packages.has(key)) this.world.packages.set(key, unknownPackage(key));
      const boxes = rows.flatMap(({ box }) => (box === null ? [] : [box]));
      wanted = [...new Set(boxes)].filter((key) => !this.world.packages.has(key));
    }
    await this.loadFillings(current);
  }

  private async loadFillings(ids: ReadonlySet<string>): Promise<void> {
    if (ids.size === 0) return;
    for (const id of ids) if (!this.world.counts.has(id)) this.world.counts.set(id, new Map());
    for (const row of await this.tx.run(FILLINGS, { ids: [...ids] })) this.takeFilling(row);
  }

  private takeFilling(row: FillingRow): void {
    if (row.holding === null) return;
    this.takeHolding(row);
    this.world.counts.set(
      row.holding,
      new Map(row.lots.map((lot, i) => [lot, row.units[i] ?? 0] as const)),
    );
    this.world.boxes.set(
      row.holding,
      new Map(row.lots.map((lot, i) => [lot, row.boxes[i] ?? 0] as const)),
    );
  }

  private async loadHistories(keys: ReadonlySet<string>): Promise<void> {
    if (keys.size === 0) return;
    await this.loadHeads(keys);
    const wanted = [...keys].filter((key) => this.world.head(key).history === undefined);
    if (wanted.length === 0) return;
    const rows = new Map<string, Row[]>(wanted.map((key) => [key, []]));
    for (const row of await this.tx.run(ROWS, { keys: wanted })) {
      const read = this.toRow(row);
      if (read !== undefined) rows.get(row.key)?.push(read);
    }
    for (const filling of await this.tx.run(FILLINGS_OF, { keys: wanted }))
      this.takeFilling(filling);
    const facts = await this.factsByPackage(wanted);
    await this.loadOrganisations(keysThatDecide([...facts.values()].flat()));
    for (const key of wanted)
      this.world.packages.set(key, {
        ...this.world.head(key),
        history: { rows: rows.get(key) ?? [], facts: facts.get(key) ?? [] },
      });
    await this.loadHeads(
      [...rows.values()].flatMap((list) =>
        list.flatMap(({ holding }) => (holding === null ? [] : (boxOf(holding) ?? []))),
      ),
    );
  }

  private async factsByPackage(keys: readonly string[]): Promise<Map<string, Fact[]>> {
    const lists = new Map<string, Fact[]>();
    for (const event of await this.tx.run(FACTS_OF, { keys }))
      for (const fact of this.factsIn(event)) addWhereNamed(lists, event.keys, fact);
    for (const list of lists.values()) list.sort(inOrder);
    return lists;
  }

  private async loadMembers(ids: ReadonlySet<string>): Promise<void> {
    if (ids.size === 0) return;
    const lists = new Map<string, Member[]>([...ids].map((id) => [id, []]));
    for (const { filling, ...member } of await this.tx.run(MEMBERS, { ids: [...ids] }))
      lists.get(filling)?.push(member);
    for (const [id, list] of lists) this.world.memberLists.set(id, list);
  }

  /** Facts of a stored event, read once. */
  factsIn(event: StoredEvent): readonly Fact[] {
    const found = this.facts.get(event.id);
    if (found !== undefined) return found;
    const facts = this.readFacts(event);
    this.facts.set(event.id, facts);
    return facts;
  }

  private toRecord(row: HeadRow): PackageRecord {
    return {
      key: row.key,
      exists: true,
      container: row.container,
      lot: row.lot ?? '?',
      claimed: row.claimed,
      last: row.last,
      inner: row.inner ?? -1,
      open: this.toRow(row),
      current: { id: row.cur ?? fillingId(row.key, '0'), from: row.curFrom ?? -1 },
    };
  }

  private toRow(row: RowColumns): Row | undefined {
    if (row.from === null) return undefined;
    if (row.holding === null) return { from: row.from, holding: null, own: toEffect(row) };
    this.takeHolding(row);
    const mark = markOf(row);
    return {
      from: row.from,
      holding: row.holding,
      own: null,
      ...(mark === null ? {} : { mark: { ...mark, differs: row.mDiff === true } }),
      ...ownSightOf(row),
    };
  }

  private takeHolding(row: HoldingColumns): void {
    const id = row.holding;
    if (id === null || row.kind === null) return;
    const effect = row.mode === null ? undefined : toEffect(row);
    this.world.owns.set(id, row.own);
    this.world.ownAt.set(id, row.ownAt);
    this.world.holdings.set(id, {
      id,
      kind: row.kind,
      from: row.opened ?? 0,
      ...(row.box === null ? {} : { box: row.box }),
      ...endingOf(row),
      ...(effect === undefined ? {} : { effect }),
    });
    if (row.endedBy !== null && row.box !== null && effect !== undefined)
      this.world.outcomes.set(`${row.endedBy} ${row.box}`, effect);
  }
}

function endingOf({
  dissolvedAt,
  endedBy,
}: HoldingColumns): Pick<Holding, 'dissolvedAt' | 'endedBy'> {
  return {
    ...(dissolvedAt === null ? {} : { dissolvedAt }),
    ...(endedBy === null ? {} : { endedBy }),
  };
}

/** Adds a fact to the list of each package in `keys` that it names. */
function addWhereNamed(lists: Map<string, Fact[]>, keys: readonly string[], fact: Fact): void {
  const names = new Set(namesOf(fact));
  for (const key of keys) {
    if (!names.has(key)) continue;
    const list = lists.get(key);
    if (list === undefined) lists.set(key, [fact]);
    else list.push(fact);
  }
}

function toEffect(row: PlaceColumns): Effect {
  const place = placeOf(row);
  const sight = sightOf(row, place);
  const told = { place, status: row.status ?? 'active', since: row.since ?? 0 };
  return sight === undefined ? told : { ...told, sight };
}

/** The title or the sight of its own of a package inside something. */
function ownSightOf(row: RowColumns): Pick<Row, 'title' | 'apart'> {
  const { mTitle, mTitleSince, mTitleAt, apart, apartTitle, apartTitleAt, apartBelieved } = row;
  const sight = sightOf(
    { hands: apart, title: apartTitle, titleAt: apartTitleAt, believed: apartBelieved },
    undefined,
  );
  if (sight !== undefined) return { apart: sight };
  if (mTitleAt === null) return {};
  return { title: { title: mTitle, since: mTitleSince ?? 0, at: mTitleAt } };
}
