import { NOW } from '../holdings/holding.js';
import { isPartner } from '../access/view.js';
import type { View } from '../access/view.js';
import { locateUnits, readClaims, readPackageFacts } from './affected.read-model.js';
import type { PackageFacts } from './affected.read-model.js';
import { readClassLeft } from './class-level.read-model.js';
import { followMembers } from './follow-members.js';
import type { MemberSource } from './follow-members.js';
import type { LotStep, NamedReason, Selection } from './recall-scope.js';

/** What one link of an explanation is about. */
export type LinkKind =
  'LOT' | 'MADE_FROM' | 'SELECTED' | 'CONTAINER' | 'SITE' | 'CONTENTS' | 'NOT_IN_SCOPE';

/** One link in the chain of facts that brings a package into a scope. */
export interface ExplanationLink {
  readonly kind: LinkKind;
  /** A sentence for a person to read. */
  readonly text: string;
  readonly eventId: string | null;
  /** Epoch ms. */
  readonly at: number | null;
}

/** Why a package is in a scope, or that it is not in it. */
export interface Explanation {
  readonly key: string;
  readonly inScope: boolean;
  /** Only possibly affected: its lot is unknown, or other lots were stated for it too. */
  readonly possibly: boolean;
  readonly links: readonly ExplanationLink[];
}

const LAST_INSTANT = 8_640_000_000_000_000;

const NAMED_TEXT: Readonly<Record<NamedReason['role'], (via: string) => string>> = {
  SERIAL: () => 'It was asked for by its own serial number.',
  OUTPUT: (via) => `It was made from ${via}, and has no known lot.`,
  SITE_WINDOW: (via) => `It was at ${via} within the window asked for.`,
  READ_POINT: (via) =>
    `It was read at ${via} within the window asked for, by itself or with what it was in.`,
  CLAIMED: (via) => `It was commissioned under lot ${via} too.`,
  CONTAINER: (via) => `It is or was inside ${via}, which was asked for.`,
};

/** The chain of facts that brings a package into a scope. A container is in scope while affected units are inside it. */
export async function explainAffectedPackage(
  view: View,
  selection: Selection,
  key: string,
): Promise<Explanation> {
  const lots = [...selection.lots.keys()];
  const facts = await readPackageFacts(view, key, lots);
  if (facts === undefined) return out(key, `No event ever named ${key}.`);
  const t = selection.asOf ?? NOW;
  if (facts.container) {
    const links = [
      ...askedLinks(key, selection),
      ...contentsLinks(await countAffectedInside(view, { key, facts }, selection)),
      ...(await classLinks(view, { key, t }, selection)),
    ];
    return links.length === 0
      ? out(key, 'Nothing affected is inside it.')
      : { key, inScope: true, possibly: false, links };
  }
  const possibly = selection.doubtful.has(key);
  const why = [...lotLinks(facts, selection), ...namedLinks(key, selection)];
  const doubt = possibly ? await claimLinks(view, key, selection) : [];
  const where = await containerLinks(view, key, t);
  if (why.length > 0) return { key, inScope: true, possibly, links: [...why, ...doubt, ...where] };
  return withoutLot(key, facts, selection, where);
}

function withoutLot(
  key: string,
  { lot }: PackageFacts,
  selection: Selection,
  where: readonly ExplanationLink[],
): Explanation {
  if (lot === null || !selection.withoutLot.includes(lot))
    return out(key, `Its lot ${lot ?? 'is unknown and'} is not in the scope.`);
  const text = `Nobody stated its lot. Its product ${lot.slice(3)} is in the scope, so it may be affected.`;
  const link = { kind: 'LOT', text, eventId: null, at: null } as const;
  return { key, inScope: false, possibly: true, links: [link, ...where] };
}

function out(key: string, text: string): Explanation {
  const link = { kind: 'NOT_IN_SCOPE', text, eventId: null, at: null } as const;
  return { key, inScope: false, possibly: false, links: [link] };
}

function lotLinks(
  { lot, statedBy, statedAt }: PackageFacts,
  { lots }: Selection,
): ExplanationLink[] {
  const step = lot === null ? undefined : lots.get(lot);
  if (lot === null || step === undefined) return [];
  const by = statedBy === null ? '' : `, stated by event ${statedBy}`;
  const first = {
    kind: 'LOT',
    text: `It is of lot ${lot}${by}.`,
    eventId: statedBy,
    at: statedAt,
  } as const;
  return [first, ...originLinks(lot, lots)];
}

