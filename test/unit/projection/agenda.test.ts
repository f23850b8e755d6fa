import fc from 'fast-check';
import { Agenda } from '../../../src/projection/agenda.js';

test('instants come earliest first, each once, however they are added and taken', () => {
  const steps = fc.array(fc.option(fc.integer({ min: -5, max: 20 }), { nil: undefined }));
  fc.assert(
    fc.property(steps, (given) => {
      const agenda = new Agenda();
      const expected = new Set<number>();
      for (const t of given) {
        if (t === undefined) {
          const first = expected.size === 0 ? undefined : Math.min(...expected);
          expect(agenda.next()).toBe(first);
          if (first !== undefined) expected.delete(first);
        } else {
          agenda.add(t);
          expected.add(t);
        }
      }
    }),
  );
});
