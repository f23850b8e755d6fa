import {
  parametersOfJson,
  parametersOfUrl,
  parseEventQuery,
  parseStoredQuery,
} from '../../../src/epcis-query/query-parameters.rules.js';
import type { EventQuery, Filter } from '../../../src/epcis-query/event-query.js';

const NAMESPACES = { ex: 'https://example.org/ns/' };
const queryOf = (search: string): EventQuery =>
  parseEventQuery(parametersOfUrl(new URLSearchParams(search)), NAMESPACES);
const filtersOf = (search: string): readonly Filter[] => queryOf(search).filters;

const SGTIN = '01/09506000134352/21/A1';
const SITE = '414/9506000123455';
const at = (text: string): { ms: number; micros: number } => ({ ms: Date.parse(text), micros: 0 });
const NOON = '2026-03-01T12:00:00.000Z';

test.each<[string, Filter]>([
  [
    'eventType=ObjectEvent|ex:Own',
    { kind: 'eventType', values: ['ObjectEvent', 'https://example.org/ns#Own', 'ex:Own'] },
  ],
  ['EQ_type=AggregationEvent', { kind: 'eventType', values: ['AggregationEvent'] }],
  [`GE_eventTime=${NOON}`, { kind: 'eventTime', from: at(NOON) }],
  [`LT_eventTime=2026-03-01T13:00:00%2B01:00`, { kind: 'eventTime', to: at(NOON) }],
  [`GE_recordTime=2026-03-01T13:00:00+01:00`, { kind: 'recordTime', from: at(NOON) }],
  [`LT_recordTime=${NOON}`, { kind: 'recordTime', to: at(NOON) }],
  ['EQ_action=ADD|DELETE', { kind: 'action', values: ['ADD', 'DELETE'] }],
  [
    'EQ_bizStep=urn:epcglobal:cbv:bizstep:shipping|https://ref.gs1.org/cbv/BizStep-receiving',
    { kind: 'bizStep', values: ['receiving', 'shipping'] },
  ],
  ['EQ_disposition=in_transit', { kind: 'disposition', values: ['in_transit'] }],
  [
    'EQ_persistentDisposition_set=damaged',
    { kind: 'persistentDisposition', part: 'set', values: ['damaged'] },
  ],
  [
    'EQ_persistentDisposition_unset=damaged',
    { kind: 'persistentDisposition', part: 'unset', values: ['damaged'] },
  ],
  [
    'EQ_readPoint=urn:epc:id:sgln:9506000.12345.0',
    { kind: 'place', field: 'readPoint', descend: false, values: [SITE] },
  ],
  [
    'WD_bizLocation=https://id.gs1.org/414/9506000123455',
    { kind: 'place', field: 'bizLocation', descend: true, values: [SITE] },
  ],
  [
    'EQ_bizLocation=urn:epc:id:sgln:9506000.12345.0|https://id.gs1.org/414/9506000123455',
    { kind: 'place', field: 'bizLocation', descend: false, values: [SITE] },
  ],
  [
    'EQ_source_ex:lender=urn:example:1',
    {
      kind: 'typed',
      list: 'source',
      types: ['ex:lender', 'https://example.org/ns/lender'],
      values: ['urn:example:1'],
    },
  ],
  ['EQ_transformationID=urn:example:t', { kind: 'transformationID', values: ['urn:example:t'] }],
  [
    'MATCH_epc=(01)09506000134352(21)A1',
    { kind: 'epc', roles: ['epc', 'child'], patterns: [{ kind: 'exact', key: SGTIN }] },
  ],
  [
    'MATCH_parentID=urn:epc:id:sscc:9506000.0000000001',
    { kind: 'epc', roles: ['parent'], patterns: [{ kind: 'exact', key: '00/095060000000000015' }] },
  ],
  [
    'MATCH_inputEPC=urn:epc:idpat:sgtin:9506000.013435.*',
    {
      kind: 'epc',
      roles: ['input'],
      patterns: [{ kind: 'prefix', prefixes: ['01/09506000134352/21/'] }],
    },
  ],
  [
    'MATCH_outputEPC=urn:example:x%25_',
    { kind: 'epc', roles: ['output'], patterns: [{ kind: 'exact', key: 'urn:example:x%_' }] },
  ],
  [
    'MATCH_epcClass=urn:epc:class:lgtin:9506000.013435.L1',
    {
      kind: 'epcClass',
      roles: ['any'],
      patterns: [{ kind: 'exact', key: '01/09506000134352/10/L1' }],
    },
  ],
  [
    'MATCH_anyEPCClass=https://id.gs1.org/01/09506000134352',
    {
      kind: 'epcClass',
      roles: ['any', 'input', 'output'],
      patterns: [{ kind: 'exact', key: '01/09506000134352' }],
    },
  ],
  ['GE_quantity=12.5', { kind: 'quantity', op: 'GE', values: [12.5] }],
  ['EQ_quantity_KGM=1|2', { kind: 'quantity', op: 'EQ', values: [1, 2], uom: 'KGM' }],
  [
    'EQ_bizTransaction_urn:epcglobal:cbv:btt:po=urn:example:1',
    { kind: 'typed', list: 'bizTransaction', types: ['po'], values: ['urn:example:1'] },
  ],
  [
    'EQ_source_owning_party=urn:epc:id:pgln:9506000.12345',
    { kind: 'typed', list: 'source', types: ['owning_party'], values: ['417/9506000123455'] },
  ],
  [
    'EQ_destination_https://ref.gs1.org/cbv/SDT-location=urn:epc:id:sgln:9506000.12345.0',
    { kind: 'typed', list: 'destination', types: ['location'], values: [SITE] },
  ],
  [
    'EQ_eventID=urn:example:e|urn:example:d',
    { kind: 'eventID', values: ['urn:example:d', 'urn:example:e'] },
  ],
  ['EXISTS_errorDeclaration', { kind: 'errorDeclaration' }],
  [`GE_errorDeclaration_Time=${NOON}`, { kind: 'declarationTime', from: at(NOON) }],
  [`LT_errorDeclarationTime=${NOON}`, { kind: 'declarationTime', to: at(NOON) }],
  ['EQ_errorReason=did_not_occur', { kind: 'errorReason', values: ['did_not_occur'] }],
  ['EQ_correctiveEventID=urn:example:c', { kind: 'correctiveEventID', values: ['urn:example:c'] }],
  [
    'EQ_ex:colour=red',
    {
      kind: 'field',
      op: 'EQ',
      scope: 'event',
      inner: false,
      name: 'https://example.org/ns#colour',
      values: [{ kind: 'text', text: 'red' }],
    },
  ],
  [
    'EQ_https://example.org/ns%23colour=red',
    {
      kind: 'field',
      op: 'EQ',
      scope: 'event',
      inner: false,
      name: 'https://example.org/ns#colour',
      values: [{ kind: 'text', text: 'red' }],
    },
  ],
  [
    'GE_INNER_ILMD_cbvmda:size=5',
    {
      kind: 'field',
      op: 'GE',
      scope: 'ilmd',
      inner: true,
      name: 'urn:epcglobal:cbv:mda#size',
      values: [{ kind: 'text', text: '5', number: 5 }],
    },
  ],
  [
    'LT_SENSORREPORT_ex:n=5',
    {
      kind: 'field',
      op: 'LT',
      scope: 'sensorReport',
      inner: false,
      name: 'https://example.org/ns#n',
      values: [{ kind: 'text', text: '5', number: 5 }],
    },
  ],
  [
    'EXISTS_INNER_ERROR_DECLARATION_ex:n',
    {
      kind: 'field',
      op: 'EXISTS',
      scope: 'errorDeclaration',
      inner: true,
      name: 'https://example.org/ns#n',
      values: [],
    },
  ],
  [
    'EQ_readPoint_ex:n=x',
    {
      kind: 'field',
      op: 'EQ',
      scope: 'readPoint',
      inner: false,
      name: 'https://example.org/ns#n',
      values: [{ kind: 'text', text: 'x' }],
    },
  ],
  ['EXISTS_sensorElementList=1', { kind: 'standardField', name: 'sensorElementList' }],
  [
    'HASATTR_bizLocation=urn:epcglobal:cbv:mda:name',
    { kind: 'attribute', field: 'bizLocation', names: ['name'] },
  ],
  [
    'EQATTR_bizLocation_city=Bonn',
    { kind: 'attribute', field: 'bizLocation', names: ['city'], values: ['Bonn'] },
  ],
  [
    'EQ_type=https://gs1.org/voc/Temperature',
    { kind: 'sensorText', attribute: 'type', in: 'either', values: ['Temperature'] },
  ],
  [
    'EQ_SENSORMETADATA_deviceID=urn:example:d',
    { kind: 'sensorText', attribute: 'deviceID', in: 'metadata', values: ['urn:example:d'] },
  ],
  [
    'EQ_hexBinaryValue=f0',
    { kind: 'sensorText', attribute: 'hexBinaryValue', in: 'either', values: ['F0'] },
  ],
  [
    'EQ_booleanValue=true',
    { kind: 'sensorText', attribute: 'booleanValue', in: 'report', values: ['true'] },
  ],
  [`GE_startTime=${NOON}`, { kind: 'sensorTime', attribute: 'startTime', from: at(NOON) }],
  ['LT_percRank=50', { kind: 'sensorNumber', attribute: 'percRank', op: 'LT', values: [50] }],
  [
    'GT_maxValue_CEL=8',
    { kind: 'sensorNumber', attribute: 'maxValue', op: 'GT', values: [8], uom: 'CEL' },
  ],
  [
    'EQ_sensorUOM=FAH&GE_value=80',
    { kind: 'sensorNumber', attribute: 'value', op: 'GE', values: [80], uom: 'FAH' },
  ],
  ['EQ_eventType=QuantityEvent', { kind: 'eventType', values: ['QuantityEvent'] }],
  ['eventType=ns%23Own', { kind: 'eventType', values: ['ns#Own'] }],
  [
    'EQ_type=ObjectEvent|Temperature',
    { kind: 'sensorText', attribute: 'type', in: 'either', values: ['ObjectEvent', 'Temperature'] },
  ],
  [
    'WD_readPoint=(414)9506000123455',
    { kind: 'place', field: 'readPoint', descend: true, values: [SITE] },
  ],
  ['WD_epcClass=(01)09506000134352', { kind: 'classWithin', values: ['01/09506000134352'] }],
  ['EQ_eventID=other:e', { kind: 'eventID', values: ['other:e'] }],
  [
    'EQ_errorReason=urn:example:own|https://ref.gs1.org/cbv/ER-did_not_occur',
    { kind: 'errorReason', values: ['did_not_occur', 'urn:example:own'] },
  ],
  [
    'EQ_booleanValue=0',
    { kind: 'sensorText', attribute: 'booleanValue', in: 'report', values: ['false'] },
  ],
  ['LT_endTime=2026-03-01T12:00:00Z', { kind: 'sensorTime', attribute: 'endTime', to: at(NOON) }],
  ['EXISTS_parentID', { kind: 'standardField', name: 'parentID' }],
  [
    'EQ_bizTransaction_po=PO 7|urn:epc:id:gdti:9506000.00001.7',
    {
      kind: 'typed',
      list: 'bizTransaction',
      types: ['po'],
      values: ['PO 7', '253/95060000000157'],
    },
  ],
  [
    'EQ_destination_location=9506000123455',
    { kind: 'typed', list: 'destination', types: ['location'], values: [SITE] },
  ],
  [
    'EQ_ex:n=5|a',
    {
      ...{ kind: 'field', op: 'EQ', scope: 'event', inner: false },
      name: 'https://example.org/ns#n',
      values: [
        { kind: 'text', text: '5', number: 5 },
        { kind: 'text', text: 'a' },
      ],
    },
  ],
  [
    'EQ_ATTR_bizLocation_postal_code=1',
    { kind: 'attribute', field: 'bizLocation', names: ['postal_code'], values: ['1'] },
  ],
  [
    'EQATTR_ex:own_field_city=Bonn',
    {
      kind: 'attribute',
      field: { name: 'https://example.org/ns#own_field' },
      names: ['city'],
      values: ['Bonn'],
    },
  ],
  ['HASATTR_bizStep=name', { kind: 'attribute', field: { name: 'bizStep' }, names: ['name'] }],
  [
    'EQ_SENSORREPORT_uom=CEL',
    { kind: 'sensorText', attribute: 'uom', in: 'report', values: ['CEL'] },
  ],
  ['EQ_uom=CEL', { kind: 'sensorText', attribute: 'uom', in: 'report', values: ['CEL'] }],
  [
    'EQ_deviceID=other:d',
    { kind: 'sensorText', attribute: 'deviceID', in: 'either', values: ['other:d'] },
  ],
  ['LT_percRank_P1=50', { kind: 'sensorNumber', attribute: 'percRank', op: 'LT', values: [50] }],
  ['EQ_value=5', { kind: 'sensorNumber', attribute: 'value', op: 'EQ', values: [5] }],
  [
    'EQ_uom=FAH&GE_value_CEL=8',
    { kind: 'sensorNumber', attribute: 'value', op: 'GE', values: [8], uom: 'CEL' },
  ],
])('%s becomes a filter', (search, filter) => {
  expect(filtersOf(search)).toEqual([filter]);
});

