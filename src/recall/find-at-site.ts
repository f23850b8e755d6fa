import type { View } from '../access/view.js';
import { dueUntil } from '../shared/ahead.js';
import { readClassAtSites } from './class-level.read-model.js';
import type { ClassReport } from './class-level.read-model.js';
import type { MemberSource } from './follow-members.js';
import { siteWindowGaps } from './gaps.rules.js';
import type { Gap, NamedReason, RecallSelectors, ScopeOptions } from './recall-scope.js';
import { readReadAt, readSitesWithin, readStandingAt } from './standing-at.read-model.js';
import type { ReadPackage } from './standing-at.read-model.js';

/** What was at a site within a window. */
export interface FoundAtSite {
  /** Units that were read there themselves. */
  readonly units: readonly (readonly [key: string, reason: NamedReason])[];
  /** Containers and holdings that stood or were read there; they bring in what they held then. */
  readonly containers: readonly MemberSource[];
  readonly holdings: readonly MemberSource[];
  readonly reports: readonly ClassReport[];
  readonly gaps: readonly Gap[];
  /** More was read there than the limit allows. */
  readonly isCut: boolean;
}

type Window = NonNullable<RecallSelectors['siteWindow']>;

/** What stood at a site or was read there within a window, not later than `latest`. Null for a site that was never named. */
export async function findAtSite(
  view: View,
  window: Window,
  { latest, room }: { readonly latest: number; readonly room: number },
  options: ScopeOptions,
): Promise<FoundAtSite | null> {
  const sites = await readSitesWithin(view, window.site);
  if (sites.length === 0) return null;
  const span = {
    sites,
    from: window.from,
    until: Math.min(window.until, latest, dueUntil(options.now)),
  };
  const [standing, read, reports] = await Promise.all([
    readStandingAt(view, span),
    readReadAt(view, span, room + 1),
    readClassAtSites(view, span),
  ]);
  const { containers, holdings } = standing;
  const found = containers.length + holdings.length + read.length + reports.length;
  const why = { role: 'SITE_WINDOW', via: window.site } as const;
  return {
    units: read.filter(({ container }) => !container).map(toUnit),
    containers: [
      ...containers.map((one) => ({ ...one, ...why })),
      ...read.filter(({ container }) => container).map(toSource),
    ],
    holdings: holdings.map((one) => ({ ...one, ...why })),
    reports,
    gaps: siteWindowGaps(window, found, options.now),
    isCut: read.length > room,
  };
}

function toUnit({ k, site, eventId, t, lot }: ReadPackage): [string, NamedReason] {
  return [k, { role: 'READ_POINT', via: site, eventId, at: t, lot }];
}

// What an event emptied out of a container was in it until just before the event.
function toSource({ k, t, site, emptied }: ReadPackage): MemberSource {
  return { id: k, from: emptied ? t - 1 : t, until: t, role: 'READ_POINT', via: site };
}
