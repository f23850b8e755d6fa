import {
  canonicalName,
  namesOfField,
  unknownPrefix,
} from '../../../src/event-terms/field-name.rules.js';

const PREFIXES = new Map([
  ['ex', 'https://ns/'],
  ['hash', 'https://ns#'],
  ['bare', 'https://ns'],
  ['colon', 'urn:ns::'],
]);

test.each([
  ['ex:size', 'https://ns#size'],
  ['hash:size', 'https://ns#size'],
  ['bare:size', 'https://ns#size'],
  ['https://ns/size', 'https://ns#size'],
  ['https://ns#size', 'https://ns#size'],
  ['colon:size', 'urn:ns#size'],
  ['urn:ns:size', 'urn:ns#size'],
  ['other:size', 'other#size'],
  ['size', 'size'],
  [':size', ':size'],
])('however a field is written, it has one name: %s is %s', (written, name) => {
  expect(canonicalName(written, PREFIXES)).toBe(name);
});

test.each([
  ['other:size', 'other'],
  ['_own.v-2:size', '_own.v-2'],
  ['other:', 'other'],
  ['ex:size', null],
  ['size', null],
  ['urn:ns:size', null],
  ['HTTPS:ns', null],
  ['other://ns/size', null],
  ['gs1:Temperature', null],
  ['gs1x:Temperature', 'gs1x'],
])('the prefix of %s that nobody declared: %s', (text, prefix) => {
  expect(unknownPrefix(text, PREFIXES)).toBe(prefix);
});

test('a field is found by its name and as written, but once where these are one or the standard knows the prefix', () => {
  const standard = new Map([...PREFIXES, ['cbvmda', 'urn:epcglobal:cbv:mda:']]);

  expect(namesOfField('ex:size', PREFIXES)).toEqual(['https://ns#size', 'ex#size']);
  expect(namesOfField('other:size', PREFIXES)).toEqual(['other#size']);
  expect(namesOfField('https://ns/size', PREFIXES)).toEqual(['https://ns#size']);
  expect(namesOfField('cbvmda:size', standard)).toEqual(['urn:epcglobal:cbv:mda#size']);
});
