/** How the lives of packages begin, naively: from all facts of each package, not as the product judges them instant by instant. */
import type { Fact } from '../../src/projection/fact.js';

export const BIRTH_FLAGS = [
  'NOT_COMMISSIONED',
  'DUPLICATE_COMMISSION',
  'SERIAL_REUSED',
  'SSCC_REUSED',
  'LOT_CONTRADICTED',
] as const;
export type BirthCode = (typeof BIRTH_FLAGS)[number];

interface BirthFlag {
  readonly k: string;
  readonly t: number;
  readonly code: BirthCode;
}

const YEAR = 365 * 24 * 3600 * 1000;
const isBirth = (f: Fact): boolean => f.act === 'commission';

/** What an SSCC holds by what was said of itself: packed into it and neither taken out nor emptied. */
function saidInside(k: string, facts: readonly Fact[]): readonly string[] {
  const since = facts.slice(
    facts.findLastIndex((f) => f.act === 'end' || (f.all && f.parent === k)) + 1,
  );
  const told = since.filter((f) => f.parent === k && (f.act === 'pack' || f.act === 'unpack'));
  const kids = new Set(told.flatMap((f) => f.kids));
  return [...kids].filter((kid) => told.findLast((f) => f.kids.includes(kid))?.act === 'pack');
}

/** Used again: since it was commissioned before, it was never left alone for a year, or not empty when it last was. */
function isSsccReused(k: string, past: readonly Fact[], t: number): boolean {
  const made = past.findLastIndex(isBirth);
  const times = [...past.map((f) => f.t), t];
  const rests = past.flatMap((f, i) => (i >= made && times[i + 1]! - f.t >= YEAR ? [i] : []));
  if (rests.length === 0) return true;
  return saidInside(k, past.slice(0, rests.at(-1)! + 1)).length > 0;
}

/** Ended, and nothing brought it back: a container by any event, a unit by a commissioning only. */
function hasEnded(past: readonly Fact[], isContainer: boolean): boolean {
  const end = past.findLastIndex((f) => f.act === 'end');
  const later = past.slice(end + 1).filter((f) => isContainer || isBirth(f));
  return end >= 0 && !later.some((f) => f.t > past[end]!.t);
}

interface Life {
  readonly k: string;
  readonly t: number;
  readonly past: readonly Fact[];
  readonly births: readonly Fact[];
}

function birthCodes({ k, t, past, births }: Life, isContainer: boolean): BirthCode[] {
  const again = births.length > 1 || past.some(isBirth);
  const codes: [BirthCode, boolean][] = k.startsWith('00/')
    ? [['SSCC_REUSED', again && (births.length > 1 || isSsccReused(k, past, t))]]
    : k.startsWith('01/')
      ? [
          ['SERIAL_REUSED', hasEnded(past, isContainer)],
          ['DUPLICATE_COMMISSION', again && !hasEnded(past, isContainer)],
          ['LOT_CONTRADICTED', isInDoubt([...past, ...births], t)],
        ]
      : [];
  return codes.flatMap(([code, is]) => (is ? [code] : []));
}

function isInDoubt(facts: readonly Fact[], t: number): boolean {
  const lots = facts.filter((f) => isBirth(f) && f.lot !== undefined);
  return lots.some((f, i) => f.t === t && i > 0 && lots[i - 1]!.lot !== f.lot);
}

/** @param ordered all facts in their order */
export function birthFlags(
  ordered: readonly Fact[],
  isContainer: (k: string) => boolean,
): BirthFlag[] {
  const byPackage = new Map<string, Fact[]>();
  for (const f of ordered)
    for (const k of new Set([...f.kids, ...(f.parent === undefined ? [] : [f.parent])]))
      byPackage.set(k, [...(byPackage.get(k) ?? []), f]);
  return [...byPackage].flatMap(([k, facts]) => {
    const first = facts[0]!.t;
    const unheard = !facts.some((f) => f.t === first && isBirth(f));
    const isUnit = k.startsWith('01/') && !isContainer(k);
    const flags = [...new Set(facts.filter(isBirth).map((f) => f.t))].flatMap((t) => {
      const past = facts.filter((f) => f.t < t);
      const births = facts.filter((f) => f.t === t && isBirth(f));
      return birthCodes({ k, t, past, births }, isContainer(k)).map((code) => ({ k, t, code }));
    });
    return unheard && isUnit
      ? [{ k, t: first, code: 'NOT_COMMISSIONED' as const }, ...flags]
      : flags;
  });
}