function originLinks(lot: string, lots: ReadonlyMap<string, LotStep>): ExplanationLink[] {
  const links: ExplanationLink[] = [];
  const seen = new Set<string>();
  for (let id: string | null = lot; id !== null && !seen.has(id);) {
    seen.add(id);
    const step: LotStep | undefined = lots.get(id);
    if (step === undefined) break;
    const role = step.role === 'SOURCE' ? ' as a source' : '';
    links.push(
      step.from === null
        ? { kind: 'SELECTED', text: `Lot ${id} was asked for${role}.`, eventId: null, at: null }
        : {
            kind: 'MADE_FROM',
            text: `Lot ${id} was made from ${step.from}.`,
            eventId: step.eventId,
            at: null,
          },
    );
    id = step.from;
  }
  return links;
}

function askedLinks(key: string, { containers }: Selection): ExplanationLink[] {
  if (!containers.includes(key)) return [];
  const text = 'It was asked for by its own key, with everything it holds and ever held.';
  return [{ kind: 'SELECTED', text, eventId: null, at: null }];
}

/** Uses the counts of lots for a scope of now that names no units; otherwise, and for a partner, reads the units inside. */
async function countAffectedInside(
  view: View,
  { key, facts }: { readonly key: string; readonly facts: PackageFacts },
  { lots, named, asOf }: Selection,
): Promise<number> {
  if (asOf === null && named.size === 0 && !isPartner(view)) return facts.affected;
  const at = asOf ?? LAST_INSTANT;
  const here: MemberSource = { id: key, from: at, until: at, role: 'CONTAINER', via: key };
  const walk = { containers: [here], holdings: [], until: at, room: Infinity };
  const { units } = await followMembers(view, walk);
  const affected = [...units].filter(([k, { lot }]) => named.has(k) || lots.has(lot ?? ''));
  if (!isPartner(view)) return affected.length;
  const keys = affected.map(([k]) => k);
  return (await locateUnits(view, keys, NOW)).size;
}

/** The lots that it holds by class: lots of the scope, or lots that only containers of the scope hold. */
async function classLinks(
  view: View,
  { key, t }: { readonly key: string; readonly t: number },
  { lots, contents }: Selection,
): Promise<ExplanationLink[]> {
  const held = await readClassLeft(view, [key], t);
  return held
    .filter(({ lot, left }) => left !== 0 && (lots.has(lot) || contents.has(lot)))
    .map(({ lot, left, uom }) => ({
      kind: 'CONTENTS',
      text: `It holds ${left ?? 'some'}${uom === null ? '' : ` ${uom}`} of lot ${lot} without serials.`,
      eventId: null,
      at: null,
    }));
}

async function claimLinks(
  view: View,
  key: string,
  { lots }: Selection,
): Promise<ExplanationLink[]> {
  const claims = await readClaims(view, key);
  return claims.map(({ lot, eventId, at }) => ({
    kind: 'LOT',
    text: `Event ${eventId} stated lot ${lot} for it${lots.has(lot) ? '' : ', which is not in the scope'}.`,
    eventId,
    at,
  }));
}

function contentsLinks(affected: number): ExplanationLink[] {
  if (affected === 0) return [];
  const text = `${affected} affected ${affected === 1 ? 'unit is' : 'units are'} inside it.`;
  return [{ kind: 'CONTENTS', text, eventId: null, at: null }];
}

const NAMED_KIND: Readonly<Record<NamedReason['role'], LinkKind>> = {
  SERIAL: 'SELECTED',
  OUTPUT: 'MADE_FROM',
  SITE_WINDOW: 'SITE',
  READ_POINT: 'SITE',
  CLAIMED: 'LOT',
  CONTAINER: 'CONTAINER',
};

function namedLinks(key: string, { named, lots }: Selection): ExplanationLink[] {
  const reason = named.get(key);
  if (reason === undefined) return [];
  const { role, via, eventId, at } = reason;
  const text = NAMED_TEXT[role](via ?? '');
  const link = { kind: NAMED_KIND[role], text, eventId, at: at === 0 ? null : at };
  return role === 'CLAIMED' && via !== null ? [link, ...originLinks(via, lots)] : [link];
}

async function containerLinks(view: View, key: string, t: number): Promise<ExplanationLink[]> {
  const unit = (await locateUnits(view, [key], t)).get(key);
  if (unit === undefined || unit.around.boxes.length === 0) return [];
  const text = `It is in container ${unit.around.boxes.join(', in ')}.`;
  return [{ kind: 'CONTAINER', text, eventId: null, at: null }];
}
