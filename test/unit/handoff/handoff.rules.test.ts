import type { Handoff, HandoffPackage } from '../../../src/handoff/handoff.js';
import { durationsOf, packageCount, unitCount } from '../../../src/handoff/handoff.rules.js';

const handoff = (more: Partial<Handoff>): Handoff => ({
  id: 'ship',
  status: 'PARTIAL',
  shippedAt: 100,
  dueAt: null,
  from: 'a',
  to: 'b',
  fromParty: null,
  toParty: null,
  expected: 3,
  direct: 1,
  parts: 0,
  firstReceivedAt: 150,
  lastReceivedAt: 180,
  ...more,
});
const one = (key: string, more: Partial<HandoffPackage> = {}): HandoffPackage => ({
  key,
  container: true,
  shipped: true,
  voided: false,
  receivedAt: null,
  site: null,
  eventId: null,
  ...more,
});

test('what was shipped and not received is outstanding and short; what was voided is neither', () => {
  const packages = [one('p', { receivedAt: 150 }), one('q'), one('r', { voided: true })];

  expect(packageCount(handoff({}), packages)).toEqual({
    shipped: 3,
    received: 1,
    outstanding: 1,
    short: 1,
    over: 0,
  });
});

test('a case received out of an unreceived pallet counts by its units', () => {
  const packages = [one('pallet'), one('case', { shipped: false, receivedAt: 150 })];
  const units = new Map([
    ['pallet', new Set(['1', '2', '3'])],
    ['case', new Set(['1'])],
  ]);

  expect(unitCount(handoff({}), packages, units)).toEqual({
    shipped: 3,
    received: 1,
    outstanding: 2,
    short: 2,
    over: 0,
  });
});

test('nothing is short while nothing has arrived', () => {
  expect(packageCount(handoff({ status: 'OUTSTANDING' }), [one('p')])).toEqual({
    shipped: 1,
    received: 0,
    outstanding: 1,
    short: 0,
    over: 0,
  });
});

test('what nobody shipped is over, and took no time', () => {
  const unexpected = handoff({ status: 'UNEXPECTED' });

  expect(packageCount(unexpected, [one('p', { shipped: false, receivedAt: 100 })])).toEqual({
    shipped: 0,
    received: 1,
    outstanding: 0,
    short: 0,
    over: 1,
  });
  expect(durationsOf(unexpected)).toEqual({ first: null, last: null });
  expect(durationsOf(handoff({}))).toEqual({ first: 50, last: 80 });
});

test('what arrived beside what was shipped is no part of it, and takes nothing off what is missing', () => {
  const packages = [one('p'), one('q', { shipped: false, receivedAt: 150 })];

  expect(packageCount(handoff({}), packages)).toMatchObject({
    ...{ shipped: 1, received: 0, outstanding: 1, short: 1, over: 0 },
  });
});

test('what is closed is not outstanding any more, what is missing of it is short', () => {
  expect(packageCount(handoff({ status: 'SHORT' as Handoff['status'] }), [one('p')])).toMatchObject(
    {
      ...{ outstanding: 0, short: 1 },
    },
  );
});

test('what has not arrived has taken no time yet', () => {
  const open = handoff({ status: 'OUTSTANDING', firstReceivedAt: null, lastReceivedAt: null });

  expect(durationsOf(open)).toEqual({ first: null, last: null });
});
