import { Pool } from 'undici';
import type { Dispatcher } from 'undici';

/** HTTP with connections kept, one request at a time on each. */
export class HttpClient {
  private readonly pool: Pool;

  private readonly headers: Readonly<Record<string, string>>;

  /** @param key the key that it asks with; none asks an open service */
  constructor(url: string, connections: number, key?: string) {
    this.headers = {
      'content-type': 'application/json',
      ...(key === undefined ? {} : { 'x-api-key': key }),
    };
    this.pool = new Pool(url, {
      connections,
      pipelining: 1,
      headersTimeout: 600_000,
      bodyTimeout: 600_000,
    });
  }

  /** Captures a document that is text already; throws unless all of it was taken. */
  async capture(document: string): Promise<void> {
    for (;;) {
      const { statusCode, body } = await this.post('/epcis/capture', document);
      const text = await body.text();
      if (statusCode === 202) return;
      if (statusCode !== 503)
        throw new Error(`Capture answered ${statusCode}: ${text.slice(0, 500)}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  /** Runs a GraphQL operation; throws when it has errors. */
  async graphql<T>(query: string, variables: object = {}): Promise<T> {
    const { body } = await this.post('/graphql', JSON.stringify({ query, variables }));
    const { data, errors } = (await body.json()) as { data: T; errors?: unknown };
    if (errors !== undefined) throw new Error(JSON.stringify(errors).slice(0, 1000));
    return data;
  }

  /** Once more when the service closed an idle connection just then. All that is sent may be sent twice. */
  private async post(path: string, body: string): Promise<Dispatcher.ResponseData> {
    const { headers } = this;
    const put = (): Promise<Dispatcher.ResponseData> =>
      this.pool.request({ method: 'POST', path, headers, body });
    return put().catch((error: unknown) => {
      if ((error as { readonly code?: string }).code !== 'UND_ERR_SOCKET') throw error;
      return put();
    });
  }

  async close(): Promise<void> {
    await this.pool.close();
  }
}

/** Runs all of a list, so many at a time, in the order of the list. */
export async function inParallel<T>(
  clients: number,
  list: Iterable<T>,
  work: (one: T, client: number) => Promise<void>,
): Promise<void> {
  const iterator = list[Symbol.iterator]();
  const run = async (client: number): Promise<void> => {
    for (let next = iterator.next(); next.done !== true; next = iterator.next())
      await work(next.value, client);
  };
  await Promise.all(Array.from({ length: clients }, (_, client) => run(client)));
}
