/** The kinds of nodes in a lineage. */
export type LineageNodeKind = 'UNIT' | 'CONTAINER' | 'LOT' | 'PRODUCT' | 'SITE' | 'PARTY';

/** How two nodes are joined. */
export type LineageEdgeKind = 'CONTAINMENT' | 'TRANSFORMATION' | 'LOT' | 'CUSTODY';

/** The direction: what it came from, or what became of it. */
export type LineageWay = 'BACK' | 'FORWARD';

/** Why a lineage does not show everything. */
export type LineageCut = 'DEPTH' | 'NODES' | 'EDGES';

/** One package, lot, product, site or party of a lineage. */
export interface LineageNode {
  readonly key: string;
  readonly kind: LineageNodeKind;
}

/** An edge from cause to result: container to content, input to output, lot to unit, giver to taker. */
export interface LineageEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: LineageEdgeKind;
  /** Epoch ms. */
  readonly since: number | null;
  /** Epoch ms; null while it holds, or when it has no time. */
  readonly until: number | null;
  readonly eventId: string | null;
}

/** A node to continue from, and the time in which its neighbours belong to the lineage: [from, to). */
export interface LineageState {
  readonly key: string;
  readonly kind: LineageNodeKind;
  readonly from: number;
  readonly to: number;
  /** The part of a lot that a container holds by class. Other units of the lot, and what was made from it elsewhere, do not belong. */
  readonly part?: true;
}

/** A neighbour of `of` in the direction walked. */
export interface LineageLink {
  readonly of: string;
  readonly node: LineageNode;
  readonly edge: LineageEdge;
  /** Containment: the time inside. Transformation: `from` is when the neighbour was an input or an output. */
  readonly from: number;
  readonly to: number;
}

/** The most hops from the start. */
export const MAX_DEPTH = 20;
/** The most nodes of one lineage. */
export const MAX_NODES = 5000;
/** The most edges of one lineage. */
export const MAX_EDGES = 20_000;

/**
 * A lineage that is walked level by level. Time counts: the contents of a case belong to a pallet only while the case was on the pallet.
 * The walk continues from a node again only for a time not yet walked, so it cannot loop.
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

  /** Starts again in one direction. Nodes that the other direction walked do not stop it. */
  begin(start: LineageNode): LineageState {
    this.#walked.clear();
    this.#addNode(start);
    const state = { ...start, from: -Infinity, to: Infinity };
    this.#walked.set(start.key, [state]);
    return state;
  }

  /** Adds the neighbours of a level and returns the next level. */
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

  /** Adds an edge and those nodes at its ends that may be new; false when there is no room. */
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

  /** Notes why it was cut. */
  cut(why: LineageCut): void {
    this.#cuts.add(why);
  }

  /** Notes a cut by depth if there is more behind the last level. */
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
 * Where the walk continues behind a link, or null when the link lies outside the time of `state`. What was packed belongs to the lineage
 * while it was inside. An input leads to its outputs, whenever they were made.
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

/** The kind of the node of a lot id. The units of a product without a known lot have the product's own key. */
export function kindOfLot(id: string): LineageNodeKind {
  return id.includes('/10/') ? 'LOT' : 'PRODUCT';
}
