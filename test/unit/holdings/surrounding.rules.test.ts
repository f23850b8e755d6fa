import { MAX_DEPTH, inForce } from '../../../src/holdings/holding.js';
import type { Mark } from '../../../src/holdings/holding.js';
import { surroundingOf } from '../../../src/holdings/surrounding.rules.js';
import type { HoldingStep } from '../../../src/holdings/surrounding.rules.js';

const hub = { mode: 'AT', site: 'hub', origin: null } as const;
const mark = (status: string, at: number): Mark => ({ status, since: at, at });

function filling(id: string, more: Partial<HoldingStep> = {}): HoldingStep {
  return {
    id,
    kind: 'FILLING',
    box: `box ${id}`,
    open: true,
    up: null,
    mark: null,
    standing: null,
    ...more,
  };
}
const standing = (status: string, since: number): Partial<HoldingStep> => ({
  standing: { placing: hub, status, since },
});
const steps = (...list: HoldingStep[]): ReadonlyMap<string, HoldingStep> =>
  new Map(list.map((step) => [step.id, step]));

test('a mark made at the instant at which the status around was stated is in force, an older one is not', () => {
  expect(inForce(mark('recalled', 20), { since: 20 })).toBe(true);
  expect(inForce(mark('recalled', 19), { since: 20 })).toBe(false);
});

test('the status of the nearest mark in force is around the members, with its own since', () => {
  const around = surroundingOf(
    'inner',
    steps(
      filling('pallet', standing('active', 10)),
      filling('case', { up: 'pallet', mark: mark('recalled', 10) }),
      filling('inner', { up: 'case', mark: mark('damaged', 9) }),
    ),
  );

  expect(around).toMatchObject({
    ...{ placing: hub, status: 'recalled', since: 10, top: 'pallet', ended: false },
    outermost: { key: 'box pallet', status: 'active' },
    boxes: ['box inner', 'box case', 'box pallet'],
  });
});

test('what is in an emptied filling has no container around it', () => {
  const around = surroundingOf(
    'pallet',
    steps(filling('pallet', { open: false, ...standing('active', 1) })),
  );

  expect(around).toMatchObject({ outermost: null, boxes: [], top: 'pallet' });
});

test('what is in a case that stands in an emptied pallet has the case as its outermost container', () => {
  const around = surroundingOf(
    'case',
    steps(
      filling('pallet', { open: false, ...standing('active', 1) }),
      filling('case', { up: 'pallet', mark: mark('recalled', 5) }),
    ),
  );

  expect(around.outermost).toEqual({ key: 'box case', status: 'recalled' });
});

test('a disposed holding is ended, a chain that breaks off or never ends is an unknown place', () => {
  const disposed = {
    ...filling('gone', standing('dispensed', 1)),
    kind: 'DISPOSED',
    box: null,
  } as const;
  const circle = steps(filling('a', { up: 'b' }), filling('b', { up: 'a' }));

  expect(surroundingOf('gone', steps(disposed))).toMatchObject({ ended: true, outermost: null });
  expect(surroundingOf('case', steps(filling('case', { up: 'nowhere' })))).toMatchObject({
    placing: { mode: 'UNKNOWN', site: null },
    top: 'nowhere',
  });
  expect(surroundingOf('a', circle).placing.mode).toBe('UNKNOWN');
  expect(surroundingOf('case', steps(filling('case')))).toMatchObject({
    ...{ placing: { mode: 'UNKNOWN', site: null }, ended: false, outermost: null },
  });
});

test(`a chain of ${MAX_DEPTH} containers is followed to its end`, () => {
  const chain = Array.from({ length: MAX_DEPTH }, (_, i) => filling(`${i}`, { up: `${i + 1}` }));
  const whole = steps(...chain, filling(`${MAX_DEPTH}`, standing('active', 1)));

  expect(surroundingOf('0', whole).placing).toEqual(hub);
});
