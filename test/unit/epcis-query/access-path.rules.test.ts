import {
  accessToDeclarations,
  accessToEvents,
  rangeOf,
} from '../../../src/epcis-query/access-path.rules.js';
import type { Access, AccessPath, Residue } from '../../../src/epcis-query/access-path.rules.js';
import type { EpcPattern, EventQuery, Filter } from '../../../src/epcis-query/event-query.js';
import type { Resolved } from '../../../src/epcis-query/match-event.rules.js';

const query = (filters: readonly Filter[]): EventQuery => ({
  ...{ filters, orderBy: 'eventTime', orderDirection: 'ASC' },
});
const NONE: Resolved = new Map();
const access = (filters: readonly Filter[], resolved = NONE): Access | null =>
  accessToEvents(query(filters), resolved);
const paths = (filters: readonly Filter[], resolved = NONE): readonly AccessPath[] | undefined =>
  access(filters, resolved)?.paths;
const residue = (filters: readonly Filter[], resolved = NONE): Partial<Residue> =>
  Object.fromEntries(
    Object.entries(access(filters, resolved)!.residue).filter(([, value]) => value !== null),
  );

const exact = (key: string): EpcPattern => ({ kind: 'exact', key });
const prefix = (...prefixes: string[]): EpcPattern => ({ kind: 'prefix', prefixes });
const epc = (...patterns: EpcPattern[]): Filter => ({ kind: 'epc', roles: ['epc'], patterns });
const eventType = (...values: string[]): Filter => ({ kind: 'eventType', values });
const action = (...values: string[]): Filter => ({ kind: 'action', values });
const bizStep = (...values: string[]): Filter => ({ kind: 'bizStep', values });
const place = (values: readonly string[], descend = false): Filter => ({
  ...{ kind: 'place', field: 'readPoint', values, descend },
});
const attribute = (field: 'readPoint' | 'bizLocation' | 'source' | 'epcClass'): Filter => ({
  ...{ kind: 'attribute', field, names: ['name'] },
});
const field = (scope: 'event' | 'errorDeclaration'): Filter => ({
  ...{ kind: 'field', op: 'EXISTS', scope, inner: false, name: 'ns#a', values: [] },
});
const transformation: Filter = { kind: 'transformationID', values: ['t'] };
const UNIT = '01/09506000134352/21/1';
const SITE = '414/9506000134352';

describe('the range of times', () => {
  const from = (ms: number): Filter => ({ kind: 'eventTime', from: { ms, micros: 0 } });
  const to = (ms: number, micros = 0): Filter => ({ kind: 'eventTime', to: { ms, micros } });

  test('is what all filters of the kind leave, the last millisecond in only when some of it is', () => {
    expect(rangeOf(query([from(5), from(9), to(30), to(20)]), 'eventTime')).toEqual({
      ...{ from: 9, to: 19 },
    });
    expect(rangeOf(query([to(20, 1)]), 'eventTime').to).toBe(20);
  });

  test('is everything where nothing of the kind is asked', () => {
    const everything = { from: Number.MIN_SAFE_INTEGER, to: Number.MAX_SAFE_INTEGER };

    expect(rangeOf(query([from(5), to(20)]), 'recordTime')).toEqual(everything);
    expect(rangeOf(query([{ kind: 'eventTime' }]), 'eventTime')).toEqual(everything);
  });
});

