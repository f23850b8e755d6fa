/** What a lineage joins. */
export type LineageNodeKind = 'UNIT' | 'CONTAINER' | 'LOT' | 'PRODUCT' | 'SITE' | 'PARTY';

/** How two of them are joined. */
export type LineageEdgeKind = 'CONTAINMENT' | 'TRANSFORMATION' | 'LOT' | 'CUSTODY';

/** Towards what it came from, or what became of it. */
export type LineageWay = 'BACK' | 'FORWARD';

/** Why a lineage does not show everything. */
export type LineageCut = 'DEPTH' | 'NODES' | 'EDGES';

/** One package, lot, product, site or party of a lineage. */
export interface LineageNode {
  readonly key: string;
  readonly kind: LineageNodeKind;
}

/** From what was first to what came of it: container to content, input to output, lot to unit, giver to taker. */
export interface LineageEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: LineageEdgeKind;
  /** Epoch ms. */
  readonly since: number | null;
  /** Epoch ms; null: it still holds, or is no matter of time. */
  readonly until: number | null;
  readonly eventId: string | null;
}

/** A node to go on from, and the time in which what it touches belongs to the lineage: [from, to). */
export interface LineageState {
  readonly key: string;
  readonly kind: LineageNodeKind;
  readonly from: number;
  readonly to: number;
  /** Of a lot held by class in a container: not its other units, nor what was made of it elsewhere by name. */
  readonly part?: true;
}

/** A neighbour of `of` in the direction walked. */
export interface LineageLink {
  readonly of: string;
  readonly node: LineageNode;
  readonly edge: LineageEdge;
  /** Containment: the time inside. Transformation: `from` is when the neighbour was put in or came out. */
  readonly from: number;
  readonly to: number;
}

/** Most hops from the start. */
export const MAX_DEPTH = 20;
/** Most nodes of one lineage. */
export const MAX_NODES = 5000;
/** Most edges of one lineage. */
export const MAX_EDGES = 20_000;

/**
 * A lineage being walked, level by level. Time is heeded: of a pallet's cases only those contents belong to it that were in the case
 * while the case was on the pallet. A node is gone on from again only for a time not yet walked, so no walk loops.
 */
export class LineageWalk {
  readonly #nodes = new Map<string, LineageNode>();
  readonly #edges = new Map<string, LineageEdge>();
  readonly #walked = new Map<string, LineageState[]>();
  readonly #cuts = new Set<LineageCut>();

  get nodes(): readonly LineageNode[] {
    return [...this.#nodes.values()];
  }

  get edges(): readonly LineageEdge[] {
    return [...this.#edges.values()];
  }

  /** Why it was cut; empty when it is complete. */
  get cuts(): readonly LineageCut[] {
    return [...this.#cuts];
  }

  /** Begins anew in one direction: what the other direction walked is no reason to stop. */
  begin(start: LineageNode): LineageState {
    this.#walked.clear();
    this.#addNode(start);
    const state = { ...start, from: -Infinity, to: Infinity };
    this.#walked.set(start.key, [state]);
    return state;
  }

  /** Takes in the neighbours of a level; gives the next level. */
  take(
    level: readonly LineageState[],
    links: readonly LineageLink[],
    way: LineageWay,
  ): LineageState[] {
    return this.#follow(level, links, way).flatMap(({ state, link }) => {
      if (!this.add([link.node], link.edge) || !this.#isNew(state)) return [];
      this.#walked.set(state.key, [...(this.#walked.get(state.key) ?? []), state]);
      return [state];
    });
  }

  /** Adds an edge and the nodes at its ends that may be new; false when there is no room. */
  add(nodes: readonly LineageNode[], edge: LineageEdge): boolean {
    const name = [edge.kind, edge.from, edge.to, edge.eventId ?? edge.since].join(' ');
    if (this.#edges.has(name)) return true;
    if (this.#edges.size >= MAX_EDGES) this.cut('EDGES');
    else if (nodes.every((node) => this.#addNode(node))) {
      this.#edges.set(name, edge);
      return true;
    }
    return false;
  }

  /** Notes that it was cut. */
  cut(why: LineageCut): void {
    this.#cuts.add(why);
  }

  /** Notes a cut by depth if there was more to see behind the last level. */
  endAtDepth(level: readonly LineageState[], links: readonly LineageLink[], way: LineageWay): void {
    if (this.#follow(level, links, way).some(({ state }) => this.#isNew(state))) this.cut('DEPTH');
  }

  #follow(
    level: readonly LineageState[],
    links: readonly LineageLink[],
    way: LineageWay,
  ): { state: LineageState; link: LineageLink }[] {
    const states = new Map<string, LineageState[]>();
    for (const state of level) states.set(state.key, [...(states.get(state.key) ?? []), state]);
    return links.flatMap((link) =>
      (states.get(link.of) ?? []).flatMap((state) => {
        const next = stateBehind(state, link, way);
        return next === null ? [] : [{ state: next, link }];
      }),
    );
  }

  #addNode(node: LineageNode): boolean {
    if (this.#nodes.has(node.key)) return true;
    if (this.#nodes.size >= MAX_NODES) {
      this.cut('NODES');
      return false;
    }
    this.#nodes.set(node.key, node);
    return true;
  }

  #isNew({ key, from, to, part }: LineageState): boolean {
    return !(this.#walked.get(key) ?? []).some(
      (known) => known.from <= from && to <= known.to && (known.part !== true || part === true),
    );
  }
}

/**
 * Where the walk goes on behind a link, or null when the link lies outside the time of `state`. What was packed belongs while it was
 * inside. What was put into a transformation leads to what came out, whenever that was.
 */
export function stateBehind(
  state: LineageState,
  { node, edge, from, to }: LineageLink,
  way: LineageWay,
): LineageState | null {
  if (edge.kind === 'LOT') return { ...node, from: -Infinity, to: Infinity };
  if (edge.kind === 'CONTAINMENT') {
    const inside = { ...node, from: Math.max(from, state.from), to: Math.min(to, state.to) };
    if (inside.from >= inside.to) return null;
    return node.kind === 'LOT' || node.kind === 'PRODUCT' ? { ...inside, part: true } : inside;
  }
  if (way === 'FORWARD') return { ...node, from, to: Infinity };
  return { ...node, from: -Infinity, to };
}
