import type { Dice } from './dice.js';
import { oddTexts } from './mutate-values.js';

/** Parameters of SimpleEventQuery, of every family, and names that are none. */
const NAMES = [
  ...[
    'eventType',
    'GE_eventTime',
    'LT_eventTime',
    'GE_recordTime',
    'LT_recordTime',
    'EQ_action',
    'EQ_bizStep',
    'EQ_disposition',
  ],
  ...[
    'EQ_persistentDisposition_set',
    'EQ_persistentDisposition_unset',
    'EQ_readPoint',
    'WD_readPoint',
    'EQ_bizLocation',
  ],
  ...[
    'WD_bizLocation',
    'EQ_transformationID',
    'MATCH_epc',
    'MATCH_parentID',
    'MATCH_inputEPC',
    'MATCH_outputEPC',
  ],
  ...[
    'MATCH_anyEPC',
    'MATCH_epcClass',
    'MATCH_inputEPCClass',
    'MATCH_outputEPCClass',
    'MATCH_anyEPCClass',
    'WD_epcClass',
  ],
  ...[
    'EQ_quantity',
    'GT_quantity',
    'GE_quantity',
    'LT_quantity',
    'LE_quantity',
    'EQ_quantity_KGM',
    'EQ_eventID',
  ],
  ...[
    'EXISTS_errorDeclaration',
    'GE_errorDeclarationTime',
    'LT_errorDeclaration_Time',
    'EQ_errorReason',
    'EQ_correctiveEventID',
  ],
  ...[
    'orderBy',
    'orderDirection',
    'eventCountLimit',
    'maxEventCount',
    'GE_startTime',
    'LT_endTime',
    'EQ_type',
    'EQ_deviceID',
  ],
  ...[
    'EQ_stringValue',
    'EQ_hexBinaryValue',
    'EQ_uriValue',
    'EQ_booleanValue',
    'EQ_bizRules',
    'GE_value_CEL',
    'LT_percValue',
  ],
  ...[
    'EQ_sensorUOM',
    'EQ_bizTransaction_po',
    'EQ_source_owning_party',
    'EQ_destination_',
    'EQ_ex:field',
    'GT_ex:field',
  ],
  ...[
    'EQ_INNER_ex:field',
    'EXISTS_INNER_ILMD_ex:field',
    'EQ_ILMD_urn:epcglobal:cbv:mda:lotNumber',
    'HASATTR_bizLocation',
  ],
  ...[
    'EQATTR_bizLocation_name',
    'EQATTR__',
    'EXISTS_parentID',
    'EXISTS_',
    'EQ_',
    'GE_',
    'MATCH_',
    'WD_',
    '__proto__',
    'constructor',
  ],
  ...[
    'toString',
    'EQ___proto__',
    'EQ_constructor',
    'nextPageToken',
    'perPage',
    'unknown',
    '',
    'ä',
    'EQ_http://example.com/ns#f',
  ],
];

const VALUES = [
  ...[
    'ObjectEvent',
    'ADD',
    'ADD|OBSERVE',
    'shipping',
    '|',
    '||a||',
    'eventTime',
    'recordTime',
    'ASC',
    'DESC',
    'asc',
    '0',
    '1',
    '-1',
  ],
  ...[
    '1.5',
    '1e9',
    '1e400',
    '99999999999999999999',
    '0x10',
    'NaN',
    'true',
    'false',
    '2026-03-14T09:00:00Z',
    '%',
    '_',
    '*',
    '.*',
    '(',
  ],
  ...[
    '2026-03-14T09:00:00 01:00',
    'urn:epc:idpat:sgtin:9506000.013435.*',
    'urn:epc:id:sgtin:9506000.013435.A',
    '"',
    "'",
    '`',
    '\\',
  ],
  ...[
    '{}',
    '[]',
    'null',
    '\n',
    '\u0000',
    'WyJhIl0',
    'e30',
    'W10.abcd',
    '📦',
    'ſhipping',
    'a'.repeat(5000),
    'urn:x|'.repeat(300),
  ],
  ...['urn:x:y|'.repeat(1100), 'MATCH (n) DETACH DELETE n'],
];

/** What an address may hold though nothing encodes it so. */
const RAW = [
  '%',
  '%zz',
  '%c0%80',
  '%ff',
  '+',
  '%00',
  "'",
  '"',
  ';',
  '=',
  '%E0%80%80',
  '%25',
  '&',
  '%u0041',
  '%ED%A0%80',
];

function encoded(dice: Dice, text: string): string {
  const whole = Buffer.from(text).toString();
  return (
    (dice.chance(0.1) ? encodeURIComponent(whole).toLowerCase() : encodeURIComponent(whole)) +
    (dice.chance(0.05) ? dice.one(RAW) : '')
  );
}

function valueFrom(dice: Dice): string {
  return dice.chance(0.25) ? dice.one(oddTexts)(dice).slice(0, 12_000) : dice.one(VALUES);
}

/** A query string with some strange parameters, and the names in it as a server reads them. */
export function mutateQuery(dice: Dice): {
  readonly search: string;
  readonly names: readonly string[];
} {
  const count = 1 + dice.below(3);
  const pairs = Array.from({ length: count }, () => {
    const name = encoded(dice, dice.one(NAMES));
    return dice.chance(0.05) ? name : `${name}=${encoded(dice, valueFrom(dice))}`;
  });
  const search = pairs.join('&');
  return { search, names: [...new URLSearchParams(search).keys()] };
}

const HEADERS = [
  'Accept',
  'GS1-EPC-Format',
  'GS1-CBV-XML-Format',
  'GS1-EPCIS-Version',
  'GS1-EPCIS-Min',
  'GS1-EPCIS-Max',
  'GS1-CBV-Min',
  'GS1-CBV-Max',
  'GS1-Extensions',
  'GS1-Capture-Error-Behaviour',
  'Accept-Encoding',
  'Content-Type',
  'If-None-Match',
];

const HEADER_VALUES = [
  ...[
    'application/xml',
    'text/html',
    '*/*',
    'application/*;q=0.1, text/xml;q=0',
    ';;;',
    ',',
    '/',
    'application/json;q=NaN',
    'q=1',
  ],
  ...[
    'a/b,'.repeat(500),
    'Always_EPC_URN',
    'always_epc_urn',
    'Never',
    '2.0.0',
    '1.2',
    '9.9',
    '1',
    '99999999999999999999.1',
    '2.0.x',
  ],
  ...[
    '.',
    '-1',
    'ex=https://example.com/',
    'ex=',
    '=x',
    'ex=a b',
    '__proto__=urn:x:y',
    'ex=urn:x,ex=urn:y',
    '\u00e9',
    '%',
    '0',
  ],
  ...[
    'ex=https://example.com/'.repeat(300),
    ' ',
    '"',
    "'; --",
    '2.0.0, 1.2.0',
    'Always_Web_URI',
    'gzip;q=0',
    'x'.repeat(9000),
  ],
];

/** One to three strange headers. */
export function oddHeaders(dice: Dice): Record<string, string> {
  const count = 1 + dice.below(3);
  return Object.fromEntries(
    Array.from({ length: count }, () => [dice.one(HEADERS), dice.one(HEADER_VALUES)]),
  );
}
