import { markOf, MAX_DEPTH, placeOfText, siteOrNull } from './holding.js';
import type { Place, Placing } from './holding.js';
import type { View } from '../access/view.js';
import { cypher, fragment, int } from '../graph/cypher.js';
import type { CypherFragment } from '../graph/cypher.js';
import { readUntorn } from '../graph/read-untorn.js';
import { surroundingOf } from './surrounding.rules.js';
import type { HoldingStep, Standing, Surrounding } from './surrounding.rules.js';

type StandingColumns = readonly [
  mode: Standing['placing']['mode'] | null,
  site: string | null,
  origin: string | null,
  status: string | null,
  since: number | null,
  /** Where a partner is told that it is, if not there; see `placeOfText`. */
  told?: string | null,
];

/** A holding as {@link STEPS_AROUND} finds it: a list, because the names in a map are sent with every row, which took half of the time. */
export type StoredStep = readonly [
  id: string,
  kind: HoldingStep['kind'],
  box: string | null,
  open: boolean,
  up: string | null,
  mark: readonly [status: string | null, since: number | null, at: number | null],
  ...standing: StandingColumns,
];

/** What a holding `h` is in, or where it is, as of `$t`. */
const step = (told: CypherFragment): CypherFragment => fragment`
WITH h, h.kind = 'FILLING' AND NOT coalesce(h.dissolvedAt <= $t, false) AS open
OPTIONAL MATCH (c:Package)-[:FILLED]->(h) WHERE open
OPTIONAL MATCH (c)-[i:IN]->(up:Holding) WHERE i.from <= $t AND (i.to IS NULL OR i.to > $t)
OPTIONAL MATCH (c)-[s:STAY]->(site:Site) WHERE s.from <= $t AND (s.to IS NULL OR s.to > $t)
WITH [h.id, h.kind, h.box, open, up.id, [i.mStatus, i.mSince, i.mAt], CASE WHEN open THEN s.mode ELSE h.mode END,
  CASE WHEN open THEN site.k ELSE h.site END, CASE WHEN open THEN s.origin ELSE h.origin END,
  CASE WHEN open THEN s.status ELSE h.status END, CASE WHEN open THEN s.since ELSE h.since END${told}] AS step`;

/**
 * Subquery: takes the list `ids` of holdings and returns the list `steps` for {@link surroundingsOf}, as of `$t`. It walks outward from each
 * holding, as deep as MAX_DEPTH, which is quicker than {@link readSurroundings} for a few holdings and slower for thousands.
 */
const stepsAround = (told: CypherFragment): CypherFragment => fragment`
UNWIND ids AS id
WITH DISTINCT id
MATCH (:Holding {id: id}) ((x:Holding)<-[:FILLED]-(:Package)-[i:IN]->(:Holding)
  WHERE NOT coalesce(x.dissolvedAt <= $t, false) AND i.from <= $t AND (i.to IS NULL OR i.to > $t)){0,32} (h:Holding)
WITH DISTINCT h
${step(told)}
RETURN collect(step) AS steps`;

export const STEPS_AROUND = stepsAround(fragment``);
/** The same for a partner: what others claim of a top is not told. */
export const STEPS_AROUND_SEEN = stepsAround(
  fragment`, CASE WHEN open THEN s.told ELSE h.told END`,
);

const HOLDING_STEPS = cypher.packages<{ step: StoredStep }>('recall.holdingSteps')`
UNWIND $ids AS id
MATCH (h:Holding {id: id})
${step(fragment``)}
RETURN step`;

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
      async () =>
        (await view.read(HOLDING_STEPS, { ids, t: int(t) })).map(({ step }) => toStep(step)),
      (read) => read.length < ids.length || read.some(isNowhere),
    );
    for (const step of level) steps.set(step.id, step);
    const outward = level.flatMap(({ up }) => up ?? []);
    frontier = [...new Set(outward)].filter((id) => !steps.has(id));
  }
  return new Map(asked.map((id) => [id, surroundingOf(id, steps)]));
}

/** The surroundings out of what {@link STEPS_AROUND} found. */
export function surroundingsOf(
  ids: readonly string[],
  stored: readonly StoredStep[],
): Map<string, Surrounding> {
  const steps = new Map(stored.map((step) => [step[0], toStep(step)]));
  return new Map(ids.map((id) => [id, surroundingOf(id, steps)]));
}

/** Whether a commit is just moving one of these holdings or what is around it: something is not there, or is nowhere. */
export function isTorn(ids: readonly string[], stored: readonly StoredStep[]): boolean {
  const steps = stored.map(toStep);
  const found = new Set(steps.map(({ id }) => id));
  const isMissing = (id: string | null): boolean => id !== null && !found.has(id);
  return ids.some(isMissing) || steps.some((step) => isMissing(step.up) || isNowhere(step));
}

function toStep([id, kind, box, open, up, mark, ...standing]: StoredStep): HoldingStep {
  const [mStatus, mSince, mAt] = mark;
  const own = markOf({ mStatus, mSince, mAt });
  return { id, kind, box, open, up, mark: own, standing: toStanding(standing) };
}

/** Whether a holding has neither something around it nor a place. */
function isNowhere({ up, standing }: HoldingStep): boolean {
  return up === null && standing === null;
}

function toStanding([mode, ...columns]: StandingColumns): Standing | null {
  const [site, origin, status, since, told] = columns;
  if (mode === null || status === null) return null;
  const placing =
    told == null
      ? { mode, site: siteOrNull(site), origin: siteOrNull(origin) }
      : placingOf(placeOfText(told));
  return { placing, status, since: since ?? 0 };
}

function placingOf(place: Place): Placing {
  return {
    mode: place.mode,
    site: place.mode === 'UNKNOWN' ? null : place.site,
    origin: place.mode === 'TO' ? place.back : null,
  };
}
