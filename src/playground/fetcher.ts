import { createGraphiQLFetcher } from '@graphiql/toolkit';
import type { Fetcher, FetcherParams } from '@graphiql/toolkit';
import type { ExecutionResult, IntrospectionQuery } from 'graphql';
import { createClient } from 'graphql-ws';
import { writtenOperation } from './operation';
import { identityHeaders } from './who-asks';

/**
 * Sends queries and mutations over HTTP and subscriptions over graphql-ws, both to `url`.
 *
 * Every subscription opens its own socket, so its `connectionParams` are the headers in the editor
 * at its start. It does not reconnect by itself, because that would hide the messages missed
 * meanwhile. The error is shown, and `after` continues without a gap.
 *
 * In the schema, the root fields named in `askFirst` come first: see {@link questionsFirst}.
 */
export function createFetcher(url: URL, askFirst: readonly string[]): Fetcher {
  const socketUrl = url.href.replace(/^http/, 'ws');
  return async (params, given = {}) => {
    const options = { ...given, headers: { ...identityHeaders(), ...given.headers } };
    const wsClient = createClient({
      url: socketUrl,
      connectionParams: options.headers,
      retryAttempts: 0,
    });
    const send = createGraphiQLFetcher({
      url: url.href,
      wsClient,
      enableIncrementalDelivery: false,
    });
    const answer = await send(...asWritten(params, options));
    if (params.operationName === 'IntrospectionQuery')
      questionsFirst(answer as ExecutionResult<IntrospectionQuery>, askFirst);
    return answer;
  };
}

/**
 * GraphiQL passes a document and operation name that may be a second old, so a subscription that is
 * run right after typing would go over HTTP. Both are therefore read from the text. The server
 * explains a syntax error better than we could, so a text that does not parse is sent as it is.
 */
function asWritten(
  params: FetcherParams,
  options: NonNullable<Parameters<Fetcher>[1]>,
): Parameters<Fetcher> {
  const written = writtenOperation(params.query, params.operationName);
  if (!written) return [params, options];
  return [
    { ...params, operationName: written.operation.name?.value ?? null },
    { ...options, documentAST: written.document },
  ];
}

/**
 * Moves the root fields that are named to the front, in the order of the names. The schema lists
 * them by name, so the docs would begin with `barcode`.
 */
function questionsFirst(
  { data }: ExecutionResult<IntrospectionQuery>,
  askFirst: readonly string[],
): void {
  const root = data?.__schema.types.find(({ name }) => name === data.__schema.queryType.name);
  if (root?.kind !== 'OBJECT') return;
  const rank = (name: string): number => (askFirst.indexOf(name) + 1 || Infinity) - 1;
  Object.assign(root, {
    fields: root.fields.toSorted((a, b) => {
      const [before, after] = [rank(a.name), rank(b.name)];
      return before === after ? 0 : before - after;
    }),
  });
}
