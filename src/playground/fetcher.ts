import { createGraphiQLFetcher } from '@graphiql/toolkit';
import type { Fetcher, FetcherParams } from '@graphiql/toolkit';
import { getOperationAST, parse } from 'graphql';
import type { DocumentNode } from 'graphql';
import { createClient } from 'graphql-ws';

/**
 * Sends queries and mutations over HTTP and subscriptions over graphql-ws, both to `url`.
 *
 * Every subscription opens its own socket, so its `connectionParams` are the headers in the editor
 * at its start. It does not reconnect by itself, because that would hide the messages missed
 * meanwhile. The error is shown, and `after` continues without a gap.
 */
export function createFetcher(url: URL): Fetcher {
  const socketUrl = url.href.replace(/^http/, 'ws');
  return (params, options = {}) => {
    const wsClient = createClient({
      url: socketUrl,
      connectionParams: options.headers ?? {},
      retryAttempts: 0,
    });
    const send = createGraphiQLFetcher({
      url: url.href,
      wsClient,
      enableIncrementalDelivery: false,
    });
    return send(...asWritten(params, options));
  };
}

/**
 * GraphiQL passes a document and operation name that may be a second old, so a subscription that is
 * run right after typing would go over HTTP. Both are therefore read from the text.
 */
function asWritten(
  params: FetcherParams,
  options: NonNullable<Parameters<Fetcher>[1]>,
): Parameters<Fetcher> {
  const document = parsed(params.query);
  const operation =
    document && (getOperationAST(document, params.operationName) ?? getOperationAST(document));
  if (!operation) return [params, options];
  return [
    { ...params, operationName: operation.name?.value ?? null },
    { ...options, documentAST: document },
  ];
}

/** The server explains a syntax error better than we could, so a text that does not parse is sent as it is. */
function parsed(query: string): DocumentNode | undefined {
  try {
    return parse(query, { noLocation: true });
  } catch {
    return undefined;
  }
}
