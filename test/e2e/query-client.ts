import type { TestApp } from '../support/app-for-tests.js';

/** What a route answered. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

let serial = 0;
let names = 0;

/** Captures one document of so many events; their ids. */
export async function ship(app: TestApp, count: number, bizStep = 'shipping'): Promise<string[]> {
  const events = Array.from({ length: count }, () => {
    serial++;
    return {
      type: 'ObjectEvent',
      eventID: `urn:uuid:00000000-0000-4000-8000-${String(serial).padStart(12, '0')}`,
      eventTime: new Date(1_700_000_000_000 + serial * 1000).toISOString(),
      eventTimeZoneOffset: '+00:00',
      epcList: [`urn:epc:id:sscc:9506000.${String(serial).padStart(10, '0')}`],
      action: 'OBSERVE',
      bizStep,
    };
  });
  const { status, body } = await app.capture({
    '@context': 'https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld',
    type: 'EPCISDocument',
    schemaVersion: '2.0',
    creationDate: '2026-01-01T00:00:00Z',
    epcisBody: { eventList: events },
  });
  if (status !== 202) throw new Error(JSON.stringify(body));
  return events.map(({ eventID }) => eventID);
}

/** Calls a route below /epcis. */
export async function call(
  app: TestApp,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answer> {
  const response = await fetch(`${app.url}/epcis${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  return { status: response.status, text: await response.text(), headers: response.headers };
}

/** Makes a named query of its own; its name, which needs encoding in a path. */
export async function aQuery(
  app: TestApp,
  query: unknown = { EQ_bizStep: ['shipping'] },
): Promise<string> {
  names++;
  const name = `query ${names}`;
  const { status, text } = await call(app, 'POST', '/queries', { name, query });
  if (status !== 201) throw new Error(text);
  return name;
}
