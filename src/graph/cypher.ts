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
  readonly text: string;
  readonly options: CypherOptions;
  /** Never set: carries the row type from the tag to `read` and `run`. */
  readonly rowType?: R;
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

const registry = new Map<string, CypherStatement<object>>();

function weave(strings: TemplateStringsArray, fragments: readonly CypherFragment[]): string {
  return strings.reduce((text, part, i) => {
    const piece = fragments[i - 1];
    return text + (piece === undefined ? '' : CypherFragment.textOf(piece)) + part;
  });
}

/**
 * Declares a named Cypher statement: `` cypher<{ n: number }>('lot.count')`MATCH …` ``.
 *
 * Values go in as `$parameters`; the tag takes only {@link CypherFragment}s, so a
 * caller's string cannot reach the text. The name goes in front as a comment, for Neo4j's own query log.
 *
 * @throws Error when the name is taken (two statements in one log line help nobody) or is not `feature.name`
 */
export function cypher<R extends object = Row>(
  name: string,
  options: CypherOptions = {},
): (strings: TemplateStringsArray, ...fragments: readonly CypherFragment[]) => CypherStatement<R> {
  return (strings, ...fragments) => {
    if (!/^[a-z][\w-]*(\.[\w-]+)+$/i.test(name))
      throw new Error(`Cypher statement "${name}" is not named feature.name`);
    if (registry.has(name)) throw new Error(`Cypher statement "${name}" is declared twice`);
    const text = `/* ${name} */ ${weave(strings, fragments).trim()}`;
    const statement: CypherStatement<R> = { name, text, options };
    registry.set(name, statement);
    return statement;
  };
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
