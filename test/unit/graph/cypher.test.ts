import type { View } from '../../../src/access/view.js';
import { allStatements, cypher, fragment, asSent, upTo } from '../../../src/graph/cypher.js';
import type { CypherFragment } from '../../../src/graph/cypher.js';

test('a statement carries its name into the text and is registered', () => {
  const statement = cypher('test.tag.plain')`RETURN ${fragment`1 + ${fragment`2`}`} AS three`;
  expect(statement.text).toBe('/* test.tag.plain */ RETURN 1 + 2 AS three');
  expect(allStatements()).toContain(statement);
});

test('parameters go in one map: Neo4j plans a statement anew for other sizes of what it sees', () => {
  const statement = cypher(
    'test.tag.given',
  )`UNWIND $rows AS row MATCH (l:Lot {id: row, gtin: $gtin}) WHERE l.id > $gtin RETURN l`;
  expect(statement.text).toBe(
    '/* test.tag.given */ UNWIND $given.rows AS row MATCH (l:Lot {id: row, gtin: $given.gtin}) WHERE l.id > $given.gtin RETURN l',
  );
  const params = { rows: [], gtin: null };
  expect(asSent(statement, params)).toEqual([statement.text, { given: params }]);
});

test('where plans are kept a statement runs with the plan that is there, but for what reads the whole store', () => {
  const kept = cypher('test.tag.kept')`RETURN 1 AS one`;
  const scan = cypher('test.tag.scan', { mayScan: 'counts' })`MATCH (n) RETURN count(n) AS n`;
  expect(asSent(kept, {}, true)[0]).toBe(`CYPHER replan=skip ${kept.text}`);
  expect(asSent(kept, {}, false)[0]).toBe(kept.text);
  expect(asSent(scan, {}, true)[0]).toBe(scan.text);
});

test('a parameter that is forgotten is an error, not null', () => {
  const statement = cypher('test.tag.forgotten')`RETURN $one + $other`;
  expect(() => asSent(statement, { one: 1, other: undefined })).toThrow('wants $other');
});

test('a view takes no statement that does not say what its rows tell of', () => {
  expect(cypher.events('test.tag.told')`RETURN 1 AS one`.reads).toBe('events');
  // @ts-expect-error -- it does not say
  const untold: Parameters<View['read']>[0] = cypher('test.tag.untold')`RETURN 1 AS one`;
  expect(untold.reads).toBeUndefined();
});

test('two statements of one name are refused', () => {
  expect(() => cypher('test.tag.once')`RETURN 1`).not.toThrow();
  expect(() => cypher('test.tag.once')`RETURN 2`).toThrow('declared twice');
});

test.each(['plain', 'a b.c', 'x.*/ MATCH (n) DETACH DELETE n', ''])(
  'the name "%s" is refused',
  (name) => {
    expect(() => cypher(name)`RETURN 1`).toThrow('feature.name');
  },
);

test.each([['a string'], [{ text: 'a look-alike' }], [1]])(
  '%j does not reach the text',
  (value) => {
    expect(() => cypher('test.tag.refuses')`RETURN ${value as unknown as CypherFragment}`).toThrow(
      TypeError,
    );
    expect(() => fragment`${value as unknown as CypherFragment}`).toThrow(TypeError);
  },
);

test('a path has bounds', () => {
  expect(cypher('test.tag.bounds')`MATCH (a)-[:IN*${upTo(20, 0)}]->(b) RETURN b`.text).toContain(
    '[:IN*0..20]',
  );
  for (const [max, min] of [
    [0, 0],
    [51, 1],
    [1.5, 1],
    [3, 4],
    [NaN, 1],
  ] as const)
    expect(() => upTo(max, min)).toThrow(RangeError);
});
