import { markOf, MAX_DEPTH, siteOrNull } from './holding.js';
import type { MarkColumns } from './holding.js';
import type { View } from '../access/view.js';
import { cypher, int } from '../graph/cypher.js';
import { readUntorn } from '../graph/read-untorn.js';
import { surroundingOf } from './surrounding.rules.js';
import type { HoldingStep, Standing, Surrounding } from './surrounding.rules.js';

interface StepRow extends MarkColumns {
  readonly id: string;
  readonly kind: HoldingStep['kind'];
  readonly box: string | null;
  readonly open: boolean;
  readonly up: string | null;
  readonly mode: Standing['placing']['mode'] | null;
  readonly site: string | null;
  readonly origin: string | null;
  readonly status: string | null;
  readonly since: number | null;
}

// Rows are columns and not maps. The names in a map are sent with every row, which took half of the time with thousands of holdings.
const HOLDING_STEPS = cypher.packages<StepRow>('recall.holdingSteps')`
UNWIND $ids AS id
MATCH (h:Holding {id: id})
WITH id, h, h.kind = 'FILLING' AND NOT coalesce(h.dissolvedAt <= $t, false) AS open
OPTIONAL MATCH (c:Package)-[:FILLED]->(h) WHERE open
OPTIONAL MATCH (c)-[i:IN]->(up:Holding) WHERE i.from <= $t AND (i.to IS NULL OR i.to > $t)
OPTIONAL MATCH (c)-[s:STAY]->(site:Site) WHERE s.from <= $t AND (s.to IS NULL OR s.to > $t)
RETURN id, h.kind AS kind, h.box AS box, open, up.id AS up, i.mStatus AS mStatus, i.mSince AS mSince, i.mAt AS mAt,
  CASE WHEN open THEN s.mode ELSE h.mode END AS mode, CASE WHEN open THEN site.k ELSE h.site END AS site,
  CASE WHEN open THEN s.origin ELSE h.origin END AS origin, CASE WHEN open THEN s.status ELSE h.status END AS status,
  CASE WHEN open THEN s.since ELSE h.since END AS since`;

/**
 * What is around the members of each holding at an instant, by holding id. It takes one read for each level of nesting.
 *
 * @param t epoch ms, or {@link NOW}
 */
export async function readSurroundings(
  view: View,
  ids: Iterable<string>,
  t: number,
): Promise<Map<string, Surrounding>> {
  const asked = [...new Set(ids)];
  const steps = new Map<string, HoldingStep>();
  let frontier = asked;
  for (let depth = 0; frontier.length > 0 && depth <= MAX_DEPTH; depth++) {
    const ids = frontier;
    const level = await readUntorn(
      view,
      async () => (await view.read(HOLDING_STEPS, { ids, t: int(t) })).map(toStep),
      (read) => read.length < ids.length || read.some(isNowhere),
    );
    for (const step of level) steps.set(step.id, step);
    const outward = level.flatMap(({ up }) => up ?? []);
    frontier = [...new Set(outward)].filter((id) => !steps.has(id));
  }
  return new Map(asked.map((id) => [id, surroundingOf(id, steps)]));
}

function toStep(row: StepRow): HoldingStep {
  const { id, kind, box, open, up } = row;
  return { id, kind, box, open, up, mark: markOf(row), standing: toStanding(row) };
}

/** Whether a holding has neither something around it nor a place, because a commit is just moving it. */
function isNowhere({ up, standing }: HoldingStep): boolean {
  return up === null && standing === null;
}

function toStanding(row: StepRow): Standing | null {
  if (row.mode === null || row.status === null) return null;
  return {
    placing: { mode: row.mode, site: siteOrNull(row.site), origin: siteOrNull(row.origin) },
    status: row.status,
    since: row.since ?? 0,
  };
}
