import { attachedNow } from '../../../src/location/association.rules.js';
import type { AssociationMove } from '../../../src/location/association.rules.js';

function move(t: number, action: string, children: string[], parent = 'pallet'): AssociationMove {
  return { eventId: `e${t}${action}`, t, hash: 'h', action, parent, children };
}

describe('what is attached', () => {
  test('stays until it is taken off', () => {
    expect(attachedNow([move(3, 'DELETE', ['s1']), move(1, 'ADD', ['s1', 's2'])])).toEqual([
      { parent: 'pallet', child: 's2', since: 1, eventId: 'e1ADD' },
    ]);
  });

  test('is all taken off by a DELETE without children, of that parent only', () => {
    const moves = [move(1, 'ADD', ['s1']), move(1, 'ADD', ['s2'], 'tote'), move(2, 'DELETE', [])];

    expect(attachedNow(moves)).toMatchObject([{ parent: 'tote', child: 's2' }]);
  });

  test('keeps its first date when it is attached again, and OBSERVE changes nothing', () => {
    const moves = [move(1, 'ADD', ['s1']), move(2, 'ADD', ['s1']), move(3, 'OBSERVE', ['s2'])];

    expect(attachedNow(moves)).toMatchObject([{ child: 's1', since: 1 }]);
  });

  test('at one instant is taken off before it is put on', () => {
    const moves = [move(1, 'ADD', ['s1']), move(5, 'ADD', ['s2']), move(5, 'DELETE', [])];

    expect(attachedNow(moves)).toMatchObject([{ child: 's2', since: 5 }]);
  });
});
