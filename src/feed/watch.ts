import { NOW } from '../holdings/holding.js';
import { readSeenHistory } from '../holdings/whereabouts.read-model.js';
import { isPartner } from '../access/view.js';
import type { View } from '../access/view.js';
import { readHoldersAt, readPartyKeys } from '../master-data/operators.read-model.js';
import { readMemberships } from './feed.read-model.js';
import type { FeedMessage, PlaceView } from './messages.js';
import { NO_SURROUNDINGS, makeSurroundings, spansOf } from './surroundings.js';
import type { Membership, Parties, Surroundings, Watched } from './surroundings.js';

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
 * Reads the surroundings of the watched packages at the time of these messages. It takes a few statements for any number of
 * subscribers, and none when no container moved or nobody asks.
 */
export async function readSurroundings(
  view: View,
  messages: readonly FeedMessage[],
  watched: Watched,
): Promise<Surroundings> {
  const times = watched.packages.length === 0 ? [] : timesOfContainers(messages);
  if (times.length === 0 && !watched.holders) return NO_SURROUNDINGS;
  const [memberships, parties] = await Promise.all([
    times.length === 0 ? [] : readMembershipsAt(view, watched.packages, times),
    watched.holders ? readPartiesOf(view, messages, watched.sites) : undefined,
  ]);
  return makeSurroundings(memberships, parties);
}

/** Partners are told of the containers that they saw around a package. */
async function readMembershipsAt(
  view: View,
  packages: readonly string[],
  times: readonly number[],
): Promise<readonly Membership[]> {
  if (!isPartner(view)) return readMemberships(view, packages, spansOf(times));
  const history = await readSeenHistory(
    view,
    packages.map((key) => ({ key, at: NOW })),
  );
  // Just before, too: what a package leaves at an instant counts.
  const instants = [...new Set(times.flatMap((t) => [t - 1, t]))];
  return packages.flatMap((child) =>
    instants.flatMap((t) =>
      history
        .whereabouts({ key: child, at: t })
        .containers.map((container) => ({ child, container, from: t, until: t + 1 })),
    ),
  );
}

async function readPartiesOf(
  view: View,
  messages: readonly FeedMessage[],
  sites: readonly string[] = [],
): Promise<Parties> {
  const named = messages.flatMap((message) =>
    message.kind === 'handoff' ? [message.fromParty ?? [], message.toParty ?? []].flat() : [],
  );
  const [holders, parties] = await Promise.all([
    readHoldersAt(view, [...sitesOf(messages), ...sites], NOW),
    readPartyKeys(view, named),
  ]);
  return { holders, parties };
}

function timesOfContainers(messages: readonly FeedMessage[]): number[] {
  return messages.flatMap((m) => {
    if (m.kind === 'handoff') return m.t;
    return m.kind === 'location' && m.level === 'CONTAINER' ? (m.t ?? m.recordTime) : [];
  });
}

function sitesOf(messages: readonly FeedMessage[]): string[] {
  const sites = new Set<string>();
  for (const message of messages)
    for (const site of sitesIn(message)) if (site !== '?') sites.add(site);
  return [...sites];
}

/** Every site that a message names. */
function sitesIn(message: FeedMessage): string[] {
  const named = (): readonly (string | null | undefined)[] => {
    if (message.kind === 'handoff') return [message.from, message.to];
    if (message.kind !== 'location') return [];
    return [...sitesOfPlace(message.from), ...sitesOfPlace(message.to)];
  };
  return named().filter((site) => site != null);
}

function sitesOfPlace(place: PlaceView | null): (string | null)[] {
  return place === null ? [] : [place.site, place.origin];
}
