import type { GraphReader, ReadOptions } from '../graph/graph.js';
import { locateUnits, readPackageFacts } from './affected.read-model.js';
import type { PackageFacts } from './affected.read-model.js';
import type { LotStep, NamedReason, Selection } from './recall-scope.js';
import { NOW } from './surrounding.read-model.js';

/** What one link of an explanation is about. */
export type LinkKind =
  'LOT' | 'MADE_FROM' | 'SELECTED' | 'CONTAINER' | 'SITE' | 'CONTENTS' | 'NOT_IN_SCOPE';

/** One link in the chain of facts that brings a package in. */
export interface ExplanationLink {
  readonly kind: LinkKind;
  /** A sentence for a person. */
  readonly text: string;
  readonly eventId: string | null;
  /** Epoch ms. */
  readonly at: number | null;
}

/** Why a package is in a scope, or that it is not. */
export interface Explanation {
  readonly key: string;
  readonly inScope: boolean;
  /** Only possibly affected: its lot is unknown. */
  readonly possibly: boolean;
  readonly links: readonly ExplanationLink[];
}

const NAMED_TEXT: Readonly<Record<NamedReason['role'], (via: string) => string>> = {
  SERIAL: () => 'It was asked for by its own serial number.',
  OUTPUT: (via) => `It was made from ${via}, and has no known lot.`,
  SITE_WINDOW: (via) => `It was at ${via} within the window asked for.`,
  READ_POINT: (via) =>
    `It was read at ${via} within the window asked for, by itself or with what it was in.`,
  CONTAINER: (via) => `It is or was inside ${via}, which was asked for.`,
};

/** The chain of facts that brings a package into a scope; a container is in when affected units are inside now. */
export async function explainAffectedPackage(
  graph: GraphReader,
  selection: Selection,
  key: string,
  options: ReadOptions = {},
): Promise<Explanation> {
  const lots = [...selection.lots.keys()];
  const facts = await readPackageFacts(graph, key, lots, options);
  if (facts === undefined) return out(key, `No event ever named ${key}.`);
  if (facts.container) {
    const links = contentsLinks(facts);
    return links.length === 0
      ? out(key, 'No affected unit is inside it now.')
      : { key, inScope: true, possibly: false, links };
  }
  const why = [...lotLinks(facts, selection), ...namedLinks(key, selection)];
  const where = await containerLinks(graph, key, selection.asOf ?? NOW, options);
  if (why.length > 0) return { key, inScope: true, possibly: false, links: [...why, ...where] };
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
  const text = `Nobody stated its lot; its product ${lot.slice(3)} is in the scope, so it may be affected.`;
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

function contentsLinks({ affected }: PackageFacts): ExplanationLink[] {
  if (affected === 0) return [];
  const text = `${affected} affected ${affected === 1 ? 'unit is' : 'units are'} inside it now.`;
  return [{ kind: 'CONTENTS', text, eventId: null, at: null }];
}

const NAMED_KIND: Readonly<Record<NamedReason['role'], LinkKind>> = {
  SERIAL: 'SELECTED',
  OUTPUT: 'MADE_FROM',
  SITE_WINDOW: 'SITE',
  READ_POINT: 'SITE',
  CONTAINER: 'CONTAINER',
};

function namedLinks(key: string, { named }: Selection): ExplanationLink[] {
  const reason = named.get(key);
  if (reason === undefined) return [];
  const { role, via, eventId, at } = reason;
  const text = NAMED_TEXT[role](via ?? '');
  return [{ kind: NAMED_KIND[role], text, eventId, at: at === 0 ? null : at }];
}

async function containerLinks(
  graph: GraphReader,
  key: string,
  t: number,
  options: ReadOptions,
): Promise<ExplanationLink[]> {
  const unit = (await locateUnits(graph, [key], t, options)).get(key);
  if (unit === undefined || unit.around.boxes.length === 0) return [];
  const text = `It is in container ${unit.around.boxes.join(', in ')}.`;
  return [{ kind: 'CONTAINER', text, eventId: null, at: null }];
}
