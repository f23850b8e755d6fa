import { confText, memoryFor } from '../../../src/neo4j-child/neo4j-conf.js';

test.each([
  [1024, { heapMb: 512, pageCacheMb: 256 }],
  [8192, { heapMb: 2048, pageCacheMb: 1024 }],
  [262_144, { heapMb: 4096, pageCacheMb: 8192 }],
])('on %d MiB Neo4j takes %j', (total, expected) => {
  expect(memoryFor(total)).toEqual(expected);
});

test('only bolt listens, on loopback, and nothing is reported', () => {
  const lines = confText({ port: 20_001, heapMb: 1000, pageCacheMb: 300, logFileMb: 32 }).split(
    '\n',
  );
  expect(lines).toEqual(
    expect.arrayContaining([
      'server.default_listen_address=127.0.0.1',
      'server.bolt.listen_address=127.0.0.1:20001',
      'server.http.enabled=false',
      'server.https.enabled=false',
      'dbms.security.auth_enabled=true',
      'dbms.usage_report.enabled=false',
      'server.memory.pagecache.size=300m',
      'db.memory.transaction.max=650m',
      'dbms.memory.transaction.total.max=800m',
    ]),
  );
});
