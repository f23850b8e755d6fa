import {
  formsOf,
  onePartyOf,
  partyForms,
  wholeSite,
} from '../../../src/master-data/one-party.rules.js';
import type { PartyFacts } from '../../../src/master-data/one-party.rules.js';

const GLN = '9506000134352';
const nothing = { legal: false, own: false, place: false, whole: false, operator: null };
const one = (key: string, told: Partial<PartyFacts>): string =>
  onePartyOf({ key, ...nothing, ...told });

describe('the one party of a key', () => {
  test.each([`417/${GLN}`, `414/${GLN}`, `414/${GLN}/254/DOCK1`])(
    'of %s is the party registered under its GLN, whatever else is known',
    (key) => {
      const told = { legal: true, own: true, place: true, whole: true, operator: '417/other' };

      expect(one(key, told)).toBe(`417/${GLN}`);
    },
  );

  test('is the key itself where it is registered as a party', () => {
    expect(one(`414/${GLN}`, { own: true, operator: '417/other' })).toBe(`414/${GLN}`);
  });

  test('is who runs the place that it is', () => {
    expect(one(`414/${GLN}/254/1`, { place: true, operator: '417/other' })).toBe('417/other');
  });

  test('is the place of its GLN where only that is known, its own key where that is a known part of it', () => {
    expect(one(`417/${GLN}`, { place: true, whole: true })).toBe(`414/${GLN}`);
    expect(one(`414/${GLN}/254/1`, { whole: true })).toBe(`414/${GLN}`);
    expect(one(`414/${GLN}/254/1`, { place: true, whole: true })).toBe(`414/${GLN}/254/1`);
  });

  test('is the key where nothing is known, and for what is no GLN', () => {
    expect(one(`417/${GLN}`, {})).toBe(`417/${GLN}`);
    expect(one('urn:x:company:1', {})).toBe('urn:x:company:1');
  });
});

test('a GLN has the forms of a party, a place and a whole place; another URI only its own', () => {
  const part = `414/${GLN}/254/DOCK1`;

  expect(formsOf(part)).toEqual([part, `417/${GLN}`, `414/${GLN}`]);
  expect(partyForms(`417/${GLN}`)).toMatchObject({ place: `414/${GLN}` });
  expect(partyForms(part)).toMatchObject({ place: part });
  expect(wholeSite(part)).toBe(`414/${GLN}`);
  expect([formsOf('urn:x:1'), wholeSite('urn:x:1/254/2')]).toEqual([['urn:x:1'], 'urn:x:1/254/2']);
});
