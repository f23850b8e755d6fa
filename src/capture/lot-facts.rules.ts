/** What active events of a batch say about a lot: when it was first made, its expiry dates, and the newest statement of when it was made. */
export interface LotSaying {
  readonly lot: string;
  /** Epoch ms. */
  readonly first: number;
  /** ISO dates, each once. */
  readonly expiries: readonly string[];
  readonly made: MadeAt | undefined;
}

/** Whether an organisation may begin a package, or packages of a lot. */
export type MayBegin = (key: string, organisation: string) => boolean;

interface LotLink {
  /** Id of the event. */
  readonly id: string;
  readonly role: string;
  readonly lot: string;
  readonly expiry: string | null;
  readonly madeAt: number | null;
}

interface LotTeller {
  readonly id: string;
  readonly hash: string;
  readonly eventTime: number;
  readonly retracted: true | null;
  readonly sentBy: string | null;
}

interface MadeAt {
  /** Event time and hash of the event that states it. The newest counts. */
  readonly t: number;
  readonly hash: string;
  readonly madeAt: number;
}

/**
 * What active events of a batch say about lots, each lot once.
 *
 * @param mayBegin what others send says nothing about a lot, or whoever likes could say that the goods of a competitor have expired
 */
export function lotSayings(
  {
    classes,
    events,
  }: { readonly classes: readonly LotLink[]; readonly events: readonly LotTeller[] },
  mayBegin: MayBegin,
): readonly LotSaying[] {
  const active = new Map(
    events.flatMap((event) => (event.retracted === null ? [[event.id, event] as const] : [])),
  );
  const lots = new Map<string, LotSaying>();
  for (const { id, role, lot, expiry, madeAt } of classes) {
    const event = active.get(id);
    if (role !== 'ilmd' || event === undefined) continue;
    const { eventTime: t, hash, sentBy } = event;
    if (sentBy !== null && !mayBegin(lot, sentBy)) continue;
    const known = lots.get(lot) ?? { lot, first: t, expiries: [], made: undefined };
    const isNew = expiry !== null && !known.expiries.includes(expiry);
    lots.set(lot, {
      lot,
      first: Math.min(known.first, t),
      expiries: isNew ? [...known.expiries, expiry] : known.expiries,
      made: newest(known.made, madeAt === null ? undefined : { t, hash, madeAt }),
    });
  }
  return [...lots.values()];
}

function newest(one: MadeAt | undefined, other: MadeAt | undefined): MadeAt | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return other.t > one.t || (other.t === one.t && other.hash > one.hash) ? other : one;
}
