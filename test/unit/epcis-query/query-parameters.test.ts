import {
  parametersOfJson,
  parametersOfUrl,
  parseEventQuery,
} from '../../../src/epcis-query/query-parameters.rules.js';
import type { EventQuery, Filter } from '../../../src/epcis-query/event-query.js';
import { isProblem } from '../../../src/shared/problem.js';

const NAMESPACES = { ex: 'https://example.org/ns/' };
const queryOf = (search: string): EventQuery =>
  parseEventQuery(parametersOfUrl(new URLSearchParams(search)), NAMESPACES);
const filtersOf = (search: string): readonly Filter[] => queryOf(search).filters;

function refusalOf(search: string): Readonly<Record<string, unknown>> {
  try {
    queryOf(search);
  } catch (error) {
    if (isProblem(error, 'QUERY_PARAMETER')) return error.details ?? {};
    throw error;
  }
  throw new Error(`${search} was taken`);
}

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
])('%s becomes a filter', (search, filter) => {
  expect(filtersOf(search)).toEqual([filter]);
});

test.each([
  ['EQ_bizstep=shipping', 'EQ_bizstep', 'is not a parameter'],
  ['EQ_color=red', 'EQ_color', 'is not a parameter'],
  ['GE_bizStep=shipping', 'GE_bizStep', 'is not a parameter'],
  ['EQ_action=add', 'EQ_action', 'ADD or OBSERVE or DELETE'],
  ['EQ_action=', 'EQ_action', 'needs a value'],
  ['EQ_bizStep=shiping', 'EQ_bizStep', 'word of the CBV'],
  ['eventType=Objectevent', 'eventType', 'ObjectEvent'],
  ['GE_eventTime=2026-03-01', 'GE_eventTime', 'offset'],
  ['GE_eventTime=2026-03-01T12:00:00', 'GE_eventTime', 'offset'],
  [`GE_eventTime=${NOON}|${NOON}`, 'GE_eventTime', 'one value'],
  ['EQ_quantity=many', 'EQ_quantity', 'number'],
  ['GT_ex:colour=red', 'GT_ex:colour', 'number, or a date'],
  ['MATCH_epc=urn:epc:idpat:sgtin:9506000.*.1', 'MATCH_epc', 'EPC pattern'],
  ['MATCH_epc=urn:epc:idpat:sgtin:9506000.0134*', 'MATCH_epc', 'EPC pattern'],
  ['MATCH_epc=A1', 'MATCH_epc', 'identifier'],
  ['EXISTS_errorDeclaration=maybe', 'EXISTS_errorDeclaration', 'true or false'],
  ['EQATTR_bizstop_name=x', 'EQATTR_bizstop_name', 'extension field'],
  ['orderBy=bizStep', 'orderBy', 'eventTime, recordTime'],
  ['orderBy=eventTime&orderDirection=asc', 'orderDirection', 'ASC or DESC'],
  ['eventCountLimit=5', 'eventCountLimit', 'orderBy'],
  ['orderBy=eventTime&eventCountLimit=5&maxEventCount=5', 'eventCountLimit', 'maxEventCount'],
  ['maxEventCount=1.5', 'maxEventCount', 'whole number'],
  ['EQ_sensorUOM=Celsius&GE_value=1', 'EQ_sensorUOM', 'Recommendation 20'],
])('%s is refused, the parameter, the rule and a remedy named', (search, parameter, rule) => {
  const details = refusalOf(search);
  expect(details).toMatchObject({
    parameter,
    rule: expect.stringContaining(rule) as string,
    remedy: expect.stringMatching(/\w/) as string,
  });
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
  expect(filtersOf('EXISTS_errorDeclaration=false&EXISTS_ex:n=0')).toEqual([]);
});
