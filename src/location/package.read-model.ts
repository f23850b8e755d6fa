import { sighted } from '../access/sighted.js';
import { isPartner } from '../access/view.js';
import type { View } from '../access/view.js';
import { bothWays, startKey } from '../graph/both-ways.js';
import { cypher, fragment, int } from '../graph/cypher.js';
import type { CypherFragment } from '../graph/cypher.js';
import { gtinOfKey } from '../gs1/identifier.js';
import { fillingId } from '../holdings/holding.js';
import { readTotal } from '../graph/read-total.js';
import { limitOf, pageOf, wayOf } from '../shared/page.js';
import type { Page, PageRequest } from '../shared/page.js';
import { attachedNow } from './association.rules.js';
import type { AssociationMove } from './association.rules.js';
import { parentOf } from './event-text.rules.js';
import type { CountedInside, OpenFilling } from './seen-inside.read-model.js';
import { SEES_MEMBER, fillingsSeen, readSeenInside } from './seen-inside.read-model.js';
import { groupBy } from '../shared/group-by.js';
import type { Association, ContentsSummary, PackageException, PackageFacts } from './package.js';

interface StoredPackage {
  readonly key: string;
  readonly container: boolean;
  readonly lot: string | null;
  readonly expiry: string | null;
  readonly gcp: string | null;
  readonly filling: string | null;
}

const PACKAGES = cypher.packages<StoredPackage>('location.packages', {
  limited: 'the loader asks only for packages that are seen',
})`
UNWIND $packages AS asked
MATCH (p:Package {k: asked.key})
OPTIONAL MATCH (l:Lot {id: p.lot})
OPTIONAL MATCH (product:Product {gtin: asked.gtin})
RETURN p.k AS key, p:Container AS container, nullIf(p.lot, '?') AS lot, l.expiry AS expiry,
       coalesce(p.gcp, product.gcp) AS gcp, p.cur AS filling`;

const LOTS_INSIDE = cypher.packages<{ key: string; lot: string; units: number }>(
  'location.lots-inside',
)`
UNWIND $fillings AS filling
MATCH (h:Holding {id: filling.id})-[holds:HOLDS|HOLDS_INSIDE]->(l:Lot)
WHERE holds.n > 0
RETURN filling.key AS key, l.id AS lot, holds.n AS units
ORDER BY lot`;

const MEMBERS_COUNTED = cypher.packages<{ key: string; packages: number }>(
  'location.members-counted',
)`
UNWIND $fillings AS filling
MATCH (h:Holding {id: filling.id})
RETURN filling.key AS key, COUNT { (h)<-[i:IN]-() WHERE i.to IS NULL } AS packages`;

interface StoredClass {
  readonly key: string;
  readonly lot: string;
  readonly uom: string | null;
  readonly quantity: number | null;
  readonly open: number;
}

// What nobody of standing put inside is not shown to who has the container.
const CLASSES_INSIDE = sighted<StoredClass>(
  'packages',
  'location.classes-inside',
  ({ only }) => fragment`
UNWIND $fillings AS filling
CALL (filling) {
  RETURN filling.key AS box, filling.id AS id
  UNION
  MATCH (:Holding {id: filling.id}) (()<-[i:IN]-(c:Container)-[:FILLED]->(y:Holding) WHERE i.to IS NULL AND y.id = c.cur ${only(fragment`AND coalesce($viewer IN i.apart, true)`)}){0,31}
    ()<-[j:IN]-(inner:Container) WHERE j.to IS NULL ${only(fragment`AND coalesce($viewer IN j.apart, true)`)}
  RETURN inner.k AS box, coalesce(inner.cur, 'F ' + inner.k + ' 0') AS id
}
WITH filling.key AS key, box, id, split(id, ' ')[2] AS boundary
OPTIONAL MATCH (h:Holding {id: id})
OPTIONAL MATCH (opener:Event {id: boundary})
WITH key, box, h.from AS opened, coalesce(opener.type = 'AggregationEvent', true) AS byUnpack
MATCH (:Package {k: box})<-[:OF {role: 'parent'}]-(e)
WHERE e.type = 'AggregationEvent' AND e.action IN ['ADD', 'DELETE'] AND coalesce(e.retracted, false) = false
  AND (opened IS NULL OR e.eventTime > opened OR (e.eventTime = opened AND byUnpack AND e.action = 'ADD'))
MATCH (e)-[part:OF_QUANTITY {role: 'childQuantity'}]->(l:Lot)
RETURN key, l.id AS lot, part.uom AS uom,
       sum(CASE e.action WHEN 'ADD' THEN part.quantity ELSE -part.quantity END) AS quantity,
       sum(CASE WHEN part.quantity IS NULL THEN 1 ELSE 0 END) AS open
ORDER BY lot, uom`,
);

