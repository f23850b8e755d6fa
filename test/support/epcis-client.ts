import type { TestApp } from './app-for-tests.js';

/** An answer of the EPCIS interface. */
export interface EpcisAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The text parsed, where it is JSON. */
  readonly json: Record<string, unknown>;
}

/** One request to /epcis; a body that is no text is sent as JSON. */
export async function epcis(
  app: Pick<TestApp, 'url'>,
  method: string,
  path: string,
  options: { readonly headers?: Record<string, string>; readonly body?: unknown } = {},
): Promise<EpcisAnswer> {
  const { headers = {}, body } = options;
  const url = path.startsWith('/epcis') ? `${app.url}${path}` : `${app.url}/epcis${path}`;
  const init = body === undefined ? { headers } : withBody(body, headers);
  const response = await fetch(url, { method, ...init });
  const text = await response.text();
  const type = response.headers.get('content-type') ?? '';
  const json = type.includes('json') ? (JSON.parse(text) as Record<string, unknown>) : {};
  return { status: response.status, headers: response.headers, text, json };
}

function withBody(body: unknown, headers: Record<string, string>): RequestInit {
  if (typeof body === 'string' || body instanceof Uint8Array)
    return { headers, body: body as string | Uint8Array<ArrayBuffer> };
  return {
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
}

/** Events of an EPCISQueryDocument. */
export function eventsIn({ json }: EpcisAnswer): Record<string, unknown>[] {
  const body = json['epcisBody'] as {
    queryResults: { resultsBody: { eventList: Record<string, unknown>[] } };
  };
  return body.queryResults.resultsBody.eventList;
}

/** All pages from a path on, following nothing but the Link header. */
export async function pagesFrom(app: TestApp, path: string): Promise<EpcisAnswer[]> {
  const pages = [await epcis(app, 'GET', path)];
  for (;;) {
    const next = nextOf(pages.at(-1)!);
    if (next === undefined) return pages;
    pages.push(await epcis(app, 'GET', next));
  }
}

/** Where the Link header leads, if there is one. */
export function nextOf({ headers }: EpcisAnswer): string | undefined {
  return /<([^>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1];
}
