import { StorageAPI } from '@graphiql/toolkit';

/** Who asks, as the page remembers it until its browser tab is closed. */
export interface Identity {
  /** A key or a token; empty for nobody. */
  key: string;
  /** GLN of the organisation as which an administrator looks; empty for none. */
  as: string;
}

/** Who asks, as the service knows it. */
export interface Who {
  open: boolean;
  roles: string[];
  organisation: { key: string; name: string | null } | null;
  actor: string | null;
}

/** An organisation as which an administrator may look. */
export interface Party {
  key: string;
  name: string | null;
}

const STORED = 'custody-graph:who-asks';
const NOBODY: Identity = { key: '', as: '' };

/** The identity that was entered in this browser tab. */
export function identity(): Identity {
  try {
    return { ...NOBODY, ...(JSON.parse(sessionStorage.getItem(STORED) ?? '{}') as object) };
  } catch {
    return NOBODY;
  }
}

/**
 * Asks everything again with another identity. The first tabs are made anew when they were made for somebody whom the service did not know,
 * because they tell nothing of the store.
 */
export function become(next: Identity, wasKnown: boolean): void {
  if (!wasKnown) new StorageAPI().clear();
  sessionStorage.setItem(STORED, JSON.stringify(next));
  location.reload();
}

/** What an identity adds to a request; the parameters of a socket have the same names. */
export function identityHeaders({ key, as }: Identity = identity()): Record<string, string> {
  return {
    ...(key === '' ? {} : { authorization: `Bearer ${key}` }),
    ...(as === '' ? {} : { 'x-custody-as': as }),
  };
}

/** Who asks; undefined when the service does not know, or does not answer. */
export async function askWho(url: URL): Promise<Who | undefined> {
  const data = await ask<{ me: Who }>(
    url,
    'query WhoAsks { me { open roles actor organisation { key name } } }',
    identityHeaders(),
  );
  return data?.me;
}

/** Organisations as which an administrator may look. */
export async function askParties(url: URL): Promise<Party[]> {
  const data = await ask<{ parties: { nodes: Party[] } }>(
    url,
    'query Organisations { parties(first: 200) { nodes { key name } } }',
    identityHeaders({ ...identity(), as: '' }),
  );
  return data?.parties.nodes ?? [];
}

async function ask<T>(
  url: URL,
  query: string,
  headers: Record<string, string>,
): Promise<T | undefined> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query }),
      signal: AbortSignal.timeout(5_000),
    });
    return ((await response.json()) as { data?: T }).data;
  } catch {
    return undefined;
  }
}
