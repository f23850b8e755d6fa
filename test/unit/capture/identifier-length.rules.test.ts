import {
  lengthFaultsOf,
  masterDataFaultsOf,
} from '../../../src/capture/identifier-length.rules.js';
import type { EpcisEvent } from '../../../src/epcis/event.js';
import type { ParsedEvent } from '../../../src/epcis/parse-document.js';

const MOST = 1000;
const text = (length: number): string => 'urn:x:'.padEnd(length, '1');
const LONG = text(MOST + 1);

/** An event as it was read, at the pointer `/e`. */
const read = (given: object): ParsedEvent =>
  ({
    pointer: '/e',
    prefixes: new Map(),
    event: {
      type: 'ObjectEvent',
      eventTime: '2026-03-14T09:00:00Z',
      ...given,
    } as unknown as EpcisEvent,
  }) as unknown as ParsedEvent;
const pointers = (given: object): string[] =>
  lengthFaultsOf(read(given)).map(({ pointer }) => pointer);

test.each<[string, object]>([
  ['eventID', { eventID: LONG }],
  ['bizStep', { bizStep: LONG }],
  ['disposition', { disposition: LONG }],
  ['parentID', { parentID: LONG }],
  ['transformationID', { transformationID: LONG }],
  ['readPoint/id', { readPoint: { id: LONG } }],
  ['bizLocation/id', { bizLocation: { id: LONG } }],
  ['sourceList/0/source', { sourceList: [{ type: 'location', source: LONG }] }],
  [
    'destinationList/1/destination',
    {
      destinationList: [
        { type: 'location', destination: 'urn:x:1' },
        { type: 'owning_party', destination: LONG },
      ],
    },
  ],
  ['ilmd', { ilmd: { 'cbvmda:lotNumber': LONG } }],
  ['epcList/1', { epcList: ['urn:x:1', LONG] }],
  ['childEPCs/0', { childEPCs: [LONG] }],
  ['inputEPCList/0', { inputEPCList: [LONG] }],
  ['outputEPCList/0', { outputEPCList: [LONG] }],
  ['quantityList/1/epcClass', { quantityList: [{ epcClass: 'urn:x:1' }, { epcClass: LONG }] }],
  ['inputQuantityList/0/epcClass', { inputQuantityList: [{ epcClass: LONG }] }],
])(
  'an identifier longer than an index takes is a fault, and its place is told: %s',
  (at, given) => {
    expect(pointers(given)).toEqual([`/e/${at}`]);
  },
);

test('a fault says how long the identifier is and how long it may be', () => {
  expect(lengthFaultsOf(read({ eventID: LONG }))).toMatchObject([
    { code: 'LIMIT_LENGTH', found: '1001 characters', expected: 'at most 1000 characters' },
  ]);
});

test('a thousand characters are not too long', () => {
  const [longest] = [text(MOST)];

  expect(
    pointers({
      ...{ eventID: longest, bizStep: longest, epcList: [longest] },
      ...{ readPoint: { id: longest }, quantityList: [{ epcClass: longest }] },
    }),
  ).toEqual([]);
  expect(pointers({})).toEqual([]);
});

test('of an event of a type of its own only the id is an identifier', () => {
  const own = { type: 'https://ns.example.com/Weighing', bizStep: LONG, epcList: [LONG] };

  expect(pointers(own)).toEqual([]);
  expect(pointers({ ...own, eventID: LONG })).toEqual(['/e/eventID']);
});

test('master data of a header may have ids as long as those of events', () => {
  const entry = (id: string): Parameters<typeof masterDataFaultsOf>[0][number] =>
    ({ type: 'urn:x:t', id, attributes: [] }) as unknown as ReturnType<typeof entry>;

  expect(masterDataFaultsOf([entry(text(MOST))])).toEqual([]);
  expect(masterDataFaultsOf([entry('urn:x:1'), entry(LONG)])).toMatchObject([
    { pointer: '/epcisHeader/epcisMasterData/vocabularyList', found: '1001 characters' },
  ]);
});
