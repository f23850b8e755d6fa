import { getOperationAST, parse } from 'graphql';
import { HOST } from '../../../src/access/principal.js';
import type { Principal } from '../../../src/access/principal.js';
import { sharingKey } from '../../../src/server/operations.js';

const query = 'subscription S($n: Int) { a } subscription T($n: Int) { b }';
type Asked = Partial<Parameters<typeof sharingKey>[1]>;

function keyOf(asked: Asked = {}, principal: Principal = HOST): string {
  const payload = { query, operationName: 'S', variables: { n: 1 }, ...asked };
  return sharingKey(
    principal,
    payload,
    getOperationAST(parse(payload.query), payload.operationName)!,
  );
}

test('the same operation of the same principal has the same key', () => {
  expect(keyOf({ variables: { n: 1 } }, { ...HOST })).toBe(keyOf());
});

test('a variable that the operation does not declare makes no difference', () => {
  expect(keyOf({ variables: { other: [[1]], n: 1 } })).toBe(keyOf());
});

test('a variable that is null and one that is not given, which has its default, have not', () => {
  expect(keyOf({ variables: { n: null } })).not.toBe(keyOf({ variables: {} }));
});

test.each([
  [
    'another organisation',
    keyOf({}, { ...HOST, kind: 'PARTY', organisation: '417/9506000134352' }),
  ],
  ['another text', keyOf({ query: query.replace('a', 'c') })],
  ['another operation of the text', keyOf({ operationName: 'T' })],
  ['another variable', keyOf({ variables: { n: 2 } })],
  ['no variables', keyOf({ variables: {} })],
])('%s has another', (_what, other) => {
  expect(other).not.toBe(keyOf());
});
