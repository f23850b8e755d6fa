import { MAX_DEPTH, inForce } from './holding.js';
import type { Mark, Placing } from './holding.js';

/** Place and status of something that stands alone. */
export interface Standing {
  readonly placing: Placing;
  readonly status: string;
  readonly since: number;
}

/** One holding at an instant: what it is in, or where it is. */
export interface HoldingStep {
  readonly id: string;
  readonly kind: 'FILLING' | 'LOOSE' | 'DISPOSED';
  /** Key of the container of a filling. */
  readonly box: string | null;
  /** True for a filling that is still in its container at that instant. */
  readonly open: boolean;
  /** The holding around its container, with the container's mark. */
  readonly up: string | null;
  readonly mark: Mark | null;
  /** Its place and status, when nothing is around it. */
  readonly standing: Standing | null;
}

/** What is around the members of a holding. */
export interface Surrounding {
  readonly placing: Placing;
  /** The status around the members, and when it was stated. */
  readonly status: string;
  readonly since: number;
  readonly ended: boolean;
  /** The top holding. */
  readonly top: string;
  /** The outermost container around the members, and its own status. */
  readonly outermost: { readonly key: string; readonly status: string } | null;
  /** The containers around the members, innermost first. */
  readonly boxes: readonly string[];
}

/** What is around the members of `id`. A chain that breaks off or never ends gives an unknown place. */
export function surroundingOf(
  id: string,
  steps: ReadonlyMap<string, HoldingStep>,
  depth = 0,
): Surrounding {
  const step = depth > MAX_DEPTH ? undefined : steps.get(id);
  if (step === undefined) return lost(id);
  if (step.up === null) return standingAlone(step);
  const outer = surroundingOf(step.up, steps, depth + 1);
  const { mark } = step;
  const own = mark !== null && inForce(mark, outer) ? mark : outer;
  const box = step.box ?? id;
  return {
    ...outer,
    status: own.status,
    since: own.since,
    outermost: outer.outermost ?? { key: box, status: own.status },
    boxes: [box, ...outer.boxes],
  };
}

function standingAlone(step: HoldingStep): Surrounding {
  if (step.standing === null) return lost(step.id);
  const { placing, status, since } = step.standing;
  return {
    placing,
    status,
    since,
    ended: step.kind === 'DISPOSED',
    top: step.id,
    outermost: step.open && step.box !== null ? { key: step.box, status } : null,
    boxes: step.open && step.box !== null ? [step.box] : [],
  };
}

function lost(id: string): Surrounding {
  return {
    placing: { mode: 'UNKNOWN', site: null, origin: null },
    status: 'unknown',
    since: 0,
    ended: false,
    top: id,
    outermost: null,
    boxes: [],
  };
}
