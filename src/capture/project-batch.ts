import type { GraphTransaction } from '../graph/transaction.js';
import type { Changes, Derivation, Fact, StoredEvent } from '../projection/index.js';
import {
  LoadedOrganisations,
  Loader,
  NO_ORGANISATIONS,
  NotLoaded,
  World,
} from '../projection/index.js';
import { changesOf, derive, keysThatDecide, namesOf } from '../projection/index.js';
import type { MayBegin } from './lot-facts.rules.js';
import type { Moved } from './moves.rules.js';
import { movesOf } from './moves.rules.js';

/** What a batch of facts changes, and the world it was derived from. */
export interface Projected {
  readonly world: World;
  readonly derivation: Derivation;
  readonly changes: Changes;
  /** The packages whose own row changes; none if nobody is told. */
  readonly moves: readonly Moved[];
  /** The facts of {@link FactBatch.takenOut}. */
  readonly removed: readonly Fact[];
}

/** What to derive: facts that become active, and stored events that stop being active. */
export interface FactBatch {
  readonly added: readonly Fact[];
  readonly takenOut: readonly StoredEvent[];
  /** Facts of events that are declared in error before anything was derived from them. */
  readonly withdrawn: readonly Fact[];
  /** Others than the host take part, so it is derived who sees what. */
  readonly hasPartners: boolean;
  readonly readFacts: (event: StoredEvent) => readonly Fact[];
  /** The feeds are told what moves. */
  readonly isTold: boolean;
}

/** More loads than any history needs. A derivation that never stops asking is a bug. */
const MAX_LOADS = 10_000;

/**
 * Derives what a batch changes: loads what it names, derives, and loads again when the derivation asks for more of the past.
 * A batch in order needs no second load.
 */
export async function projectBatch(tx: GraphTransaction, batch: FactBatch): Promise<Projected> {
  const organisations = batch.hasPartners ? new LoadedOrganisations() : NO_ORGANISATIONS;
  const world = new World(false, organisations);
  const loader = new Loader(tx, world, batch.readFacts);
  const removed = batch.takenOut.flatMap((event) => loader.factsIn(event));
  const named = new Set<string>();
  for (const fact of [...batch.added, ...removed]) for (const key of namesOf(fact)) named.add(key);
  await loader.loadOrganisations(keysThatDecide([...batch.added, ...removed, ...batch.withdrawn]));
  await loader.loadHeads(named);
  for (let loads = 0; loads < MAX_LOADS; loads++) {
    try {
      const derivation = derive(world, batch.added, removed);
      const changes = changesOf(world, derivation, batch.withdrawn);
      const moves = batch.isTold ? movesOf({ world, derivation, changes }) : [];
      return { world, derivation, changes, moves, removed };
    } catch (error) {
      if (!(error instanceof NotLoaded)) throw error;
      await loader.load(error.missing);
    }
  }
  throw new Error(`Derivation still asks for more after ${MAX_LOADS} loads`);
}

/** Who of the senders of events may begin what. As long as no others take part, everybody may. */
export async function loadBeginners(
  tx: GraphTransaction,
  { organisations }: World,
  sent: readonly { readonly sentBy?: string | null }[],
): Promise<MayBegin> {
  if (!(organisations instanceof LoadedOrganisations)) return () => true;
  await organisations.load(
    tx,
    sent.flatMap(({ sentBy }) => sentBy ?? []),
  );
  return (key, organisation) => organisations.mayBegin(key, organisation);
}
