import { wantsHandoff, wantsLocation } from '../../../src/feed/feed-filter.rules.js';
import type { FeedSelection } from '../../../src/feed/feed-filter.rules.js';
import type { HandoffMessage, LocationMessage } from '../../../src/feed/messages.js';
import { NO_SURROUNDINGS, makeSurroundings } from '../../../src/feed/surroundings.js';
import type { Surroundings } from '../../../src/feed/surroundings.js';

const LOT = '01/09506000134352/10/L1';
const shipped: LocationMessage = {
  ...{ kind: 'location', k: 'pallet', level: 'CONTAINER', status: 'in_transit' },
  from: { mode: 'AT', site: 'A', origin: null },
  to: { mode: 'TO', site: 'B', origin: 'A' },
  ...{ units: 3, lots: [{ lot: LOT, units: 3 }], eventId: 'e', t: 50, recordTime: 60 },
};
const handoff: HandoffMessage = {
  ...{ kind: 'handoff', handoffId: 'e', status: 'OUTSTANDING', from: 'A', to: 'B' },
  ...{ eventId: 'e', t: 50, recordTime: 60, packages: ['pallet'] },
};
const around = makeSurroundings([{ child: 'unit', container: 'pallet', from: 10, until: 50 }], {
  holders: new Map([['A', 'maker']]),
  parties: new Map([['branch', 'group']]),
});

const of = (...keys: string[]): ReadonlySet<string> => new Set(keys);
const wants = (selection: FeedSelection, where: Surroundings = around): boolean =>
  wantsLocation(selection, shipped, where);

test('who asks for a site hears of what leaves it and of what is sent to it, and of nothing else', () => {
  expect(wants({ sites: of('A') })).toBe(true);
  expect(wants({ sites: of('B') })).toBe(true);
  expect(wants({ sites: of('C', 'B') })).toBe(true);
  expect(wants({ sites: of('C') })).toBe(false);
  expect(wantsHandoff({ sites: of('B') }, handoff, around)).toBe(true);
  expect(wantsHandoff({ sites: of('C') }, handoff, around)).toBe(false);
});

test('who asks for a party hears of what it has at any of the sites named', () => {
  expect(wants({ parties: of('maker') })).toBe(true);
  expect(wants({ parties: of('other') })).toBe(false);
  expect(wants({ parties: of('maker') }, NO_SURROUNDINGS)).toBe(false);
});

test('the parties that a handoff names go before those at its sites, each by its one key', () => {
  const named: HandoffMessage = { ...handoff, fromParty: 'branch' };

  expect(wantsHandoff({ parties: of('group') }, named, around)).toBe(true);
  expect(wantsHandoff({ parties: of('maker') }, named, around)).toBe(false);
  expect(wantsHandoff({ parties: of('maker') }, handoff, around)).toBe(true);
});

test('who asks for a lot or product hears of what carries some of it', () => {
  const mixed = {
    ...shipped,
    lots: [{ lot: '01/19506000134359/10/X', units: 1 }, ...shipped.lots],
  };

  expect(wantsLocation({ lots: of(LOT) }, mixed, around)).toBe(true);
  expect(wantsLocation({ lots: of('other') }, mixed, around)).toBe(false);
  expect(wantsLocation({ gtins: of('09506000134352') }, mixed, around)).toBe(true);
  expect(wantsLocation({ gtins: of('09506000134369') }, mixed, around)).toBe(false);
});

test('who asks for a unit hears of the pallet it is in at that instant, of itself and of what it has just left', () => {
  expect(wants({ ids: of('unit') })).toBe(true);
  expect(wants({ ids: of('stranger') })).toBe(false);
  expect(wantsLocation({ ids: of('unit') }, { ...shipped, t: 51 }, around)).toBe(false);
  expect(
    wantsLocation({ ids: of('u2') }, { ...shipped, k: 'u1', keys: ['u1', 'u2'] }, around),
  ).toBe(true);
  const left = { ...shipped, chainBefore: ['tote'] };
  expect(wantsLocation({ ids: of('tote') }, left, around)).toBe(true);
  expect(wantsLocation({ ids: of('unit') }, left, around)).toBe(true);
  expect(wantsHandoff({ ids: of('unit') }, handoff, around)).toBe(true);
});

test('every list that is given has to be met', () => {
  expect(wants({ sites: of('A'), lots: of(LOT) })).toBe(true);
  expect(wants({ sites: of('A'), lots: of('other') })).toBe(false);
  expect(wantsHandoff({ sites: of('A'), statuses: of('RECEIVED') }, handoff, around)).toBe(false);
  expect(wantsHandoff({ sites: of('A'), statuses: of('OUTSTANDING') }, handoff, around)).toBe(true);
});

test('what was nowhere before, and what stands nowhere now, is at no site', () => {
  const born = { ...shipped, from: null };
  const lost = { ...shipped, to: { mode: 'UNKNOWN', site: null, origin: null } } as const;

  expect(wantsLocation({ sites: of('B') }, born, around)).toBe(true);
  expect(wantsLocation({ sites: of('C') }, born, around)).toBe(false);
  expect(wantsLocation({ parties: of('maker') }, lost, around)).toBe(true);
  expect(wantsHandoff({ parties: of('maker') }, { ...handoff, from: null }, around)).toBe(false);
});

test('who takes is as named, else who has what stands at the destination', () => {
  const toMaker = { ...handoff, from: 'B', to: 'A' };

  expect(wantsHandoff({ parties: of('maker') }, toMaker, around)).toBe(true);
  expect(wantsHandoff({ parties: of('maker') }, { ...toMaker, toParty: 'branch' }, around)).toBe(
    false,
  );
  expect(wantsHandoff({ parties: of('group') }, { ...toMaker, toParty: 'branch' }, around)).toBe(
    true,
  );
});

test('a message of one kind is no message of the other', () => {
  expect(wantsLocation({}, handoff, around)).toBe(false);
  expect(wantsHandoff({}, shipped, around)).toBe(false);
});
