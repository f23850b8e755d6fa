import { HOST } from '../../../src/access/principal.js';
import { hostView } from '../../../src/access/view.js';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import WebSocket from 'ws';
import { CompanyPrefixes } from '../../../src/epcis-query/index.js';
import { eventSocketRoute } from '../../../src/epcis-subscription/event-sockets.http.js';
import { EventSockets } from '../../../src/epcis-subscription/event-sockets.js';
import { storeQuery } from '../../../src/epcis-subscription/named-query.store.js';
import { cypher } from '../../../src/graph/cypher.js';
import { systemClock as clock } from '../../../src/shared/clock.js';
import { silentLogger as logger } from '../../../src/shared/logger.js';
import { noMetrics } from '../../../src/shared/metrics.js';
import { emptyGraph, graphForTests } from '../../support/neo4j-for-tests.js';

const LONG_EVENTS = cypher('test.longEvents')`
  MERGE (l:Log {id: 'log'}) SET l.seq = 60
  WITH l UNWIND range(1, 60) AS i
  CREATE (:Event {id: 'urn:x:' + i, seq: i, type: 'ObjectEvent', action: 'OBSERVE', eventTime: i, recordTime: i, text: $text})`;

test('a socket that does not read is closed, and no more than it was sent waits in memory', async () => {
  const graph = await graphForTests();
  await emptyGraph(graph);
  const view = hostView(graph);
  const text = JSON.stringify({ type: 'ObjectEvent', 'ext:long': 'x'.repeat(500_000) });
  await graph.write((tx) => tx.run(LONG_EVENTS, { text }));
  await storeQuery(view, { name: 'all', query: {}, namespaces: {}, createdAt: 1 });
  const head = (): Promise<number> => Promise.resolve(60);
  const prefixes = new CompanyPrefixes({ view, clock });
  let sent = 0;
  const metrics = { ...noMetrics, delivered: (_: string, events: number) => (sent += events) };
  const limits = { maxEvents: 1, maxBytes: 1_000_000 };
  const sockets = new EventSockets({ view, clock, prefixes, logger, metrics, head, ...limits });
  const route = eventSocketRoute({
    viewFor: () => view,
    clock,
    logger,
    sockets,
    head,
    slowMs: 2000,
  });
  const server = createServer();
  const refuse = (error: unknown): void => {
    throw error as Error;
  };
  const asking = { principal: HOST, watch: () => () => undefined };
  server.on('upgrade', (request, socket, head) => {
    route.accept(request, socket, { head, refuse, ...asking });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  const socket = new WebSocket(
    `ws://127.0.0.1:${port}/epcis/queries/all/events?stream=true&initialRecordTime=1970-01-01T00:00:00Z`,
  );
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('open', resolve));
  (socket as unknown as { _socket: Socket })._socket.pause();
  while (sockets.size > 0) await new Promise((resolve) => setTimeout(resolve, 20));

  expect(sent).toBeGreaterThan(0);
  expect(sent).toBeLessThan(60);
  socket.terminate();
  await route.dispose();
  await new Promise((resolve) => server.close(resolve));
  await emptyGraph(graph);
  await graph.close();
});