const CONTENTS = bothWays(({ suffix, order, behind }) =>
  sighted<{ filling: string; key: string }>(
    'packages',
    `location.contents${suffix}`,
    ({ only }) => fragment`
UNWIND $fillings AS filling
CALL (filling) {
  MATCH (:Holding {id: filling.id})<-[i:IN]-(p:Package)
  WHERE i.to IS NULL AND p.k ${behind} $from ${only(fragment`AND ${SEES_MEMBER}`)}
  RETURN p.k AS key ORDER BY key ${order} LIMIT $limit
}
RETURN filling.id AS filling, key ORDER BY key ${order}`,
  ),
);

const CONTENTS_COUNTED = sighted<{ n: number }>(
  'packages',
  'location.contentsCounted',
  ({ only }) => fragment`
WITH $filling AS filling
MATCH (:Holding {id: filling.id})<-[i:IN]-(p:Package) WHERE i.to IS NULL ${only(fragment`AND ${SEES_MEMBER}`)}
WITH p LIMIT $limit
RETURN count(*) AS n`,
);

const OTHER_EXPIRIES = fragment`reduce(other = '', one IN l.expiries | CASE WHEN one = c.expiry THEN other WHEN other = '' THEN one ELSE other + ' ' + one END)`;

// A detail may name what a partner does not see, so he has it only of an event that he sees whole.
const EXCEPTIONS = sighted<PackageException & { readonly key: string }>(
  'events',
  'location.exceptions',
  ({ isPartner, sees, only }) => {
    const whole = fragment`EXISTS { (e)-[s:SEEN_BY]->(e) WHERE s.p = $viewer AND s.whole }`;
    const detailOf = (detail: CypherFragment): CypherFragment =>
      isPartner ? fragment`CASE WHEN ${whole} THEN ${detail} END` : detail;
    return fragment`
UNWIND $keys AS key
CALL (key) {
  MATCH (x:Exception {k: key})
  WHERE x.t IS NOT NULL
  ${only(fragment`MATCH (x)-[seen:SEEN_BY]->(x) WHERE seen.p = $viewer
  MATCH (e:Event {id: x.eventId}) WHERE true ${sees(fragment`e`, fragment`key`)}`)}
  RETURN x.code AS code, x.t AS at, x.eventId AS eventId, ${detailOf(fragment`x.detail`)} AS detail
  UNION ALL
  MATCH (x:SerialException {k: key})
  MATCH (e:Event {id: x.eventId})
  WHERE e.retracted IS NULL ${sees(fragment`e`, fragment`key`)}
  RETURN x.code AS code, x.t AS at, x.eventId AS eventId, null AS detail
  UNION ALL
  MATCH (:Package {k: key})<-[:OF_AHEAD]-(e)
  WHERE e.eventTime > e.recordTime + 86400000 ${sees(fragment`e`, fragment`key`)}
  RETURN 'EVENT_IN_FUTURE' AS code, e.eventTime AS at, e.id AS eventId, null AS detail
  UNION ALL
  MATCH (p:Package {k: key})
  MATCH (l:Lot {id: p.lot}) WHERE size(l.expiries) > 1
  MATCH (p)<-[:OF]-(e:Event)-[c:OF_CLASS {role: 'ilmd'}]->(l)
  WHERE e.retracted IS NULL AND c.expiry IS NOT NULL ${sees(fragment`e`, fragment`key`)}
  RETURN 'EXPIRY_CONTRADICTED' AS code, e.eventTime AS at, e.id AS eventId,
    ${isPartner ? fragment`null` : OTHER_EXPIRIES} AS detail
}
RETURN key, code, at, eventId, detail
ORDER BY at, code, eventId`;
  },
);

interface StoredAssociation {
  readonly key: string;
  readonly role: string;
  readonly eventId: string;
  readonly t: number;
  readonly hash: string;
  readonly action: string;
  readonly text: string | null;
  readonly parent: string | null;
  readonly children: readonly string[];
}

const ASSOCIATIONS = sighted<StoredAssociation>(
  'events',
  'location.associations',
  ({ isPartner, sees, only }) => {
    const seen = (one: CypherFragment): CypherFragment =>
      only(fragment`WHERE true ${sees(fragment`e`, fragment`${one}.k`)}`);
    return fragment`
UNWIND $keys AS key
MATCH (:Package {k: key})<-[of:OF]-(e)
WHERE e.type = 'AssociationEvent' AND coalesce(e.retracted, false) = false ${sees(fragment`e`, fragment`key`)}
OPTIONAL MATCH (e)-[:OF {role: 'parent'}]->(parent:Package) ${seen(fragment`parent`)}
RETURN key, of.role AS role, e.id AS eventId, e.eventTime AS t, e.hash AS hash, e.action AS action,
       CASE WHEN parent IS NULL ${
         isPartner
           ? fragment`AND EXISTS { (e)-[s:SEEN_BY]->(e) WHERE s.p = $viewer AND s.whole }`
           : fragment``
       } THEN coalesce(e.meant, e.text) END AS text, parent.k AS parent,
       COLLECT { MATCH (e)-[:OF {role: 'child'}]->(child:Package) ${seen(fragment`child`)} RETURN child.k } AS children`;
  },
);

