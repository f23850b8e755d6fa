import type { Graph } from '../graph/graph.js';
import type { GraphTransaction } from '../graph/transaction.js';
import { judgeSerials } from '../serials/index.js';
import { dueUntil } from '../shared/ahead.js';
import type { Clock } from '../shared/clock.js';
import { isAnythingDue, openDue } from './ahead.store.js';
import type { Retention } from './close-batch.store.js';
import { closeBatch } from './close-batch.store.js';
import { joinStored, projectStored, saveProjected } from './derive-stored.js';
import { saveCustody } from './save-custody.js';
import { toAdmitted } from './stored-facts.rules.js';
import { commissionedBy, lotChangedIn, recordTimeOf } from './batch-parts.rules.js';
import { readRecorded, tellBatch } from './tell-batch.js';

/** What joinDue works with. */
export interface JoinDeps {
  readonly graph: Graph;
  readonly clock: Clock;
  readonly retention: Retention;
  /** Called after each commit. */
  readonly onCommit: () => void;
}

const MOST_AT_ONCE = 500;

/**
 * Lets events whose time has come join the projection: derives them, and tells the feeds what they move.
 *
 * Several processes may do so at once. The log's lock orders them, and the next one does not find what another has joined.
 *
 * @returns how many joined
 */
export async function joinDue(deps: JoinDeps): Promise<number> {
  const { graph, clock } = deps;
  let joined = 0;
  while (await isAnythingDue(graph, dueUntil(clock.now()))) {
    const receipt = await graph.write((tx) => joinSome(tx, deps), { pool: 'writer' });
    if (receipt === null) break;
    joined += receipt.events;
    graph.log.committed(receipt.seq);
    deps.onCommit();
  }
  return joined;
}

async function joinSome(
  tx: GraphTransaction,
  { clock, retention }: JoinDeps,
): Promise<{ readonly seq: number; readonly events: number } | null> {
  const opening = await openDue(tx, dueUntil(clock.now()), MOST_AT_ONCE);
  if (opening === null) return null;
  const { seq } = opening;
  const active = opening.due.map(toAdmitted);
  const added = active.flatMap(({ facts }) => facts);
  const { hasPartners } = opening;
  const projected = await projectStored(tx, { hasPartners, isTold: true }, active);
  const recorded = await readRecorded(tx, projected, hasPartners);
  await saveProjected(tx, opening, projected);
  await joinStored(tx, active, lotChangedIn(projected));
  const strays = opening.judgesSerials ? await judgeSerials(tx, commissionedBy(added), seq) : [];
  const handoffs = await saveCustody(tx, seq, { active, takenOut: [] }, projected);
  const told = await tellBatch(tx, {
    ...{ projected, recorded, hasPartners, handoffs, facts: added },
    ...{ active, inError: [], takenOut: [], strays },
  });
  const at = recordTimeOf(opening, clock);
  await closeBatch(tx, { seq, at, ...told, jobs: [] }, retention);
  return { seq, events: active.length };
}
