import { HOST } from '../../../src/access/principal.js';
import { sharingKey } from '../../../src/server/web-socket.js';

const asked = { query: 'subscription S { a } subscription T { b }', operationName: 'S' };
const key = sharingKey(HOST, { ...asked, variables: { n: 1 } });

test('the same operation of the same principal has the same key', () => {
  expect(sharingKey({ ...HOST }, { ...asked, variables: { n: 1 } })).toBe(key);
});

test.each([
  [
    'another principal',
    sharingKey({ kind: 'HOST', subject: 'partner' }, { ...asked, variables: { n: 1 } }),
  ],
  [
    'another text',
    sharingKey(HOST, { ...asked, query: 'subscription S { c }', variables: { n: 1 } }),
  ],
  [
    'another operation of the text',
    sharingKey(HOST, { ...asked, operationName: 'T', variables: { n: 1 } }),
  ],
  ['another variable', sharingKey(HOST, { ...asked, variables: { n: 2 } })],
  ['no variables', sharingKey(HOST, asked)],
])('%s has another', (_what, other) => {
  expect(other).not.toBe(key);
});
