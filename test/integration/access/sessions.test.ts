import { Authenticator } from '../../../src/access/authenticate.js';
import { createKey } from '../../../src/access/create-key.js';
import { revokeKey, suspendOrganisation } from '../../../src/access/end-access.js';
import { Sessions } from '../../../src/access/sessions.js';
import { hostView } from '../../../src/access/view.js';
import type { View } from '../../../src/access/view.js';
import type { Params } from '../../../src/graph/run-options.js';
import type { Graph } from '../../../src/graph/graph.js';
import { systemClock as clock } from '../../../src/shared/clock.js';
import { silentLogger as logger } from '../../../src/shared/logger.js';
import { emptyGraph, graphForTests } from '../../support/neo4j-for-tests.js';

const ORGANISATION = '417/9506000134352';

let graph: Graph;
let deps: { readonly view: View; readonly clock: typeof clock };
beforeAll(async () => {
  graph = await graphForTests();
  await emptyGraph(graph);
  deps = { view: hostView(graph), clock };
});
afterAll(() => graph.close());

/** Resolves when it is told to. */
function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

/** Sessions that learn late what the first such reading found. */
function sessionsWithLate(isLate: (statement: string, params: Params) => boolean): {
  readonly sessions: Sessions;
  /** The first reading was done. */
  readonly read: Promise<void>;
  readonly goOn: () => void;
  /** Resolves when the sessions have noticed what changed before the call. */
  readonly noticed: () => Promise<void>;
} {
  const [reading, late] = [gate(), gate()];
  let isFirst = true;
  let looks = 0;
  const view: View = {
    ...deps.view,
    read: async (asked, params = {}, options) => {
      const rows = await deps.view.read(asked, params, options);
      if (asked.name === 'access.version') looks++;
      if (!isFirst || !isLate(asked.name, params)) return rows;
      isFirst = false;
      reading.open();
      await late.opened;
      return rows;
    },
  };
  const verifyToken = (): never => {
    throw new Error('No token is expected');
  };
  const authenticator = new Authenticator({ view, clock, open: false, verifyToken });
  const sessions = new Sessions({ view, clock, logger, authenticator });
  sessions.start();
  const noticed = async (): Promise<void> => {
    // One look may be under way, and what the next does follows after it has read.
    for (const until = looks + 3; looks < until;)
      await new Promise((resolve) => setTimeout(resolve, 50));
  };
  return { sessions, read: reading.opened, goOn: late.open, noticed };
}

async function partnerKey(): Promise<{ readonly id: string; readonly secret: string }> {
  const { key, secret } = await createKey(deps, {
    ...{ label: 'a test', organisation: ORGANISATION, roles: ['partner'], scopes: null },
    ...{ sites: null, expiresAt: null },
  });
  return { id: key.id, secret };
}

const ENDS: readonly [string, string, string, (id: string) => Promise<unknown>][] = [
  ['suspended', 'SUSPENDED', 'access.standing', () => suspendOrganisation(deps, ORGANISATION, 'x')],
  ['revoked', 'REVOKED', 'access.keyById', (id) => revokeKey(deps, id)],
];

describe('who is told to be good, and ended before that is known', () => {
  test.each(ENDS)('gets no session when %s', async (_what, reason, statement, end) => {
    await suspendOrganisation(deps, ORGANISATION, null);
    const { id, secret } = await partnerKey();
    const { sessions, read, goOn, noticed } = sessionsWithLate((name) => name === statement);
    const credentials = { token: secret, as: null };
    const opening = sessions.open({ credentials, address: null, end: () => undefined });
    opening.catch(() => undefined);
    await read;
    await end(id);
    await noticed();
    goOn();

    await expect(opening).rejects.toMatchObject({ details: { reason } });
    await sessions.stop();
  });

  test('does not renew a session with it', async () => {
    await suspendOrganisation(deps, ORGANISATION, null);
    const [first, second] = [await partnerKey(), await partnerKey()];
    const { sessions, read, goOn, noticed } = sessionsWithLate(
      (name, { id }) => name === 'access.keyById' && id === second.id,
    );
    const credentials = { token: first.secret, as: null };
    const session = await sessions.open({ credentials, address: null, end: () => undefined });
    const renewing = sessions.renew(session, { token: second.secret, as: null });
    renewing.catch(() => undefined);
    await read;
    await revokeKey(deps, second.id);
    await noticed();
    goOn();

    await expect(renewing).rejects.toMatchObject({ details: { reason: 'REVOKED' } });
    expect(session.credentials).toBe(credentials);
    await sessions.stop();
  });
});
