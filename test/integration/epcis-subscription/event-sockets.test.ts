import { hostView } from '../../../src/access/view.js';
import { CompanyPrefixes, parseEventQuery } from '../../../src/epcis-query/index.js';
import { EventSockets } from '../../../src/epcis-subscription/event-sockets.js';
import { systemClock as clock } from '../../../src/shared/clock.js';
import { silentLogger as logger } from '../../../src/shared/logger.js';
import { noMetrics as metrics } from '../../../src/shared/metrics.js';
import { emptyGraph, graphForTests } from '../../support/neo4j-for-tests.js';

test('a query that another process deleted ends its sockets, however often something is committed', async () => {
  const graph = await graphForTests();
  await emptyGraph(graph);
  const view = hostView(graph);
  const prefixes = new CompanyPrefixes({ view, clock });
  const head = (): Promise<number> => Promise.resolve(0);
  const limits = { maxEvents: 10, maxBytes: 1_000_000 };
  const sockets = new EventSockets({ view, clock, prefixes, logger, metrics, head, ...limits });
  const committing = setInterval(() => {
    sockets.nudge();
  }, 50);
  const closed = await new Promise((resolve) => {
    sockets.open(
      {
        send: () => Promise.resolve(),
        close: (code, reason) => {
          resolve([code, reason]);
        },
      },
      {
        view,
        named: { name: 'gone', query: {}, namespaces: {}, createdAt: 1 },
        query: parseEventQuery(new Map(), {}),
        controls: {
          ...{ schedule: null, reportIfEmpty: false, initialRecordTime: null },
          epcFormat: 'Never_Translates',
        },
        ...{ position: { seq: 0, after: null }, dueAt: 0 },
      },
    );
  });
  clearInterval(committing);
  sockets.stop();
  await graph.close();

  expect(closed).toEqual([1000, 'The query was deleted']);
});
