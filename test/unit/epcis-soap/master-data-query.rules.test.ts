import type { QueryParameters } from '../../../src/epcis-query/index.js';
import {
  matchesMasterData,
  parseMasterDataQuery,
  vocabulariesOf,
} from '../../../src/epcis-soap/master-data-query.rules.js';
import type {
  MasterDataQuery,
  NamedElement,
} from '../../../src/epcis-soap/master-data-query.rules.js';
import { registeredElement } from '../../../src/epcis-soap/registered-element.rules.js';

const MDA = 'urn:epcglobal:cbv:mda#';
const GLN = '9506000134352';
const SITE = 'urn:epcglobal:epcis:vtype:BusinessLocation';
type QueryValue = string | number | boolean;
type Given = Readonly<Record<string, QueryValue | readonly QueryValue[]>>;
const given = (more: Given): QueryParameters =>
  new Map(
    Object.entries({ includeAttributes: true, includeChildren: false, ...more }).map(
      ([name, value]) => [name, [value].flat() as QueryValue[]],
    ),
  );
const query = (more: Given = {}): MasterDataQuery => parseMasterDataQuery(given(more));

describe('a query of master data', () => {
  test('says by any spelling what it wants told, and nothing more than is said', () => {
    const flags = { includeAttributes: '0', includeChildren: '1' };

    expect(query(flags)).toEqual({
      ...{ includeAttributes: false, includeChildren: true },
      ...{ hasAttributes: [], equalAttributes: [] },
    });
    expect(query({ includeAttributes: 'true', includeChildren: 'false' })).toMatchObject({
      ...{ includeAttributes: true, includeChildren: false },
    });
  });

  test('has names as keys and attributes by their local names', () => {
    const all = query({
      EQ_name: [`urn:epc:id:sgln:9506000.13435.0`, 'urn:x:own'],
      WD_name: [`urn:epc:id:sgln:9506000.13435.0`],
      attributeNames: [`${MDA}name`],
      vocabularyName: [SITE],
      HASATTR: [`${MDA}name`, 'other'],
      [`HASATTR_${MDA}city`]: [],
      [`EQATTR_${MDA}city`]: ['Graz', 'Wien'],
      maxElementCount: '+20',
    });

    expect(all).toMatchObject({
      ...{ names: [`414/${GLN}`, 'urn:x:own'], within: [`414/${GLN}`], maxElementCount: 20 },
      hasAttributes: [['name', 'other'], ['city']],
      equalAttributes: [{ name: 'city', values: ['Graz', 'Wien'] }],
    });
    expect([all.attributeNames, all.vocabularyNames]).toEqual([
      ...[new Set(['name']), new Set([SITE])],
    ]);
  });

  test.each<[string, Given]>([
    ['EQ_nam', { EQ_nam: 'x' }],
    ['EQATTR', { EQATTR: 'x' }],
    ['vocabularyName', { vocabularyName: [] }],
    ['EQ_name', { EQ_name: ['a', ''] }],
    ['includeChildren', { includeChildren: 'yes' }],
    ['includeAttributes', { includeAttributes: ['true', 'true'] }],
    ['includeAttributes', { includeAttributes: [] }],
    ['maxElementCount', { maxElementCount: 0 }],
    ['maxElementCount', { maxElementCount: '1e3' }],
    ['maxElementCount', { maxElementCount: ['1', '2'] }],
  ])('is refused for %s: %j', (name, more) => {
    expect(() => query(more)).toThrow(`Parameter "${name}"`);
  });

  test.each(['includeAttributes', 'includeChildren'])('needs %s', (name) => {
    const parameters = new Map(given({}));
    parameters.delete(name);

    expect(() => parseMasterDataQuery(parameters)).toThrow(`Parameter "${name}" is required.`);
  });
});

describe('an element', () => {
  const named: NamedElement = {
    vocabulary: SITE,
    element: {
      id: 'hub',
      attributes: [
        { id: `${MDA}name`, attribute: 'Hub' },
        { id: 'ex:cold', attribute: { deep: [{ from: 2 }, true], none: null } },
      ],
      children: ['gate'],
    },
  };
  const matches = (more: Given): boolean => matchesMasterData(query(more), named);

  test('meets a query when its vocabulary and all attributes asked for do', () => {
    expect(matches({})).toBe(true);
    expect([
      matches({ vocabularyName: ['urn:v', SITE] }),
      matches({ vocabularyName: 'urn:v' }),
    ]).toEqual([true, false]);
    expect([matches({ HASATTR: ['no', 'name'] }), matches({ HASATTR: 'no' })]).toEqual([
      true,
      false,
    ]);
    expect(matches({ HASATTR: 'name', HASATTR_no: [] })).toBe(false);
    expect([matches({ EQATTR_name: ['X', 'Hub'] }), matches({ EQATTR_name: 'X' })]).toEqual([
      ...[true, false],
    ]);
    expect(matches({ EQATTR_name: 'Hub', 'EQATTR_ex:cold': 'Hub' })).toBe(false);
  });

  test('has the texts of a complex attribute, and none has what it does not say', () => {
    expect(['2', 'true', 'null'].map((text) => matches({ 'EQATTR_ex:cold': text }))).toEqual([
      ...[true, true, false],
    ]);
    const bare = { vocabulary: SITE, element: { id: 'bare' } };
    expect(matchesMasterData(query({ HASATTR: 'name' }), bare)).toBe(false);
  });

  test('is told with what was asked for, under its vocabulary', () => {
    const bare: NamedElement = { vocabulary: SITE, element: { id: 'bare' } };
    const other: NamedElement = { vocabulary: 'urn:v', element: { id: 'other' } };
    const told = (more: Given): unknown =>
      vocabulariesOf(query(more), [named, other, bare]).map((one) => [
        one.type,
        one.vocabularyElementList,
      ]);

    expect(told({ attributeNames: 'name', includeChildren: true })).toEqual([
      [
        SITE,
        [
          { id: 'hub', attributes: [{ id: `${MDA}name`, attribute: 'Hub' }], children: ['gate'] },
          { id: 'bare' },
        ],
      ],
      ['urn:v', [{ id: 'other' }]],
    ]);
    const { id, attributes } = named.element;
    expect(told({})).toEqual([
      [SITE, [{ id, attributes }, { id: 'bare' }]],
      ['urn:v', [{ id: 'other' }]],
    ]);
    expect(told({ includeAttributes: false })).toEqual([
      [SITE, [{ id: 'hub' }, { id: 'bare' }]],
      ['urn:v', [{ id: 'other' }]],
    ]);
  });
});

test('what somebody registered is an element too, with the names of the standard where there are any', () => {
  const attributes = JSON.stringify({ colour: 'red', 'ex:own': 1 });

  expect(
    registeredElement('site', `414/${GLN}`, { name: 'Hub', lat: 48.2, lon: null, attributes }),
  ).toEqual({
    vocabulary: SITE,
    element: {
      id: `https://id.gs1.org/414/${GLN}`,
      attributes: [
        { id: `${MDA}name`, attribute: 'Hub' },
        { id: `${MDA}latitude`, attribute: '48.2' },
        { id: `${MDA}colour`, attribute: 'red' },
        { id: 'ex:own', attribute: 1 },
      ],
    },
  });
  expect(registeredElement('party', 'urn:x:own', {}).element).toEqual({
    ...{ id: 'urn:x:own', attributes: [] },
  });
});