test('order, direction and limits are no filters, and newest first is the default', () => {
  expect(queryOf('orderBy=recordTime&orderDirection=ASC&eventCountLimit=3')).toEqual({
    filters: [],
    orderBy: 'recordTime',
    orderDirection: 'ASC',
    eventCountLimit: 3,
  });
  expect(queryOf('perPage=5&nextPageToken=x')).toEqual({
    filters: [],
    orderBy: 'eventTime',
    orderDirection: 'DESC',
  });
  expect(queryOf('orderBy=ex:colour').orderBy).toEqual({ field: 'https://example.org/ns#colour' });
});

test('newest first may be said, and a name without a value adds none', () => {
  expect(queryOf('orderBy=eventTime&orderDirection=DESC').orderDirection).toBe('DESC');
  expect(filtersOf('EQ_action=&EQ_action=ADD')).toEqual([{ kind: 'action', values: ['ADD'] }]);
});

test('the same query is the same, in whatever order and spelling it is asked', () => {
  expect(queryOf('EQ_action=ADD|DELETE&EQ_bizStep=shipping')).toEqual(
    queryOf('EQ_bizStep=urn:epcglobal:cbv:bizstep:shipping&EQ_action=DELETE&EQ_action=ADD'),
  );
});

test('a query in JSON says what a URL says', () => {
  const json = {
    '@context': NAMESPACES,
    EQ_bizStep: ['shipping', 'receiving'],
    GE_quantity: 5,
    EXISTS_errorDeclaration: null,
  };
  expect(parseEventQuery(parametersOfJson(json), NAMESPACES)).toEqual(
    queryOf('EQ_bizStep=receiving|shipping&GE_quantity=5&EXISTS_errorDeclaration'),
  );
  expect(() => parametersOfJson({ EQ_bizStep: { shipping: true } })).toThrow('must be text');
});

