import neo4j from 'neo4j-driver';
import type { Params } from './run-options.js';

/** Cypher text that is safe to insert, because it is ours and never a caller's. Only {@link fragment} and {@link upTo} make it. */
export class CypherFragment {
  readonly #text: string;

  private constructor(text: string) {
    this.#text = text;
  }

  /** The text of a fragment. It throws TypeError for anything that only looks like one. */
  static textOf(value: CypherFragment): string {
    if (!(value instanceof CypherFragment))
      throw new TypeError('Only fragments go into Cypher text; pass values as $parameters');
    return value.#text;
  }

  /** @internal */
  static make(text: string): CypherFragment {
    return new CypherFragment(text);
  }
}

/** One named statement; `R` is the shape of its rows. */
export interface CypherStatement<R extends object = Row> {
  /** The name in the query log, the metrics and the traces. */
  readonly name: string;
  /** The text for Neo4j, in which `$x` is `$given.x`. */
  readonly text: string;
  /** The names of its parameters. */
  readonly wants: Iterable<string>;
  readonly options: CypherOptions;
  /** What its rows tell about. A view reads only statements that declare it. */
  readonly reads?: Reads;
  /** What a partner's question runs in its place: its rows tell only what `$viewer` sees. Without it, a partner is refused. */
  readonly forPartner?: CypherStatement<R>;
  /** Never set. It carries the row type from the tag to `read` and `run`. */
  readonly rowType?: R;
}

/**
 * What the rows of a statement tell about. The host may see everything. This word decides what a partner may see, so a view reads no
 * statement without it. Rows that tell about several kinds have the first of these:
 *
 * - `events`: what captured events say, or that they exist; also handoffs, exceptions and the messages of the log, which are made
 *   of events. They are for the parties of the event, who see only those of its packages that they hold.
 * - `packages`: where packages and holdings are, what is in them, and how much of a lot there is, even if events are counted for it.
 *   They are for those who hold or held the packages.
 * - `host`: what the service needs to run: jobs, queries and their subscriptions, serial pools, the state of the log. Only for the host.
 * - `public`: products, sites, parties and other master data. For everybody.
 * - `own`: what an organisation sent or keeps here, such as its capture jobs. The text compares its owner with `$viewer`, which the view
 *   gives: the key of the organisation, or null for the host, who sees all of it.
 * - `seen`: what a partner sees of events and packages. Only partners ask it, and the text begins at what `$viewer` sees.
 */
export type Reads = 'events' | 'packages' | 'host' | 'public' | 'own' | 'seen';

/** A statement that a view may read. */
export interface ReadStatement<R extends object = Row> extends CypherStatement<R> {
  readonly reads: Reads;
}

/** A row without a type. */
export type Row = Record<string, unknown>;

/** Exceptions that a statement may claim. */
export interface CypherOptions {
  /** Why this statement may scan (rebuild, verify, counting). test/integration/graph/every-statement.test.ts checks it. */
  readonly mayScan?: string;
  /** Its rows hold whole documents that go into the answer, so they count in full toward the bytes of the answer. */
  readonly givesDocuments?: true;
  /** The text for partners, which compares who sees with `$viewer`. */
  readonly partner?: CypherFragment;
  /** The text for partners that reads nothing but what is public. */
  readonly publicly?: CypherFragment;
  /** Why the same text serves partners: how what is asked for, or what was read, is limited to what they see. */
  readonly limited?: string;
}

// Neo4j makes a new plan for every combination of types of parameters and of sizes of lists and strings (0, 1, to 10, to 100 …): a
// statement with seven lists was planned 41 times in 50 runs, 0.8 s each. It does not look into maps, so all parameters go in one map.
const PARAMETER = /\$(\w+)/g;

const registry = new Map<string, CypherStatement<object>>();

function weave(strings: TemplateStringsArray, fragments: readonly CypherFragment[]): string {
  return strings.reduce((text, part, i) => {
    const piece = fragments[i - 1];
    return text + (piece === undefined ? '' : CypherFragment.textOf(piece)) + part;
  });
}

type Tag<S> = (strings: TemplateStringsArray, ...fragments: readonly CypherFragment[]) => S;

/**
 * Declares a named Cypher statement: `` cypher<{ n: number }>('lot.count')`MATCH …` ``. A statement that a view reads declares what its
 * rows tell about, see {@link Reads}: `` cypher.packages<{ n: number }>('lot.count')`MATCH …` ``.
 *
 * Values go in as `$parameters`. The tag takes only {@link CypherFragment}s, so a caller's string
 * cannot reach the text. The name comes first as a comment, for Neo4j's own query log.
 *
 * @throws Error when the name is already used or is not `feature.name`
 */
