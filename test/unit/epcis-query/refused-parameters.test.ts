import {
  parametersOfUrl,
  parseEventQuery,
} from '../../../src/epcis-query/query-parameters.rules.js';
import { isProblem } from '../../../src/shared/problem.js';

const NOON = '2026-03-01T12:00:00.000Z';

function refusalOf(search: string): Readonly<Record<string, unknown>> {
  try {
    parseEventQuery(parametersOfUrl(new URLSearchParams(search)), {
      ex: 'https://example.org/ns/',
    });
  } catch (error) {
    if (isProblem(error, 'QUERY_PARAMETER')) return error.details ?? {};
    throw error;
  }
  throw new Error(`${search} was taken`);
}

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
  ['orderBy=eventTime|recordTime', 'orderBy', 'eventTime, recordTime'],
  ['orderBy=ex:a|ex:b', 'orderBy', 'eventTime, recordTime'],
  ['orderBy=', 'orderBy', 'eventTime, recordTime'],
  ['orderBy=other:colour', 'orderBy', 'prefix "other"'],
  ['orderBy=eventTime&orderDirection=ASC|DESC', 'orderDirection', 'one value'],
  ['orderBy=eventTime&eventCountLimit=0', 'eventCountLimit', 'at least 1'],
  ['EQ_sensorUOM=CEL|FAH&GE_value=1', 'EQ_sensorUOM', 'Recommendation 20'],
  ['EQ_type=other:Heat', 'EQ_type', 'prefix "other"'],
  ['EQ_SENSORMETADATA_type=Temperature', 'EQ_SENSORMETADATA_type', 'is not a parameter'],
  ['GE_deviceID=urn:example:d', 'GE_deviceID', 'is not a parameter'],
  ['EQ_deviceID_CEL=urn:example:d', 'EQ_deviceID_CEL', 'is not a parameter'],
  ['EXISTS_recordTime', 'EXISTS_recordTime', 'is not a parameter'],
  ['EXISTS_colour', 'EXISTS_colour', 'is not a parameter'],
  ['EQ_source_location=PO 7', 'EQ_source_location', 'identifier'],
  ['EQATTR_city=Bonn', 'EQATTR_city', 'extension field'],
  ['EQATTR__city=Bonn', 'EQATTR__city', 'extension field'],
  ['HASATTR_other:field=city', 'HASATTR_other:field', 'prefix "other"'],
  ['EQ_other:colour=red', 'EQ_other:colour', 'prefix "other"'],
  ['eventType=other:Own', 'eventType', 'prefix "other"'],
  [`EQ_ex:n=${'a|'.repeat(1000)}a`, 'EQ_ex:n', 'at most 1000 values'],
])('%s is refused, the parameter, the rule and a remedy named', (search, parameter, rule) => {
  const details = refusalOf(search);
  expect(details).toMatchObject({
    parameter,
    rule: expect.stringContaining(rule) as string,
    remedy: expect.stringMatching(/\w/) as string,
  });
});

test.each([
  ['EQATTR_city=Bonn', 'city'],
  ['EQATTR__city=Bonn', '_city'],
  ['EQATTR_x_city=Bonn', 'x'],
  ['EQATTR_bizstop_postal_code=1', 'bizstop_postal'],
])(
  '%s names no field that has attributes, and the refusal shows which it read',
  (search, found) => {
    expect(refusalOf(search)).toMatchObject({ found });
  },
);
