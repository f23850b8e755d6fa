import { NOW } from '../holdings/holding.js';
import type { View } from '../access/view.js';
import { readHoldersAt, readPartyKeys } from '../master-data/operators.read-model.js';
import { readMemberships } from './feed.read-model.js';
import type { Batch, FeedMessage, PlaceView } from './messages.js';
import { NO_SURROUNDINGS, makeSurroundings, spansOf } from './surroundings.js';
import type { Parties, Surroundings } from './surroundings.js';

/** What all subscribers of this process watch. It is counted, so that it goes with its last subscriber. */
export class Watchlist {
  readonly #packages = new Map<string, number>();
  #holders = 0;

  /** Adds what a subscriber watches. The returned function removes it once. */
  add(packages: readonly string[], holders: boolean): () => void {
    for (const key of packages) this.#packages.set(key, (this.#packages.get(key) ?? 0) + 1);
    if (holders) this.#holders++;
    let added = true;
    return () => {
      if (!added) return;
      added = false;
      if (holders) this.#holders--;
      for (const key of packages) this.#release(key);
    };
  }

  /** Keys of the packages that somebody watches. */
  packages(): string[] {
    return [...this.#packages.keys()];
  }

  /** Whether anybody filters by party. */
  get holders(): boolean {
    return this.#holders > 0;
  }

  #release(key: string): void {
    const count = this.#packages.get(key) ?? 0;
    if (count > 1) this.#packages.set(key, count - 1);
    else this.#packages.delete(key);
  }
}

/**
 * Reads the surroundings of the watched packages at the time of these batches. It takes a few statements for any number of
 * subscribers, and none when no container moved or nobody asks.
 */
export async function readSurroundings(
  view: View,
  batches: readonly Batch[],
  watched: { readonly packages: readonly string[]; readonly holders: boolean },
): Promise<Surroundings> {
  const messages = batches.flatMap((batch) => batch.messages);
  const times = watched.packages.length === 0 ? [] : timesOfContainers(messages);
  if (times.length === 0 && !watched.holders) return NO_SURROUNDINGS;
  const [memberships, parties] = await Promise.all([
    times.length === 0 ? [] : readMemberships(view, watched.packages, spansOf(times)),
    watched.holders ? readPartiesOf(view, messages) : undefined,
  ]);
  return makeSurroundings(memberships, parties);
}

async function readPartiesOf(view: View, messages: readonly FeedMessage[]): Promise<Parties> {
  const named = messages.flatMap((message) =>
    message.kind === 'handoff' ? [message.fromParty ?? [], message.toParty ?? []].flat() : [],
  );
  const [holders, parties] = await Promise.all([
    readHoldersAt(view, sitesOf(messages), NOW),
    readPartyKeys(view, named),
  ]);
  return { holders, parties };
}

function timesOfContainers(messages: readonly FeedMessage[]): number[] {
  return messages.flatMap((m) => (m.kind === 'handoff' || m.level === 'CONTAINER' ? [m.t] : []));
}

function sitesOf(messages: readonly FeedMessage[]): string[] {
  const sites = new Set<string>();
  for (const message of messages)
    for (const site of sitesIn(message)) if (site !== '?') sites.add(site);
  return [...sites];
}

/** Every site that a message names. */
function sitesIn(message: FeedMessage): string[] {
  const named =
    message.kind === 'handoff'
      ? [message.from, message.to]
      : [...sitesOfPlace(message.from), ...sitesOfPlace(message.to)];
  return named.filter((site) => site !== null);
}

function sitesOfPlace(place: PlaceView | null): (string | null)[] {
  return place === null ? [] : [place.site, place.origin];
}
