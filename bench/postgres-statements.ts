import type { Ask } from './questions.js';

// Tables of events as one builds them first: what happened, what it was about, what was in what from when until when.
// Nothing is written to what is inside when a pallet moves, so a unit stands where the newest event of itself, or of what
// it is in, left it. `origin` is where a shipping began; of any other event it is the site itself.

const FOREVER = '9223372036854775807';
const NOW = '9223372036854775806';

/** Tables and indexes. */
export const SCHEMA: readonly string[] = [
  'CREATE TABLE site (key text PRIMARY KEY, name text NOT NULL, operator text NOT NULL, company text NOT NULL)',
  `CREATE TABLE event (id bigint PRIMARY KEY, kind text NOT NULL, t bigint NOT NULL, site text NOT NULL, origin text NOT NULL,
    status text NOT NULL)`,
  'CREATE TABLE event_epc (epc text NOT NULL, t bigint NOT NULL, event bigint NOT NULL)',
  'CREATE INDEX ON event_epc (epc, t) INCLUDE (event)',
  'CREATE TABLE unit (epc text PRIMARY KEY, lot text NOT NULL)',
  'CREATE INDEX ON unit (lot, epc)',
  `CREATE TABLE containment (child text NOT NULL, parent text NOT NULL, since bigint NOT NULL, until bigint NOT NULL DEFAULT ${FOREVER})`,
  'CREATE INDEX ON containment (child, until) INCLUDE (parent, since)',
  `CREATE INDEX ON containment (parent) WHERE until = ${FOREVER}`,
];

const EVENTS = `jsonb_to_recordset($1::jsonb) AS e(id bigint, kind text, t bigint, site text, origin text, status text, lot text,
  parent text, keys jsonb)`;
const KEYS = 'jsonb_array_elements_text(e.keys) AS epc';

/** What writes the sites, and the events of a document, one statement after the other. */
export const INSERTS = {
  site: `INSERT INTO site SELECT * FROM jsonb_to_recordset($1::jsonb) AS s(key text, name text, operator text, company text)`,
  events: [
    `INSERT INTO event SELECT id, kind, t, site, origin, status FROM ${EVENTS}`,
    `INSERT INTO event_epc SELECT epc, t, id FROM ${EVENTS}, ${KEYS}`,
    `INSERT INTO event_epc SELECT parent, t, id FROM ${EVENTS} WHERE parent IS NOT NULL`,
    `INSERT INTO unit SELECT epc, lot FROM ${EVENTS}, ${KEYS} WHERE lot IS NOT NULL`,
    `INSERT INTO containment SELECT epc, parent, t FROM ${EVENTS}, ${KEYS} WHERE kind = 'pack'`,
    // An emptying names only the container: what came out is written down with it.
    `WITH emptied AS (
      UPDATE containment c SET until = e.t FROM ${EVENTS}
      WHERE e.kind = 'empty' AND c.parent = e.parent AND c.until = ${FOREVER} RETURNING c.child, e.t, e.id
    ) INSERT INTO event_epc SELECT * FROM emptied`,
  ],
} as const;

/** Units, what they are in at an instant (`up`), and the newest event of all these by then (`place`). */
const placesOf = (units: string, at: string): string => `
WITH RECURSIVE up AS (
  SELECT epc AS unit, epc FROM unit WHERE ${units}
  UNION ALL
  SELECT up.unit, c.parent FROM up JOIN containment c ON c.child = up.epc AND c.until > ${at} AND c.since <= ${at}
), newest AS (
  SELECT one.epc AS one, e.* FROM (SELECT DISTINCT epc FROM up) one CROSS JOIN LATERAL (
    SELECT x.event FROM event_epc x WHERE x.epc = one.epc AND x.t <= ${at} ORDER BY x.t DESC LIMIT 1
  ) last JOIN event e ON e.id = last.event
), place AS (
  SELECT DISTINCT ON (up.unit) up.unit, n.* FROM up JOIN newest n ON n.one = up.epc ORDER BY up.unit, n.t DESC
)`;

/** Units, what they were in and from when until when, and the events of all these meanwhile (`touched`). */
const waysOf = (units: string): string => `
WITH RECURSIVE inside AS (
  SELECT epc AS unit, epc, 0 AS depth, 0::bigint AS since, ${FOREVER} AS until FROM unit WHERE ${units}
  UNION ALL
  SELECT i.unit, c.parent, i.depth + 1, greatest(i.since, c.since), least(i.until, c.until)
  FROM inside i JOIN containment c ON c.child = i.epc AND c.since < i.until AND c.until > i.since
), touched AS (
  SELECT i.unit, i.epc, i.depth, x.event FROM inside i JOIN event_epc x ON x.epc = i.epc AND x.t >= i.since AND x.t <= i.until
)`;

const ROWS = `
SELECT p.site, s.name, p.origin, o.name AS origin_name, o.company AS holder, p.status, p.units
FROM (SELECT site, origin, status, count(*) AS units FROM place GROUP BY site, origin, status) p
JOIN site s ON s.key = p.site JOIN site o ON o.key = p.origin`;

/** The same questions as ours, with the names of sites and holders; who holds what is in transit is who sent it. */
export const ANSWERS: Readonly<Record<Ask, string>> = {
  recall: `${placesOf('lot = $1', NOW)} ${ROWS}`,

  recallAsOf: `${placesOf('lot = $1', '$2::bigint')} ${ROWS}`,

  consignees: `${waysOf('lot = $1')}
SELECT s.operator AS party, s.company AS name, count(DISTINCT t.unit) AS ever_held
FROM touched t JOIN event e ON e.id = t.event JOIN site s ON s.key = e.origin
GROUP BY s.operator, s.company`,

  inventory: `${placesOf('true', NOW)}
SELECT p.site, s.name, p.status, p.units
FROM (SELECT site, status, count(*) AS units FROM place WHERE status <> 'dispensed' GROUP BY site, status) p
JOIN site s ON s.key = p.site`,

  locate: `${waysOf('epc = $1')}, told AS (SELECT DISTINCT e.* FROM touched t JOIN event e ON e.id = t.event)
SELECT p.site, s.name, p.origin, o.name AS origin_name, o.company AS holder, p.status, p.origin AS seen_at, o.name AS seen_name, p.t AS seen,
  (SELECT max(t) FROM told WHERE kind IN ('commission', 'ship', 'receive')) AS since,
  (SELECT array_agg(epc ORDER BY depth) FROM inside WHERE until = ${FOREVER} AND depth > 0) AS containers
FROM (SELECT * FROM told ORDER BY t DESC LIMIT 1) p JOIN site s ON s.key = p.site JOIN site o ON o.key = p.origin`,

  place: `${placesOf('epc = $1', NOW)}
SELECT p.site <> p.origin AS in_transit, s.name, p.status FROM place p JOIN site s ON s.key = p.site`,

  // Of several that an event names, the innermost counts; an emptying names the outermost alone.
  journey: `${waysOf('epc = $1')}
SELECT * FROM (
  SELECT DISTINCT ON (e.id) e.id, e.t, e.kind, e.origin AS site, s.name, e.status, nullif(t.epc, t.unit) AS via
  FROM touched t JOIN event e ON e.id = t.event JOIN site s ON s.key = e.origin
  ORDER BY e.id, CASE e.kind WHEN 'empty' THEN -t.depth ELSE t.depth END
) journey ORDER BY t LIMIT 20`,

  page: `SELECT epc FROM unit WHERE lot = $1 AND epc > $2 ORDER BY epc LIMIT 100`,
};
