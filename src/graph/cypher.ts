import neo4j from 'neo4j-driver';
import type { Params } from './run-options.js';

/** Cypher text that is safe to splice: written by us, never by a caller. Made by {@link fragment} and {@link upTo} only. */
export class CypherFragment {
  readonly #text: string;

  private constructor(text: string) {
    this.#text = text;
  }

  /** The text; throws TypeError for anything that only looks like a fragment. */
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
  /** What the query log, the metrics and the traces show. */
  readonly name: string;
  /** As Neo4j gets it: `$x` is written `$given.x` there. */
  readonly text: string;
  /** The parameters it names. */
  readonly wants: Iterable<string>;
  readonly options: CypherOptions;
  /** What its rows tell of; a view reads only what says it. */
  readonly reads?: Reads;
  /** Never set: carries the row type from the tag to `read` and `run`. */
  readonly rowType?: R;
}

/**
 * What the rows of a statement tell of. The host may see all of it; what a partner may see is decided by this word, so a view reads no
 * statement without it. Rows that tell of several are of the first of these:
 *
 * - `events`: what captured events say, or that there are some; also handoffs, exceptions and the messages of the log, which are made
 *   of events. For those who take part in the event; of its packages they see only those in their own hands.
 * - `packages`: where packages and holdings are, what is in them, how much of a lot there is, even if events are counted to know it. For
 *   those who have or had them in their hands.
 * - `host`: what the service keeps to run: jobs, queries and their subscriptions, serial pools, the state of the log. For the host alone.
 * - `public`: products, sites, parties and other words of master data. For everybody.
 */
export type Reads = 'events' | 'packages' | 'host' | 'public';

/** A statement that a view may read. */
export interface ReadStatement<R extends object = Row> extends CypherStatement<R> {
  readonly reads: Reads;
}

/** A row before anybody gave it a type. */
export type Row = Record<string, unknown>;

/** What a statement may claim for itself. */
export interface CypherOptions {
  /** Why this statement may scan (rebuild, verify, counting): test/integration/graph/every-statement.test.ts asks. */
  readonly mayScan?: string;
  /** Its rows hold whole documents, which go into the answer: they count in full toward its bytes. */
  readonly givesDocuments?: true;
}

// Neo4j plans a statement anew for every combination of its parameters' types, and of the sizes of lists and strings (0, 1, to 10, to
// 100 …): one with seven lists was planned 41 times in 50 runs, 0.8 s each. It looks into no map, so all go in one map.
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
 * Declares a named Cypher statement: `` cypher<{ n: number }>('lot.count')`MATCH …` ``. One that a view reads says what its rows tell
 * of, see {@link Reads}: `` cypher.packages<{ n: number }>('lot.count')`MATCH …` ``.
 *
 * Values go in as `$parameters`; the tag takes only {@link CypherFragment}s, so a
 * caller's string cannot reach the text. The name goes in front as a comment, for Neo4j's own query log.
 *
 * @throws Error when the name is taken (two statements in one log line help nobody) or is not `feature.name`
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
  <R extends object = Row>(name: string, options?: CypherOptions): Tag<ReadStatement<R>> =>
  (strings, ...fragments) =>
    Object.assign(cypher<R>(name, options)(strings, ...fragments), { reads });
cypher.events = reading('events');
cypher.packages = reading('packages');
cypher.host = reading('host');
cypher.public = reading('public');

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
 * What the driver's `run` is given for a statement: text and parameters.
 *
 * Where plans are kept (`PlanKeeper`) it runs with the plan that is there: otherwise who comes first when that is outdated waits for a
 * new one. The plan of what reads the whole store is not kept.
 *
 * @throws Error when one that the text names is not given: inside a map Neo4j would take it for null
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

/** The question for the plan of a statement: Neo4j makes one if it has none, or if the store has outgrown the one it has. */
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
 * The bounds of a variable-length path. Cypher takes no parameter there.
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

/** Every statement declared so far, for the test that EXPLAINs them all. */
export function allStatements(): readonly CypherStatement<object>[] {
  return [...registry.values()];
}
