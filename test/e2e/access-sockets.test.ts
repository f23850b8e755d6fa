/** What ends sockets, streams and requests that go on in somebody's name. */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import WebSocket from 'ws';
import { MAKER, OTHER, now, startWithKeys } from '../support/access-client.js';
import type { AccessClient, Made } from '../support/access-client.js';
import type { TestApp } from '../support/app-for-tests.js';
import { startApp } from '../support/app-for-tests.js';

let app: TestApp;
let client: AccessClient;
beforeAll(async () => {
  ({ app, client } = await startWithKeys());
});
afterAll(() => app.stop());

describe('a socket', () => {
  const LIVE = 'subscription { locationChanges { cursor } }';

  async function open(
    key: string | null,
    at: TestApp = app,
  ): Promise<{
    closed: Promise<number>;
    send: (message: object) => void;
    acknowledged: Promise<unknown>;
  }> {
    const socket = new WebSocket(`${at.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    const closed = once(socket, 'close').then(([code]) => code as number);
    await once(socket, 'open');
    const acknowledged = once(socket, 'message');
    const send = (message: object): void => {
      socket.send(JSON.stringify(message));
    };
    const payload = key === null ? {} : { authorization: `Bearer ${key}` };
    send({ type: 'connection_init', payload });
    return { closed, send, acknowledged };
  }

  async function subscribed(key: string, at: TestApp = app): ReturnType<typeof open> {
    const socket = await open(key, at);
    await socket.acknowledged;
    socket.send({ id: '1', type: 'subscribe', payload: { query: LIVE } });
    return socket;
  }

  it('without a key, or with a bad one, is closed with 4401', async () => {
    expect(await (await open(null)).closed).toBe(4401);
    expect(await (await open('cg_no')).closed).toBe(4401);
  });

  it('that is revoked or suspended is closed with 4403 on every instance, within five seconds', async () => {
    const other = await startApp({ keep: true, env: { ACCESS: 'required' } });
    const [revoked, suspended, kept] = [
      await client.role('ANALYST'),
      await client.partner(),
      await client.role('RECALL'),
    ];
    const sockets = await Promise.all(
      [app, other].flatMap((at) => [subscribed(revoked.secret, at), open(suspended.secret, at)]),
    );
    const goesOn = await subscribed(kept.secret, other);
    const stream = await fetch(`${other.url}/graphql`, {
      method: 'POST',
      headers: {
        ...{ 'content-type': 'application/json', accept: 'text/event-stream' },
        'x-api-key': revoked.secret,
      },
      body: JSON.stringify({ query: LIVE }),
    });
    const began = performance.now();
    await client.ask(
      client.administrator,
      `mutation { revokeKey(id: "${revoked.key.keyId}") { revokedAt } }`,
    );
    await client.ask(
      client.administrator,
      `mutation { suspendOrganisation(organisation: "${MAKER}", reason: "test") { key } }`,
    );

    expect(await Promise.all(sockets.map(({ closed }) => closed))).toEqual(Array(4).fill(4403));
    expect(await stream.text()).toContain('"code":"ACCESS_ENDED"');
    const ms = performance.now() - began;
    process.stdout.write(
      `revocation: the last socket or stream ended ${Math.round(ms)} ms after\n`,
    );
    expect(ms).toBeLessThan(5000);
    expect([await client.me(revoked.secret), await client.me(suspended.secret)]).toEqual([
      401, 401,
    ]);
    await client.ask(
      client.administrator,
      `mutation { resumeOrganisation(organisation: "${MAKER}") { key } }`,
    );
    expect(await client.me(suspended.secret)).toBe(200);
    expect(await Promise.race([goesOn.closed, Promise.resolve('open')])).toBe('open');
    await other.stop();
  });

  it('is closed with 4401 when its key expires', async () => {
    const expiresAt = now(1500);
    const { secret } = await client.make({ roles: ['ANALYST'], expiresAt });

    expect(await (await subscribed(secret)).closed).toBe(4401);
  });

  it('goes on with a new key that comes with a Ping', async () => {
    const { secret, key } = await client.role('ANALYST');
    const renewed = await client.role('ANALYST');
    const socket = await subscribed(secret);
    socket.send({ type: 'ping', payload: { authorization: `Bearer ${renewed.secret}` } });
    await client.ask(client.administrator, `mutation { revokeKey(id: "${key.keyId}") { keyId } }`);
    await client.ask(
      client.administrator,
      `mutation { revokeKey(id: "${(await client.role('RECALL')).key.keyId}") { keyId } }`,
    );

    expect(await Promise.race([socket.closed, sleep(3000, 'open')])).toBe('open');
    await client.ask(
      client.administrator,
      `mutation { revokeKey(id: "${renewed.key.keyId}") { keyId } }`,
    );
    expect(await socket.closed).toBe(4403);
  });

  it.each([
    ['of another organisation', (): Promise<Made> => client.make({ organisation: OTHER })],
    ['that may do less', (): Promise<Made> => client.partner({ scopes: [] })],
  ])('is closed with 4403 when a Ping brings a key %s', async (_what, other) => {
    const socket = await open((await client.partner()).secret);
    await socket.acknowledged;
    socket.send({ type: 'ping', payload: { authorization: `Bearer ${(await other()).secret}` } });

    expect(await socket.closed).toBe(4403);
  });

  it('of a named query needs a key too', async () => {
    const url = `${app.url.replace('http', 'ws')}/epcis/queries/none/events?stream=true`;
    const refused = async (headers: Record<string, string>): Promise<unknown> => {
      const socket = new WebSocket(url, { headers });
      socket.on('error', () => undefined);
      const [, response] = (await once(socket, 'unexpected-response')) as [
        unknown,
        { statusCode: number },
      ];
      return response.statusCode;
    };

    expect(await refused({})).toBe(401);
    expect(await refused({ 'x-api-key': (await client.partner()).secret })).toBe(403);
    expect(await refused({ 'x-api-key': (await client.role('ANALYST')).secret })).toBe(404);
  });
});
