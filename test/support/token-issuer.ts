import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { CryptoKey, JWK, JWTPayload } from 'jose';

/** An identity provider on 127.0.0.1, by oidc-provider: it gives access tokens that are JWTs. */
export interface TokenIssuerForTests {
  /** The claim `iss` of its tokens, and its address. */
  readonly url: string;
  readonly port: number;
  /** The key that it publishes. */
  readonly publicJwk: JWK;
  /** Paths of the requests it got. */
  readonly asked: readonly string[];
  /** A token, as a client gets it by its secret; its life is five minutes. */
  token(claims?: Readonly<Record<string, unknown>>): Promise<string>;
  /** A token of any content, signed with the key of the provider. */
  sign(payload: JWTPayload, header?: { readonly typ?: string | null }): Promise<string>;
  stop(): Promise<void>;
}

/** How a provider is started. */
export interface TokenIssuerOptions {
  readonly audience: string;
  readonly alg?: 'RS256' | 'ES256' | 'EdDSA';
  /** Of a provider that was stopped, to start another in its place; default a free one. */
  readonly port?: number;
}

const CLIENT = { id: 'portal', secret: 's'.repeat(40) };
const SCOPES = 'read capture';

/** Starts a provider with a new key. Its default algorithm is ES256. */
export async function startTokenIssuer({
  audience,
  alg = 'ES256',
  port: wanted = 0,
}: TokenIssuerOptions): Promise<TokenIssuerForTests> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const kid = crypto.randomUUID();
  const given: { claims: Readonly<Record<string, unknown>> } = { claims: {} };
  const asked: string[] = [];

  const server = createServer();
  await new Promise<void>((resolve) => server.listen(wanted, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const answer = await providerAt(url, {
    jwks: { keys: [{ ...(await exportJWK(privateKey)), kid, alg, use: 'sig' }] },
    ...settingsFor(audience, alg),
    extraTokenClaims: () => given.claims,
  });
  server.on('request', (request, response) => {
    asked.push(request.url ?? '');
    // A client must not come back on a connection to a provider that was stopped, when another has its port.
    response.setHeader('connection', 'close');
    answer(request, response);
  });

  return {
    url,
    port,
    publicJwk: { ...(await exportJWK(publicKey)), kid, alg },
    asked,
    token: (claims = {}) => {
      given.claims = claims;
      return askForToken(url);
    },
    sign: (payload, header = {}) => sign(payload, privateKey, { kid, alg, ...header }),
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}

/** A JWT signed with any key. Its `typ` is at+jwt unless told; null leaves it out. */
export function sign(
  payload: JWTPayload,
  key: CryptoKey | Uint8Array,
  header: { readonly alg: string; readonly kid?: string; readonly typ?: string | null },
): Promise<string> {
  const { typ = 'at+jwt', ...others } = header;
  return new SignJWT(payload)
    .setProtectedHeader(typ === null ? others : { ...others, typ })
    .sign(key);
}

async function providerAt(
  url: string,
  settings: Readonly<Record<string, unknown>>,
): Promise<RequestListener> {
  // It warns that it is for a newer Node and keeps nothing, and would do so in the output of every run.
  const { console } = globalThis;
  globalThis.console = Object.create(console, { warn: { value: () => undefined } }) as Console;
  try {
    const { Provider } = await import('oidc-provider');
    return new Provider(url, settings).callback();
  } finally {
    globalThis.console = console;
  }
}

function settingsFor(audience: string, alg: string): Readonly<Record<string, unknown>> {
  const resource = {
    scope: SCOPES,
    audience,
    accessTokenFormat: 'jwt',
    accessTokenTTL: 300,
    jwt: { sign: { alg } },
  };
  const client = {
    client_id: CLIENT.id,
    client_secret: CLIENT.secret,
    grant_types: ['client_credentials'],
    redirect_uris: [],
    response_types: [],
    scope: SCOPES,
    id_token_signed_response_alg: alg,
  };
  return {
    clients: [client],
    scopes: SCOPES.split(' '),
    ttl: { ClientCredentials: 300 },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      // Without it, access tokens are no JWTs.
      resourceIndicators: {
        enabled: true,
        defaultResource: () => 'urn:custody-graph',
        useGrantedResource: () => true,
        getResourceServerInfo: () => resource,
      },
    },
  };
}

async function askForToken(url: string): Promise<string> {
  const response = await fetch(`${url}/token`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `Basic ${Buffer.from(`${CLIENT.id}:${CLIENT.secret}`).toString('base64')}`,
    },
    body: 'grant_type=client_credentials&scope=read',
  });
  const { access_token: token } = (await response.json()) as { access_token?: string };
  if (token === undefined) throw new Error(`The provider gave no token: ${response.status}`);
  return token;
}