export function cypher<R extends object = Row>(
  name: string,
  options: CypherOptions = {},
): Tag<CypherStatement<R>> {
  return (strings, ...fragments) => {
    if (!/^[a-z][\w-]*(\.[\w-]+)+$/i.test(name))
      throw new Error(`Cypher statement "${name}" is not named feature.name`);
    if (registry.has(name)) throw new Error(`Cypher statement "${name}" is declared twice`);
    const wants = new Set<string>();
    const written = weave(strings, fragments).trim();
    const text = written.replaceAll(PARAMETER, (_, one: string) => {
      wants.add(one);
      return `$given.${one}`;
    });
    const statement: CypherStatement<R> = { name, text: `/* ${name} */ ${text}`, wants, options };
    registry.set(name, statement);
    return statement;
  };
}

const reading =
  (reads: Reads) =>
  <R extends object = Row>(name: string, options: CypherOptions = {}): Tag<ReadStatement<R>> =>
  (strings, ...fragments) => {
    const statement = cypher<R>(name, options)(strings, ...fragments);
    const forPartner = forPartnerOf(statement);
    return Object.assign(statement, { reads }, forPartner === undefined ? {} : { forPartner });
  };

function forPartnerOf<R extends object>(
  statement: CypherStatement<R>,
): CypherStatement<R> | undefined {
  const { name, options } = statement;
  const { partner, publicly, limited, ...others } = options;
  const own = partner ?? publicly;
  if (own === undefined) return limited === undefined ? undefined : statement;
  const text = cypher<R>(`${name}.partner`, others)`${own}`;
  if (partner !== undefined && !new Set(text.wants).has('viewer'))
    throw new Error(`Cypher statement "${name}" for partners does not ask who sees: $viewer`);
  return text;
}

cypher.events = reading('events');
cypher.packages = reading('packages');
cypher.host = reading('host');
cypher.public = reading('public');
cypher.own = reading('own');
cypher.seen = reading('seen');

/**
 * An integer parameter. A plain JS number would be stored as a float and miss the index.
 *
 * @throws RangeError when `n` is not a safe integer
 */
export function int(n: number): unknown {
  if (!Number.isSafeInteger(n)) throw new RangeError(`Not a safe integer: ${n}`);
  return neo4j.int(n);
}

/** {@link int}, keeping null and undefined as null. */
export function intOrNull(n: number | null | undefined): unknown {
  return n === null || n === undefined ? null : int(n);
}

/**
 * Text and parameters of a statement for the driver's `run`.
 *
 * When plans are kept (`PlanKeeper`), it runs with the existing plan. Otherwise the first request after a plan is outdated would wait
 * for a new one. Plans of statements that read the whole store are not kept.
 *
 * @throws Error when a parameter of the text is not given, because Neo4j takes a missing entry of a map for null
 */
export function asSent(
  { name, text, wants, options }: CypherStatement<object>,
  params: Params,
  arePlansKept = false,
): [string, { readonly given: Params }] {
  for (const one of wants)
    if (params[one] === undefined) throw new Error(`Cypher statement "${name}" wants $${one}`);
  const isKept = arePlansKept && options.mayScan === undefined;
  return [isKept ? `CYPHER replan=skip ${text}` : text, { given: params }];
}

/** Asks for the plan of a statement. Neo4j makes one if it has none, or if the store has outgrown the one it has. */
export function asPlanned({ text }: CypherStatement<object>): [string, { readonly given: Params }] {
  return [`EXPLAIN ${text}`, { given: {} }];
}

/** A piece of Cypher that several statements share. */
export function fragment(
  strings: TemplateStringsArray,
  ...fragments: readonly CypherFragment[]
): CypherFragment {
  return CypherFragment.make(weave(strings, fragments));
}

/**
 * The bounds of a variable-length path, where Cypher takes no parameter.
 *
 * @param max hops, 1 to 50
 * @param min hops, 0 to max
 * @throws RangeError outside that range
 */
export function upTo(max: number, min = 1): CypherFragment {
  if (!Number.isInteger(max) || max < 1 || max > 50)
    throw new RangeError(`Path bound out of range: ${max}`);
  if (!Number.isInteger(min) || min < 0 || min > max)
    throw new RangeError(`Path bound out of range: ${min}`);
  return CypherFragment.make(`${min}..${max}`);
}

/** Every statement that is declared so far, for the test that EXPLAINs them all. */
export function allStatements(): readonly CypherStatement<object>[] {
  return [...registry.values()];
}
