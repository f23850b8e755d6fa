import { setTimeout as sleep } from 'node:timers/promises';
import type { AccessClient } from './access-client.js';

/** An entry of the audit log, as the service shows it. */
export interface Entry {
  readonly accessId: string;
  readonly position: number;
  readonly operation: string;
  readonly ids: readonly string[];
  readonly [field: string]: unknown;
}

/** A page of the audit log. */
export interface Log {
  readonly nodes: readonly Entry[];
  readonly totalCount: { readonly exact: number };
  readonly pageInfo: Readonly<Record<string, unknown>>;
}

const LOG = `query ($filter: AccessFilter, $first: Int, $after: Cursor, $last: Int, $before: Cursor) {
  accessLog(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
    nodes { accessId position hash at subject organisation { key } actor operation name variables ids idCount outcome address ms lost }
    edges { cursor node { accessId } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    totalCount { exact atLeast }
  }
}`;

/** A page of the audit log, read by the administrator or with another key. */
export async function readLog(
  client: AccessClient,
  variables: object = {},
  key = client.administrator,
): Promise<Log> {
  const { data, errors } = await client.ask(key, LOG, { variables });
  expect(errors).toEqual([]);
  return data!['accessLog'] as unknown as Log;
}

/** The newest entry of a key that fits, once it is written. */
export async function entryOf(
  client: AccessClient,
  keyId: string,
  operation: string,
): Promise<Entry> {
  for (;;) {
    const { nodes } = await readLog(client, { filter: { subject: `key:${keyId}`, operation } });
    if (nodes[0] !== undefined) return nodes[0];
    await sleep(50);
  }
}
