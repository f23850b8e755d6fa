/** What the audit log tells of credentials that are refused, and of commands on the store. */
import { startWithKeys, MAKER } from '../support/access-client.js';
import { AccessClient } from '../support/access-client.js';
import { startApp } from '../support/app-for-tests.js';
import { openSocket } from '../support/graphql-socket.js';
import { readLog } from '../support/audit-log.js';
import { admitOrganisation } from '../../src/rebuild/index.js';

test('a flood of bad credentials is one entry for its address, which tells why, how often and with which keys', async () => {
  const { app, client } = await startWithKeys();
  const { secret, key } = await client.partner();
  await client.ask(client.administrator, `mutation { revokeKey(id: "${key.keyId}") { keyId } }`);
  for (let i = 0; i < 150; i++) await client.get(`cg_no_${i}`, '/epcis/events');
  expect((await client.ask(secret, '{ me { subject } }')).status).toBe(401);
  expect((await client.ask('no.token.here', '{ me { subject } }')).status).toBe(401);
  await (
    await openSocket(secret, app)
  ).closed;
  // Without credentials nothing was tried.
  expect((await client.ask(null, '{ me { subject } }')).status).toBe(401);
  await app.stop();
  const again = await startApp({ keep: true, env: { ACCESS: 'required' } });
  const { nodes } = await readLog(new AccessClient(again, client.administrator), {
    filter: { outcome: 'UNAUTHENTICATED' },
  });
  await again.stop();

  expect(nodes).toEqual([
    expect.objectContaining({
      ...{ operation: 'authenticate', subject: 'nobody', organisation: null, name: null },
      ...{ address: '127.0.0.1', lost: 152, ids: [key.keyId], variables: ['BAD', 'REVOKED'] },
    }),
  ]);
});

test('an organisation that a command admits is noted with its prefixes', async () => {
  const { app, client } = await startWithKeys();
  const admission = { organisation: `417/${MAKER}`, prefixes: ['950600013435'] };
  await admitOrganisation(app.graph, admission, () => undefined);
  const { nodes } = await readLog(client, { filter: { operation: 'admitOrganisation' } });
  await app.stop();

  expect(nodes).toEqual([
    expect.objectContaining({
      ...{ subject: 'host', outcome: 'OK', address: null },
      ids: [`417/${MAKER}`, '950600013435'],
    }),
  ]);
});