/** What packages are, by key; absent when no event ever named it. A partner must not be told of any that he never saw. */
export async function readPackages(
  view: View,
  keys: readonly string[],
): Promise<Map<string, PackageFacts>> {
  const packages = keys.map((key) => ({ key, gtin: gtinOfKey(key) }));
  const rows = await view.read(PACKAGES, { packages });
  return new Map(
    rows.map(({ container, filling, ...row }) => [
      row.key,
      {
        ...row,
        gtin: gtinOfKey(row.key),
        level: container ? 'CONTAINER' : 'UNIT',
        filling: container ? (filling ?? fillingId(row.key, '0')) : null,
      },
    ]),
  );
}

/** What the open fillings hold now, in the order of `fillings`. */
export async function readContentsSummaries(
  view: View,
  fillings: readonly OpenFilling[],
): Promise<ContentsSummary[]> {
  const [counts, classes] = isPartner(view)
    ? await readSeenCounts(view, fillings)
    : await Promise.all([readInside(view, fillings), view.read(CLASSES_INSIDE, { fillings })]);
  const classesOf = groupBy(classes, ({ key }) => key);
  return fillings.map(({ key }, i) => ({
    packages: counts[i]?.packages ?? 0,
    lots: counts[i]?.lots ?? [],
    classes: (classesOf.get(key) ?? []).map(({ lot, uom, quantity, open }) => ({
      lot,
      uom,
      quantity: open > 0 ? null : quantity,
      negative: open === 0 && (quantity ?? 0) < 0,
    })),
  }));
}

async function readInside(view: View, fillings: readonly OpenFilling[]): Promise<CountedInside[]> {
  const [lots, counts] = await Promise.all([
    view.read(LOTS_INSIDE, { fillings }),
    view.read(MEMBERS_COUNTED, { fillings }),
  ]);
  const lotsOf = groupBy(lots, ({ key }) => key);
  const packages = new Map(counts.map((row) => [row.key, row.packages]));
  return fillings.map(({ key }) => ({
    packages: packages.get(key) ?? 0,
    lots: (lotsOf.get(key) ?? []).map(({ lot, units }) => ({ lot, units })),
  }));
}

/** What a partner sees inside. Who has a container sees what it holds by class. Who only owns it, or something in it, does not. */
async function readSeenCounts(
  view: View,
  fillings: readonly OpenFilling[],
): Promise<[CountedInside[], StoredClass[]]> {
  const seen = await fillingsSeen(
    view,
    fillings.map(({ id }) => id),
  );
  const had = fillings.filter((_, i) => seen[i]?.has);
  return Promise.all([
    readSeenInside(view, seen),
    had.length === 0 ? [] : view.read(CLASSES_INSIDE, { fillings: had }),
  ]);
}

/** Direct members of fillings, by key: the same page of each, in the order of `fillings`. */
export async function readContents(
  view: View,
  fillings: readonly string[],
  page: PageRequest,
): Promise<Page<{ readonly key: string }>[]> {
  const way = wayOf(page);
  const from = startKey(way, page.from?.[0]);
  const asked = isPartner(view)
    ? await fillingsSeen(view, fillings)
    : fillings.map((id) => ({ id }));
  const rows = await view.read(CONTENTS[way], { fillings: asked, from, limit: int(limitOf(page)) });
  const members = groupBy(rows, ({ filling }) => filling);
  return asked.map((filling) =>
    pageOf(members.get(filling.id) ?? [], page, {
      keyOf: (row) => [row.key],
      count: () => readTotal(view, CONTENTS_COUNTED, { filling }),
    }),
  );
}

/** Exceptions about packages, by key, oldest first. */
export async function readExceptions(
  view: View,
  keys: readonly string[],
): Promise<Map<string, PackageException[]>> {
  const rows = await view.read(EXCEPTIONS, { keys });
  return groupBy(rows, ({ key }) => key);
}

/**
 * What is attached to each package, and what it is attached to, now. A DELETE of a parent without children names no child, so the events of
 * the parents are read too: two statements for all packages.
 */
export async function readAssociations(
  view: View,
  keys: readonly string[],
): Promise<Map<string, Association[]>> {
  const own = await view.read(ASSOCIATIONS, { keys });
  const parents = new Set(own.flatMap(({ parent }) => parent ?? []));
  const others = [...parents].filter((parent) => !keys.includes(parent));
  const more = others.length === 0 ? [] : await view.read(ASSOCIATIONS, { keys: others });
  const moves = new Map([...own, ...more].map((row) => [row.eventId, toAssociationMove(row)]));
  const attached = attachedNow([...moves.values()]);
  return new Map(
    keys.map((key) => [key, attached.filter((one) => one.parent === key || one.child === key)]),
  );
}

function toAssociationMove(row: StoredAssociation): AssociationMove {
  const { eventId, t, hash, action, children } = row;
  const parent = row.parent ?? (row.text === null ? null : parentOf(row.text)) ?? '?';
  return { eventId, t, hash, action, parent, children };
}