describe('events', () => {
  test.each<[Filter]>([
    [{ kind: 'errorDeclaration' }],
    [{ kind: 'declarationTime' }],
    [{ kind: 'errorReason', values: ['r'] }],
    [{ kind: 'correctiveEventID', values: ['c'] }],
    [field('errorDeclaration')],
  ])('are not looked for when only declarations of error have what is asked: %j', (filter) => {
    expect(access([bizStep('shipping'), filter])).toBeNull();
    expect(access([bizStep('shipping'), field('event')])).not.toBeNull();
  });

  test('are found by each filter, by the one first that is likeliest to find few', () => {
    const filters = [
      ...[eventType('ObjectEvent'), bizStep('shipping'), transformation],
      ...[epc(exact(UNIT)), { kind: 'eventID', values: ['e'] } as const],
      { kind: 'epcClass', roles: ['any'], patterns: [prefix('01/')] } as const,
    ];

    expect(paths(filters)?.map(({ kind }) => kind)).toEqual([
      ...['ids', 'names', 'terms', 'termPrefixes', 'property', 'kinds'],
    ]);
    expect(paths([])).toEqual([]);
  });

  test('are found by the packages they name, and by terms where these are places; a mixture by neither', () => {
    expect(paths([epc(exact(UNIT), prefix('00/', '01/'))])).toStrictEqual([
      { kind: 'names', roles: ['epc'], keys: [UNIT], prefixes: ['00/', '01/'] },
    ]);
    expect(paths([epc(exact(SITE))])).toEqual([{ kind: 'terms', terms: [`epc epc ${SITE}`] }]);
    expect(paths([epc(exact(SITE), exact(UNIT))])).toEqual([]);
    expect(residue([epc(exact(UNIT)), epc(exact(SITE), exact(UNIT))])).toEqual({
      names: [{ roles: ['epc'], keys: [UNIT], prefixes: [] }],
    });
  });

  test('that have one of two sorts of terms are found by how both begin', () => {
    const filter: Filter = {
      kind: 'epcClass',
      roles: ['any'],
      patterns: [exact('k'), prefix('p')],
    };

    expect(paths([filter])).toEqual([
      { kind: 'termPrefixes', prefixes: ['class any k', 'class any p'] },
    ]);
    expect(residue([filter])).toEqual({});
  });

  test('are found by the places within another, unless these are too many', () => {
    const filter = place(['site'], true);
    const within = (count: number): Resolved =>
      new Map([[filter, new Set(Array.from({ length: count }, (_, i) => `s${i}`))]]);

    expect(paths([filter], within(2))).toEqual([
      { kind: 'property', property: 'readPoint', values: ['s0', 's1'] },
    ]);
    expect(paths([filter], within(500))).toHaveLength(1);
    expect(paths([filter], within(501))).toEqual([]);
  });

  test('are found by what master data tells of their places and classes, not of their sources', () => {
    const found = (field: Parameters<typeof attribute>[0]): unknown => {
      const filter = attribute(field);
      return paths([filter], new Map([[filter, new Set(['k'])]]));
    };

    expect(found('readPoint')).toEqual([
      { kind: 'property', property: 'readPoint', values: ['k'] },
    ]);
    expect(found('bizLocation')).toEqual([
      { kind: 'property', property: 'bizLocation', values: ['k'] },
    ]);
    expect(found('epcClass')).toMatchObject([{ kind: 'terms' }]);
    expect(found('source')).toEqual([]);
  });

  test('are found by type and action together; types without an action by a term, a mixture not at all', () => {
    const kinds = (types: string[], actions: string[]): AccessPath => ({
      ...{ kind: 'kinds', types, actions },
    });
    const all = ['ObjectEvent', 'AggregationEvent', 'TransactionEvent', 'AssociationEvent'];

    expect(paths([eventType('ObjectEvent')])).toEqual([
      kinds(['ObjectEvent'], ['ADD', 'OBSERVE', 'DELETE']),
    ]);
    expect(paths([action('ADD', 'OBSERVE'), action('ADD')])).toEqual([kinds(all, ['ADD'])]);
    expect(paths([eventType('TransformationEvent', 'ObjectEvent'), action('ADD')])).toEqual([
      kinds(['ObjectEvent'], ['ADD']),
    ]);
    expect(paths([eventType('TransformationEvent')])).toEqual([
      { kind: 'terms', terms: ['type TransformationEvent'] },
    ]);
    expect(paths([eventType('TransformationEvent', 'ObjectEvent')])).toEqual([]);
  });

  test.each<[Filter, boolean]>([
    [bizStep('shipping'), false],
    [epc(exact(UNIT)), false],
    [{ kind: 'quantity', op: 'GT', values: [1] }, true],
    [{ kind: 'standardField', name: 'ilmd' }, true],
    [{ kind: 'sensorTime', attribute: 'time' }, true],
    [attribute('source'), true],
  ])('are read loosely where no statement checks the filter: %j', (filter, isLoose) => {
    expect(access([bizStep('a'), filter])?.isLoose).toBe(isLoose);
  });
});

describe('what statements check', () => {
  test('is what is in all lists of a kind', () => {
    expect(residue([bizStep('a', 'b', 'c'), bizStep('c', 'b'), bizStep('b')])).toEqual({
      bizSteps: ['b'],
    });
    expect(residue([{ kind: 'disposition', values: ['d'] }, action('ADD')])).toEqual({
      ...{ actions: ['ADD'], dispositions: ['d'] },
    });
  });

  test.each<[string, readonly string[] | undefined]>([
    ['ObjectEvent', ['ObjectEvent']],
    ['QuantityEvent', undefined],
    ['https://ns.example.com/Own', undefined],
  ])('is the type %s only where it is told in one way: %j', (type, types) => {
    expect(residue([eventType(type)]).types).toEqual(types);
    expect(residue([eventType(type, 'QuantityEvent')]).types).toBeUndefined();
  });

  test('is the place by its key, and by what master data tells of it', () => {
    const told = attribute('bizLocation');
    const within = place(['site'], true);
    const resolved: Resolved = new Map([
      [told, new Set(['hub', 'shop'])],
      [within, new Set(['dock', 'gate'])],
    ]);

    expect(residue([within, place(['gate', 'x'])], resolved)).toEqual({ readPoints: ['gate'] });
    expect(residue([told], resolved)).toEqual({ bizLocations: ['hub', 'shop'] });
    expect(residue([told])).toEqual({ bizLocations: [] });
  });

  test('is one of the terms of each filter that has some', () => {
    const set: Filter = { kind: 'persistentDisposition', part: 'set', values: ['d', 'e'] };

    expect(residue([transformation, set])).toEqual({ terms: [['tid t'], ['set d', 'set e']] });
  });
});

describe('declarations of error', () => {
  const declared = (...filters: Filter[]): Access => accessToDeclarations(query(filters), NONE);

  test('are found by the terms of declarations, and what is found is judged anew', () => {
    expect(declared(bizStep('shipping'), epc(prefix('01/')))).toMatchObject({
      paths: [
        { kind: 'terms', terms: ['~bizStep shipping'] },
        { kind: 'termPrefixes', prefixes: ['~epc epc 01/'] },
      ],
      isLoose: true,
    });
    expect(Object.values(declared(bizStep('a')).residue).every((one) => one === null)).toBe(true);
  });

  test('are all looked at where nothing else leads to them', () => {
    const all = [{ kind: 'terms', terms: ['~all'] }];

    expect(declared().paths).toEqual(all);
    expect(declared({ kind: 'errorDeclaration' }, { kind: 'eventTime' }).paths).toEqual(all);
  });
});
