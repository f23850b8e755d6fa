import { StorageAPI } from '@graphiql/toolkit';

/** A tab that the playground opens at the first visit of a browser. */
export interface DefaultTab {
  query: string;
  variables: string;
}

const opening = ['locate', 'journey', 'lineage', 'recall-scope', 'watch-locations'];

const queries = import.meta.glob<string>('../../schema/examples/*.graphql', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const variables = import.meta.glob<string>('../../schema/examples/*.variables.json', {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** The operations of `schema/examples` to show first, in this order. */
export const defaultTabs: DefaultTab[] = opening.map((name) => ({
  query: text(queries, `${name}.graphql`).trimEnd(),
  variables: text(variables, `${name}.variables.json`).trimEnd(),
}));

/**
 * Gives the first tab its variables. GraphiQL 5.4 fills the editors from its storage and not from
 * the opened tab, so the variables of that tab would be empty at the first visit. We store them
 * before.
 */
export function prepareFirstVisit(storage = new StorageAPI()): void {
  const [first] = defaultTabs;
  if (!first || storage.get('tabState') !== null) return;
  storage.set('query', first.query);
  storage.set('variables', first.variables);
}

function text(files: Record<string, string>, file: string): string {
  const found = files[`../../schema/examples/${file}`];
  if (found === undefined) throw new Error(`schema/examples/${file} is missing`);
  return found;
}
