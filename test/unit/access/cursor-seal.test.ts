import fc from 'fast-check';
import { CursorSeal } from '../../../src/access/cursor-seal.js';

const [alder, birch] = ['417/9506000100005', '417/9506000150000'].map(
  (organisation) => new CursorSeal('secret of the store', organisation),
) as [CursorSeal, CursorSeal];

test('whatever was sealed is opened again by another process, and equal cursors are equal bytes', () => {
  const elsewhere = new CursorSeal('secret of the store', '417/9506000100005');
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (cursor) => {
      const sealed = alder.close(cursor, 'Query.packages');
      expect(elsewhere.open(sealed, 'Query.packages')).toBe(cursor);
      expect(elsewhere.close(cursor, 'Query.packages')).toBe(sealed);
    }),
  );
});

test('a cursor is opened only by its organisation, for its list, in its store, and unchanged', () => {
  const sealed = alder.close('WyJhIl0', 'Query.packages');
  const [list, otherStore] = ['Query.packages', new CursorSeal('another', '417/9506000100005')];
  expect(birch.open(sealed, list)).toBeNull();
  expect(otherStore.open(sealed, list)).toBeNull();
  expect(alder.open(sealed, 'Query.events')).toBeNull();
  for (const i of sealed.split('').keys()) {
    const other = sealed[i] === 'A' ? 'B' : 'A';
    const changed = sealed.slice(0, i) + other + sealed.slice(i + 1);
    // The last character has bits that belong to no byte.
    if (Buffer.from(changed, 'base64url').equals(Buffer.from(sealed, 'base64url'))) continue;
    expect(alder.open(changed, list)).toBeNull();
  }
  for (const none of ['', 'A', 'WyJhIl0', 'not a cursor', 'A'.repeat(38)])
    expect(alder.open(none, list)).toBeNull();
});
