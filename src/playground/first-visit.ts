import { StorageAPI } from '@graphiql/toolkit';
import { FIRST_QUESTION, defaultTabs } from './default-tabs';
import type { DefaultTab, FirstVisit } from './default-tabs';
import { writtenOperation } from './operation';
import { identityHeaders } from './who-asks';

/**
 * Puts the tabs into GraphiQL's storage before it starts: at the first visit of a browser the
 * default tabs, and at any visit the tab of a link, which is then the open one.
 *
 * GraphiQL 5.4 fills its editors from `query` and `variables` of the storage, and opens the tab
 * that has both. If no tab has them, it adds one.
 */
export async function prepareTabs(url: URL, linked: DefaultTab | undefined): Promise<void> {
  const storage = new StorageAPI();
  let opened = linked;
  if (storage.get('tabState') === null) {
    const tabs = defaultTabs(await askStore(url));
    storage.set('tabState', JSON.stringify({ activeTabIndex: 0, tabs: tabs.map(stored) }));
    opened ??= tabs[0];
  }
  if (!opened) return;
  storage.set('query', opened.query);
  storage.set('variables', opened.variables);
}

/** A store that does not answer is taken for the demo: the page must open all the same. */
async function askStore(url: URL): Promise<FirstVisit> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...identityHeaders() },
      body: JSON.stringify({ query: FIRST_QUESTION }),
      signal: AbortSignal.timeout(5_000),
    });
    const { data } = (await response.json()) as {
      data?: { feedCursor: string; lot: object | null };
    };
    const date = response.headers.get('date');
    return {
      demo: data?.lot !== null,
      position: data?.feedCursor,
      now: date === null ? new Date() : new Date(date),
    };
  } catch {
    return { demo: true, position: undefined, now: new Date() };
  }
}

/** A tab as GraphiQL stores it. */
function stored({ query, variables }: DefaultTab): object {
  const operationName = writtenOperation(query, undefined)?.operation.name?.value ?? null;
  return {
    id: crypto.getRandomValues(new Uint32Array(2)).join('-'),
    title: operationName,
    ...{ query, variables, operationName, headers: null, response: null },
  };
}
