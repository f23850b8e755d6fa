import type { FeedMessage, HandoffMessage, LocationMessage, PlaceView } from './messages.js';
import type { Surroundings } from './surroundings.js';

/** What a subscriber asks for. Every given list must match, by at least one of its keys. */
export interface FeedSelection {
  readonly ids?: ReadonlySet<string>;
  readonly lots?: ReadonlySet<string>;
  readonly gtins?: ReadonlySet<string>;
  readonly sites?: ReadonlySet<string>;
  readonly parties?: ReadonlySet<string>;
  readonly statuses?: ReadonlySet<string>;
}

/** Whether a message is a location message that a subscriber asked for. */
export function wantsLocation(
  selection: FeedSelection,
  message: FeedMessage,
  around: Surroundings,
): boolean {
  return (
    message.kind === 'location' &&
    atSites(selection, sitesOfLocation(message)) &&
    ofParties(
      selection,
      sitesOfLocation(message).map((site) => holderAt(site, around)),
    ) &&
    ofLots(selection, message.lots) &&
    ofGtins(selection, message) &&
    ofPackages(
      selection,
      [...(message.keys ?? [message.k]), ...(message.chainBefore ?? [])],
      message.t ?? message.recordTime,
      around,
    )
  );
}

/** Whether a message is a custody message that a subscriber asked for. */
export function wantsHandoff(
  selection: FeedSelection,
  message: FeedMessage,
  around: Surroundings,
): boolean {
  return (
    message.kind === 'handoff' &&
    isOfStatus(selection, message) &&
    atSites(selection, [message.from ?? null, message.to ?? null]) &&
    ofParties(selection, endsOfHandoff(message, around)) &&
    ofPackages(selection, packagesOf(message), message.t, around)
  );
}

function isOfStatus({ statuses }: FeedSelection, { status }: HandoffMessage): boolean {
  return !statuses || (status !== undefined && statuses.has(status));
}

function packagesOf(message: HandoffMessage): readonly string[] {
  return message.packages ?? [];
}

function sitesOfLocation({ from, to }: LocationMessage): (string | null)[] {
  return [...endsOf(from), ...endsOf(to)];
}

function endsOf(place: PlaceView | null): (string | null)[] {
  return place === null ? [] : [place.site, place.origin];
}

/** The giving and the taking party: the named party, else the holder at the site. */
function endsOfHandoff(
  { from, to, fromParty, toParty }: HandoffMessage,
  around: Surroundings,
): (string | null)[] {
  return [
    fromParty === undefined ? holderAt(from ?? null, around) : around.partyOf(fromParty),
    toParty === undefined ? holderAt(to ?? null, around) : around.partyOf(toParty),
  ];
}

function holderAt(site: string | null, around: Surroundings): string | null {
  return site === null ? null : around.holderOf(site);
}

function atSites({ sites }: FeedSelection, named: readonly (string | null)[]): boolean {
  return !sites || named.some((site) => site !== null && sites.has(site));
}

function ofParties({ parties }: FeedSelection, involved: readonly (string | null)[]): boolean {
  return !parties || involved.some((party) => party !== null && parties.has(party));
}

function ofLots({ lots }: FeedSelection, carried: LocationMessage['lots']): boolean {
  return !lots || carried.some(({ lot }) => lots.has(lot));
}

function ofGtins({ gtins }: FeedSelection, { k, lots }: LocationMessage): boolean {
  if (!gtins) return true;
  return [k, ...lots.map(({ lot }) => lot)].some(
    (key) => key.startsWith('01/') && gtins.has(key.slice(3, 17)),
  );
}

/** Whether the message names a wanted package, a container around it at that instant, or one it has just left. */
function ofPackages(
  { ids }: FeedSelection,
  named: readonly string[],
  t: number,
  around: Surroundings,
): boolean {
  if (!ids) return true;
  if (named.some((key) => ids.has(key))) return true;
  for (const id of ids) {
    const containers = around.containersOf(id, t);
    if (named.some((key) => containers.has(key))) return true;
  }
  return false;
}
