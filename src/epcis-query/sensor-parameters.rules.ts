import { SENSOR_WORDS, sensorText } from '../event-terms/event-readers.rules.js';
import type { Comparison, Filter, SensorPart } from './event-query.js';
import type { Parameter } from './parameter-values.rules.js';
import { numbersOf, refusal, spellingsOf, textsOf } from './parameter-values.rules.js';

/** Attributes of sensor reports that are a text, URI or word. */
const REPORT_TEXTS: ReadonlySet<string> = new Set([
  'type',
  'exception',
  'microorganism',
  'chemicalSubstance',
  'coordinateReferenceSystem',
  'component',
  'stringValue',
  'hexBinaryValue',
  'uriValue',
  'uom',
  'deviceID',
  'deviceMetadata',
  'rawData',
  'dataProcessingMethod',
  'bizRules',
]);
/** Attributes of sensor metadata that are URIs. Reports have them too. */
const METADATA_TEXTS: ReadonlySet<string> = new Set([
  'deviceID',
  'deviceMetadata',
  'rawData',
  'dataProcessingMethod',
  'bizRules',
]);
const NUMBERS: ReadonlySet<string> = new Set([
  'value',
  'minValue',
  'maxValue',
  'meanValue',
  'sDev',
  'percRank',
  'percValue',
]);
/** Equality with a text attribute of a sensor report or of sensor metadata. */
export function sensorTexts(attribute: string, part: SensorPart): (parameter: Parameter) => Filter {
  return (parameter) => ({
    kind: 'sensorText',
    attribute,
    in: part,
    values: textsOf(parameter).flatMap((text) =>
      spellingsIn(parameter, attribute, text).map((said) => sensorText(attribute, said)),
    ),
  });
}

/** Only words can have a wrong prefix. The other attributes may contain any text. */
function spellingsIn(parameter: Parameter, attribute: string, text: string): readonly string[] {
  return spellingsOf({ ...parameter, isLenient: !(attribute in SENSOR_WORDS) }, text);
}

const FORM = /^(EQ|GT|GE|LT|LE)_(SENSORMETADATA_|SENSORREPORT_)?([a-zA-Z]+)(?:_([A-Z0-9]{2,4}))?$/;

/**
 * The filter of a sensor parameter: `EQ_deviceID`, `EQ_SENSORREPORT_deviceID`, `GE_maxValue_CEL`, `LT_percRank`; null when the name is not
 * one. A number without a unit in its name is in `uom` (EQ_sensorUOM). Without both it is compared as written.
 */
export function sensorFilter(parameter: Parameter, uom: string | undefined): Filter | null {
  const [, op = '', scope, attribute = '', unit] = FORM.exec(parameter.name) ?? [];
  if (NUMBERS.has(attribute)) {
    const asked = { op: op as Comparison, values: numbersOf(parameter) };
    return { kind: 'sensorNumber', attribute, ...asked, ...inUnit(attribute, unit ?? uom) };
  }
  return op === 'EQ' && unit === undefined ? textFilter(parameter, scope, attribute) : null;
}

/** A percentile rank has no unit. */
function inUnit(attribute: string, uom: string | undefined): { readonly uom?: string } {
  return uom === undefined || attribute === 'percRank' ? {} : { uom };
}

function textFilter(
  parameter: Parameter,
  scope: string | undefined,
  attribute: string,
): Filter | null {
  const part = partOf(scope);
  const known = part === 'metadata' ? METADATA_TEXTS : REPORT_TEXTS;
  return known.has(attribute) && (attribute !== 'uom' || scope !== undefined)
    ? sensorTexts(attribute, part)(parameter)
    : null;
}

function partOf(scope: string | undefined): SensorPart {
  if (scope === undefined) return 'either';
  return scope === 'SENSORMETADATA_' ? 'metadata' : 'report';
}

/** The unit of numbers without a unit in their name: one code of UN/ECE Recommendation 20. */
export function unitOf(parameter: Parameter): string {
  const [unit = '', ...more] = textsOf(parameter);
  if (more.length === 0 && /^[A-Z0-9]{2,4}$/.test(unit)) return unit;
  throw refusal(
    parameter.name,
    parameter.values.join('|'),
    'must be one unit code of UN/ECE Recommendation 20.',
    'Degrees Celsius are CEL, and percent is P1.',
  );
}
