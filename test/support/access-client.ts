import { systemClock } from '../../src/shared/clock.js';
import type { Clock } from '../../src/shared/clock.js';
import { startApp } from './app-for-tests.js';
import type { TestApp } from './app-for-tests.js';

/** GLNs of two organisations and of a site of each. */
export const MAKER = '9506000134352';
export const PLANT = '9506000134369';
export const OTHER = '9506000140001';
export const DEPOT = '9506000140018';

/** Registers the organisations and their sites. */
export const REGISTER = `mutation { registerParties(parties: [{ gln: "${MAKER}", name: "Alder" }, { gln: "${OTHER}", name: "Birch" }]) { __typename }
  registerSites(sites: [{ gln: "${PLANT}", name: "Plant", operator: "${MAKER}" }, { gln: "${DEPOT}", name: "Depot", operator: "${OTHER}" }]) { __typename } }`;

/** The answer to a GraphQL operation. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly data: Record<string, Record<string, unknown>> | null;
  readonly errors: readonly { message: string; extensions: Record<string, unknown> }[];
}

/** A key that was made. */
export interface Made {
  readonly key: { readonly keyId: string };
  readonly secret: string;
}

/** Asks a service with keys, and makes them. */
export class AccessClient {
  #events = 0;

  constructor(
    readonly app: Pick<TestApp, 'url'>,
    /** Key of an administrator. */
    readonly administrator: string,
  ) {}

  async ask(
    key: string | null,
    query: string,
    options: { at?: Pick<TestApp, 'url'>; variables?: object; headers?: object } = {},
  ): Promise<Answer> {
    const { at = this.app, variables = {}, headers = {} } = options;
    const response = await fetch(`${at.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        ...headers,
      },
      body: JSON.stringify({ query, variables }),
    });
    const { data = null, errors = [] } = (await response.json()) as Partial<Answer>;
    return { status: response.status, headers: response.headers, data, errors };
  }

  /** The status of the simplest question. */
  async me(key: string): Promise<number> {
    return (await this.ask(key, '{ me { subject } }')).status;
  }

  async make(input: Record<string, unknown>): Promise<Made> {
    const { data, errors } = await this.ask(
      this.administrator,
      'mutation ($input: CreateKeyInput!) { createKey(input: $input) { key { keyId } secret } }',
      { variables: { input: { label: 'a test', ...input } } },
    );
    expect(errors).toEqual([]);
    return data!['createKey'] as unknown as Made;
  }

  partner(more: object = {}): Promise<Made> {
    return this.make({ organisation: MAKER, ...more });
  }

  role(...roles: string[]): Promise<Made> {
    return this.make({ roles });
  }

  get(key: string, path: string): Promise<Response> {
    return fetch(this.app.url + path, { headers: { 'x-api-key': key } });
  }

  /** An event of one package of its own. Places are GLNs. */
  event({ readPoint, bizLocation, ...told }: Record<string, string> = {}): object {
    const number = String(++this.#events);
    const place = (gln: string): object => ({ id: `https://id.gs1.org/414/${gln}` });
    return {
      ...{ type: 'ObjectEvent', eventID: `urn:x:access:${number}`, action: 'OBSERVE' },
      ...{ eventTime: now(), eventTimeZoneOffset: '+00:00' },
      epcList: [`https://id.gs1.org/01/09506000134352/21/A${number}`],
      ...(readPoint === undefined ? {} : { readPoint: place(readPoint) }),
      ...(bizLocation === undefined ? {} : { bizLocation: place(bizLocation) }),
      ...told,
    };
  }

  async capture(
    key: string,
    event: object,
    header?: object,
  ): Promise<{ status: number; id: string; body: Record<string, unknown> }> {
    const response = await fetch(`${this.app.url}/epcis/capture`, {
      method: 'POST',
      headers: { 'x-api-key': key, 'content-type': 'application/json' },
      body: JSON.stringify({
        '@context': ['https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld'],
        ...{ type: 'EPCISDocument', schemaVersion: '2.0', creationDate: now() },
        ...(header === undefined ? {} : { epcisHeader: header }),
        epcisBody: { eventList: [event] },
      }),
    });
    const body = (await response.json()) as Record<string, unknown>;
    return { status: response.status, id: String(body['captureID']), body };
  }
}

/** Starts a service that asks for keys, with the organisations registered. The store is emptied first. */
export async function startWithKeys(
  env: Readonly<Record<string, string>> = {},
  clock: Clock = systemClock,
): Promise<{ readonly app: TestApp; readonly client: AccessClient }> {
  let administrator = '';
  const app = await startApp({
    clock,
    env: { ACCESS: 'required', ...env },
    onFirstKey: (secret) => (administrator = secret),
  });
  const client = new AccessClient(app, administrator);
  await client.ask(administrator, REGISTER);
  return { app, client };
}

/** The code of the first error. */
export function codeOf({ errors }: Answer): unknown {
  return errors[0]?.extensions['code'];
}

/** ISO 8601. */
export function now(moreMs = 0): string {
  return new Date(systemClock.now() + moreMs).toISOString();
}
