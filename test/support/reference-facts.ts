/** What the references read from facts alone. Rule numbers are those of the projection's rules. */
import type { Organisations } from '../../src/projection/sight.js';
import type { Act, Fact } from '../../src/projection/fact.js';
import type { Place } from '../../src/holdings/holding.js';

const CLASS: Record<Act, number> = { commission: 0, unpack: 1, pack: 2, see: 3, end: 4 };
export const UNKNOWN: Place = { mode: 'UNKNOWN' };

export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
export const byOrder = (a: Fact, b: Fact): number =>
  a.t - b.t || CLASS[a.act] - CLASS[b.act] || byText(a.hash, b.hash) || byText(a.id, b.id);

export const named = (f: Fact): string[] => [
  ...new Set(f.parent === undefined ? f.kids : [f.parent, ...f.kids]),
];
export const names = (f: Fact, k: string): boolean => f.parent === k || f.kids.includes(k);

export const show = (p: Place): string =>
  p.mode === 'AT' ? p.site : p.mode === 'TO' ? `>${p.site ?? '?'}` : '?';
export const at = (site: string | null): Place => (site === null ? UNKNOWN : { mode: 'AT', site });

/** Where the fact says a package is that stood at `now`; undefined when it says nothing (rule 10). */
export function stated(f: Fact, now: Place): Place | undefined {
  if (f.move === 'ship') {
    const back = now.mode === 'TO' ? now.back : now.mode === 'AT' ? now.site : null;
    return { mode: 'TO', site: f.dest ?? null, back, by: f.eventId };
  }
  if (f.site !== undefined) return at(f.site);
  if (f.move === 'void') return now.mode === 'TO' ? at(now.back) : now;
  return undefined;
}

/** In transit to an unknown destination contradicts no destination (rule 9). */
export function agree(a: Place, b: Place | undefined): boolean {
  if (b?.mode === 'TO' && a.mode === 'TO')
    return a.site === null || b.site === null || a.site === b.site;
  return b !== undefined && show(a) === show(b);
}

/** Containers are a matter of the whole set of facts, whatever the time (open point 4). */
export function containersOf(
  facts: readonly Fact[],
  { mayBegin }: Beginners,
): (k: string) => boolean {
  const parents = new Set<string>();
  for (const { parent, act, by } of facts)
    if (parent !== undefined && (act === 'pack' || act === 'unpack'))
      if (by === undefined || mayBegin(parent, by)) parents.add(parent);
  return (k) => /^(00|8003|8004)\//.test(k) || parents.has(k);
}

export const gtinOf = (k: string): string | undefined => /^01\/(\d{14})\/21\//.exec(k)?.[1];

export type Beginners = Pick<Organisations, 'mayBegin'>;

/** The lot is timeless: that of the newest commission that states one, of the host or of who may begin the package if there is one (rule 19). */
export function lotsOf(facts: readonly Fact[], { mayBegin }: Beginners): (k: string) => string {
  const stating = facts.filter((f) => f.act === 'commission' && f.lot !== undefined);
  return (k) => {
    const gtin = gtinOf(k);
    if (gtin === undefined) return '?';
    const told = stating.filter((f) => f.kids.includes(k));
    const known = told.filter(({ by }) => by === undefined || mayBegin(k, by));
    const lot = (known.at(-1) ?? told.at(-1))?.lot;
    return lot === undefined ? `01/${gtin}` : `01/${gtin}/10/${lot}`;
  };
}

/** What of the facts of an instant counts. What does not count for a package changes nothing of it. */
export interface Counting {
  readonly counts: (f: Fact, k: string) => boolean;
  /** Not only as the event of an owner who does not have the container. */
  readonly isFull: (f: Fact, k: string) => boolean;
  /** Something counted for it before. */
  readonly hasBegun: (k: string) => boolean;
  /** Whether a fact counts for what nothing counted for before. */
  readonly mayBegin: (f: Fact, k: string) => boolean;
  /** Where packages are told to be that do not follow what is around them. */
  readonly elsewhere: ReadonlyMap<string, Place>;
  /** Packages that begin now, although something was said of them before. */
  readonly begin: ReadonlySet<string>;
}

export const ALL_COUNT: Counting = {
  ...{ counts: () => true, isFull: () => true, hasBegun: () => true, mayBegin: () => true },
  ...{ begin: new Set(), elsewhere: new Map() },
};

/** Findings that the reference tells. */
export const FLAGS = [
  'CYCLE',
  'REPACK_WITHOUT_UNPACK',
  'NOT_IN',
  'SEEN_APART',
  'AFTER_END',
  'PACKED_AFTER_END',
] as const;
