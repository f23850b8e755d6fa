import { admitOrganisations } from '../../src/rebuild/index.js';
import { systemClock } from '../../src/shared/clock.js';
import type { Clock } from '../../src/shared/clock.js';
import { startApp } from './app-for-tests.js';
import type { TestApp } from './app-for-tests.js';

/** GLNs of two organisations and of a site of each. */
export const MAKER = '9506000134352';
export const PLANT = '9506000134369';
export const OTHER = '9506000140001';
export const DEPOT = '9506000140018';

/** A third organisation and its site, of {@link startWithPartners}. */
export const THIRD = '9506000150000';
export const SHOP = '9506000150017';

/** A place of an event, and the URI of a party, by the GLN. */
export const place = (gln: string): object => ({ id: `https://id.gs1.org/414/${gln}` });
export const party = (gln: string): string => `https://id.gs1.org/417/${gln}`;

/** Who owns what is shipped, who is to own it, and where it goes: by the GLN. */
export const sold = (from: string, to: string, site: string): object => ({
  sourceList: [{ type: 'owning_party', source: party(from) }],
  destinationList: [
    { type: 'owning_party', destination: party(to) },
    { type: 'location', destination: `https://id.gs1.org/414/${site}` },
  ],
});

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
    event: object | readonly object[],
    header?: object,
  ): Promise<{ status: number; id: string; body: Record<string, unknown> }> {
    const response = await fetch(`${this.app.url}/epcis/capture`, {
      method: 'POST',
      headers: { 'x-api-key': key, 'content-type': 'application/json' },
      body: JSON.stringify({
        '@context': ['https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld'],
        ...{ type: 'EPCISDocument', schemaVersion: '2.0', creationDate: now() },
        ...(header === undefined ? {} : { epcisHeader: header }),
        epcisBody: { eventList: [event].flat() },
      }),
    });
    const body = (await response.json()) as Record<string, unknown>;
    return { status: response.status, id: String(body['captureID']), body };
  }

  /** Sends an event. It throws when it is refused. */
  async send(key: string, told: object): Promise<void> {
    const { status, body } = await this.capture(key, { ...this.event(), ...told });
    if (status !== 202) throw new Error(JSON.stringify(body));
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

/** Keys by who has them. Alder, Birch and Cedar are {@link MAKER}, {@link OTHER} and {@link THIRD}. */
export type PartnerKeys = Record<'alder' | 'birch' | 'cedar' | 'host', string>;

/** Starts such a service with three organisations that take part, each with a site. Cedar may begin what has its company prefix. */
export async function startWithPartners(
  clock?: Clock,
  env: Readonly<Record<string, string>> = {},
): Promise<{
  readonly app: TestApp;
  readonly client: AccessClient;
  readonly keys: PartnerKeys;
}> {
  const { app, client } = await startWithKeys(env, clock);
  await client.ask(
    client.administrator,
    `mutation { registerParties(parties: [{ gln: "${THIRD}", name: "Cedar" }]) { __typename }
      registerSites(sites: [{ gln: "${SHOP}", name: "Shop", operator: "${THIRD}" }]) { __typename } }`,
  );
  const admissions = [MAKER, OTHER, THIRD].map((gln) => ({
    organisation: `417/${gln}`,
    prefixes: gln === THIRD ? ['950600015'] : [],
  }));
  await admitOrganisations(app.graph, admissions, () => undefined);
  const keyOf = async (organisation: string): Promise<string> =>
    (await client.make({ organisation })).secret;
  const [alder, birch, cedar] = [await keyOf(MAKER), await keyOf(OTHER), await keyOf(THIRD)];
  return { app, client, keys: { alder, birch, cedar, host: client.administrator } };
}

/** The code of the first error. */
export function codeOf({ errors }: Answer): unknown {
  return errors[0]?.extensions['code'];
}

/** ISO 8601. */
export function now(moreMs = 0): string {
  return new Date(systemClock.now() + moreMs).toISOString();
}
