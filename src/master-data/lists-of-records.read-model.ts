import type { View } from '../access/view.js';
import { bothWays, startKey } from '../graph/both-ways.js';
import type { BothWays } from '../graph/both-ways.js';
import { cypher, fragment, int, upTo } from '../graph/cypher.js';
import type { CypherFragment, ReadStatement } from '../graph/cypher.js';
import { readTotal } from '../graph/read-total.js';
import type { Counted } from '../graph/read-total.js';
import { limitOf, mapPage, pageOf, wayOf } from '../shared/page.js';
import type { Page, PageKeyShape, PageRequest } from '../shared/page.js';
import { toLot, toSite } from './master-data.read-model.js';
import type { Lot, Site, Stored } from './master-data.js';
import { RUNS_NOW } from './names.read-model.js';

/** A cursor of a list of records holds the key. */
export const KEY_SHAPE: PageKeyShape = ['string'];

interface OfRecord {
  readonly of: string;
  readonly key: string;
  readonly node: Stored;
}

// '0' follows '/' in code order, so the range holds `01/<gtin>` itself and every `01/<gtin>/10/<lot>`.
const LOTS_OF_PRODUCTS = bothWays(
  ({ suffix, order, behind }) => cypher.packages<OfRecord>(`master-data.lotsOfProducts${suffix}`, {
    partner: fragment`
UNWIND $rows AS row
CALL (row) {
  MATCH ()-[s:SHOWS]->(l:Lot)
  USING INDEX s:SHOWS(p, lot)
  WHERE s.p = $viewer AND s.lot >= row.begin AND s.lot < row.end AND l.id ${behind} row.from
  RETURN DISTINCT l ORDER BY l.id ${order} LIMIT $limit
}
RETURN row.of AS of, l.id AS key, properties(l) AS node ORDER BY of, key ${order}`,
  })`
UNWIND $rows AS row
CALL (row) {
  MATCH (l:Lot) WHERE l.id ${behind} row.from AND l.id >= row.begin AND l.id < row.end
  RETURN l ORDER BY l.id ${order} LIMIT $limit
}
RETURN row.of AS of, l.id AS key, properties(l) AS node ORDER BY of, key ${order}`,
);

const LOTS_COUNTED = cypher.packages<Counted>('master-data.lotsCounted', {
  partner: fragment`
MATCH ()-[s:SHOWS]->(l:Lot)
USING INDEX s:SHOWS(p, lot)
WHERE s.p = $viewer AND s.lot >= $begin AND s.lot < $end
WITH DISTINCT l LIMIT $limit
RETURN count(*) AS n`,
})`
MATCH (l:Lot) WHERE l.id >= $begin AND l.id < $end
WITH l LIMIT $limit
RETURN count(*) AS n`;

/** Of a company, a partner lists the sites of its own organisation. */
const OWN = fragment`EXISTS { (p)-[:WITHIN*${upTo(20, 0)}]->(:Party {k: $viewer}) }`;

const SITES_OF_PARTIES = bothWays(({ suffix, order, behind }) => {
  const text = (own: CypherFragment): CypherFragment => fragment`
UNWIND $rows AS row
CALL (row) {
  MATCH (p:Party {k: row.of})<-[r:OPERATED_BY]-(s:Site)
  USING INDEX p:Party(k)
  WHERE s.k ${behind} row.from AND ${RUNS_NOW} ${own}
  RETURN s ORDER BY s.k ${order} LIMIT $limit
}
RETURN row.of AS of, s.k AS key, properties(s) AS node ORDER BY of, key ${order}`;
  const partner = text(fragment`AND ${OWN}`);
  return cypher.public<OfRecord>(`master-data.sitesOfParties${suffix}`, {
    partner,
  })`${text(fragment``)}`;
});

const SITES_COUNTED = cypher.public<Counted>('master-data.sitesCounted', {
  partner: fragment`
MATCH (p:Party {k: $of})<-[r:OPERATED_BY]-(s:Site)
USING INDEX p:Party(k)
WHERE ${RUNS_NOW} AND ${OWN}
WITH s LIMIT $limit
RETURN count(*) AS n`,
})`
MATCH (p:Party {k: $of})<-[r:OPERATED_BY]-(s:Site)
USING INDEX p:Party(k)
WHERE ${RUNS_NOW}
WITH s LIMIT $limit
RETURN count(*) AS n`;

/** A page of the lots of each product, in the order asked for. One statement reads all pages. */
export function listLotsOf(
  view: View,
  gtins: readonly string[],
  request: PageRequest,
): Promise<Page<Lot>[]> {
  const rangeOf = (of: string): Readonly<Record<string, unknown>> => ({
    begin: `01/${of}`,
    end: `01/${of}0`,
  });
  return listOf(view, gtins, {
    ...{ request, statement: LOTS_OF_PRODUCTS, counting: LOTS_COUNTED },
    ...{ paramsOf: rangeOf, toRecord: ({ node }) => toLot(node) },
  });
}

/** A page of the sites that each party runs, in the order asked for. One statement reads all pages. */
export function listSitesOf(
  view: View,
  parties: readonly string[],
  request: PageRequest,
): Promise<Page<Site>[]> {
  return listOf(view, parties, {
    ...{ request, statement: SITES_OF_PARTIES, counting: SITES_COUNTED },
    ...{ paramsOf: (of) => ({ of }), toRecord: ({ of, key, node }) => toSite(key, node, of) },
  });
}

async function listOf<T>(
  view: View,
  records: readonly string[],
  list: {
    readonly request: PageRequest;
    readonly statement: BothWays<OfRecord>;
    readonly counting: ReadStatement<Counted>;
    readonly paramsOf: (of: string) => Readonly<Record<string, unknown>>;
    readonly toRecord: (row: OfRecord) => T;
  },
): Promise<Page<T>[]> {
  const { request, statement, counting, paramsOf, toRecord } = list;
  const way = wayOf(request);
  const from = startKey(way, request.from?.[0]);
  const rows = records.map((of) => ({ of, from, ...paramsOf(of) }));
  const found = await view.read(statement[way], { rows, limit: int(limitOf(request)) });
  return records.map((of) => {
    const page = pageOf(
      found.filter((row) => row.of === of),
      request,
      {
        keyOf: (row) => [row.key],
        count: () => readTotal(view, counting, paramsOf(of)),
      },
    );
    return mapPage(page, toRecord);
  });
}
