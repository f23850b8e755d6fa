import type { GraphTransaction } from '../graph/transaction.js';
import { saveChanges } from '../projection/index.js';
import type { StoredEvent } from '../projection/index.js';
import { holdEventsBack, joinEvents, linkAhead } from './ahead.store.js';
import { lotChangedIn, madeIn, partOf } from './batch-parts.rules.js';
import { linkNames, linkParts } from './capture.store.js';
import { ghostsOf, nameGroupsOf } from './event-batch.rules.js';
import type { AdmittedEvent } from './event-batch.rules.js';
import { readLotFactsAgain } from './lot-facts.store.js';
import { saveMaking, unmake } from './made-from.store.js';
import { namedThingsOf } from './named-things.rules.js';
import { nameThings } from './named-things.store.js';
import { loadBeginners, projectBatch } from './project-batch.js';
import type { Projected } from './project-batch.js';
import { saveCustody } from './save-custody.js';
import { readFacts, toAdmitted } from './stored-facts.rules.js';

/** A stored event, and what is derived from it and tied to it already. */
export interface EventToDerive extends StoredEvent {
  /** The event is declared in error. It is tied to what it names, and nothing is derived from it. */
  readonly retracted: boolean;
  /** It waits, because it is or was ahead of the clock. */
  readonly waits: boolean;
  /** It is tied to packages as a waiting event. */
  readonly tiedAhead: boolean;
}

/** The log as a derivation finds it. */
export interface LogState {
  readonly seq: number;
  /** Others than the host take part. */
  readonly hasPartners: boolean;
}

/** Derives what stored events mean and saves it. Events that waited join. */
export async function deriveStored(
  tx: GraphTransaction,
  log: LogState,
  page: readonly EventToDerive[],
): Promise<void> {
  const events = page.map(toAdmitted);
  const active = events.filter((_, i) => page[i]?.retracted === false);
  const inError = events.filter((_, i) => page[i]?.retracted === true);
  const projected = await projectStored(tx, { ...log, isTold: false }, active, inError);
  await saveProjected(tx, log, projected);
  await linkNames(tx, events.flatMap(nameGroupsOf), ghostsOf(inError));
  const sent = events.map(({ parsed }, i) => ({ ...parsed, sentBy: page[i]?.sentBy ?? null }));
  const mayBegin = await loadBeginners(tx, projected.world, sent);
  await nameThings(tx, namedThingsOf(sent, mayBegin));
  await saveCustody(tx, log.seq, { active, takenOut: [] }, projected);
  const lotChanged = lotChangedIn(projected);
  await saveMaking(tx, { made: madeIn(active), retracted: [], lotChanged });
  const waited = page.filter(({ waits }) => waits).map(toAdmitted);
  if (waited.length > 0) await joinStored(tx, waited, []);
  // Which senders say what their lots are follows from the company prefixes of today.
  const byOthers = page.flatMap(({ id, sentBy }) => (sentBy === null ? [] : [id]));
  await readLotFactsAgain(tx, byOthers);
}

/** Derives places, contents, lots and who sees them from stored events. */
export function projectStored(
  tx: GraphTransaction,
  { hasPartners, isTold }: { readonly hasPartners: boolean; readonly isTold: boolean },
  active: readonly AdmittedEvent[],
  inError: readonly AdmittedEvent[] = [],
): Promise<Projected> {
  const added = active.flatMap(({ facts }) => facts);
  const withdrawn = inError.flatMap(({ facts }) => facts);
  const facts = { added, takenOut: [], withdrawn, hasPartners, readFacts, isTold };
  return projectBatch(tx, facts);
}

/** Saves what was derived from stored events. */
export async function saveProjected(
  tx: GraphTransaction,
  { seq }: Pick<LogState, 'seq'>,
  { changes, world }: Projected,
): Promise<void> {
  await saveChanges(tx, changes, { seq, wasJudged: (key, t) => world.head(key).last >= t });
}

/** Lets events that waited join with their lots, transformations and relationships. */
export async function joinStored(
  tx: GraphTransaction,
  active: readonly AdmittedEvent[],
  lotChanged: readonly string[],
): Promise<void> {
  const ids = active.map(({ parsed }) => parsed.id);
  await joinEvents(tx, ids);
  await linkParts(tx, active.flatMap(partOf));
  await readLotFactsAgain(tx, ids);
  await saveMaking(tx, { made: madeIn(active), retracted: [], lotChanged });
}

/** Ties events ahead of the clock to what they name, and takes back what was derived from them before. */
export async function holdBack(
  tx: GraphTransaction,
  page: readonly EventToDerive[],
): Promise<void> {
  const loose = page.filter(({ tiedAhead }) => !tiedAhead).map(toAdmitted);
  if (loose.length === 0) return;
  await linkNames(tx, [], ghostsOf(loose));
  await linkAhead(tx, { names: loose.flatMap(nameGroupsOf), classes: [] });
  const ids = page.flatMap(({ id, waits }) => (waits ? [] : [id]));
  if (ids.length === 0) return;
  const made = await unmake(tx, ids);
  await holdEventsBack(tx, ids);
  await readLotFactsAgain(tx, ids);
  await saveMaking(tx, { made, retracted: [], lotChanged: [] });
}