test('EXISTS_ that is denied asks for nothing', () => {
  expect(filtersOf('EXISTS_errorDeclaration=false&EXISTS_ex:n=0&EXISTS_parentID=false')).toEqual(
    [],
  );
});

test('a unit goes with the numbers, and is asked for itself where there are none', () => {
  const action: Filter = { kind: 'action', values: ['ADD'] };
  const number = { kind: 'sensorNumber', attribute: 'value', op: 'GE', values: [8] };

  expect(filtersOf('EQ_action=ADD&EQ_uom=CEL&GE_value=8')).toEqual([
    action,
    { ...number, uom: 'CEL' },
  ]);
  expect(filtersOf('EQ_action=ADD&EQ_uom=CEL')).toEqual([
    action,
    { kind: 'sensorText', attribute: 'uom', in: 'report', values: ['CEL'] },
  ]);
});

test('an answer may be asked for of no event, and a thousand values of a parameter', () => {
  expect(queryOf('maxEventCount=0').maxEventCount).toBe(0);
  expect(filtersOf(`EQ_ex:n=${'a|'.repeat(999)}a`)).toHaveLength(1);
});

test('a query that was stored keeps prefixes that nobody declared, and a new one is refused', () => {
  const query = { 'EQ_other:colour': ['red', null] };
  const field = { kind: 'field', name: 'other#colour', values: [{ kind: 'text', text: 'red' }] };

  expect(parseStoredQuery({ query, namespaces: {} }).filters).toMatchObject([field]);
  expect(() => parseEventQuery(parametersOfJson(query))).toThrow('prefix "other"');
});
