/** The term for all extension fields of an event that has too many to list. */
export const ANY_FIELD = 'has *';
/** Terms of error declarations begin with this. Terms of events never do. */
export const DECLARED = '~';

const LONGEST = 300;

/** A term from its kind and its parts. It is cut when it is too long for an index. */
export function termOf(...parts: readonly string[]): string {
  const text = parts.join(' ');
  return text.length > LONGEST ? text.slice(0, LONGEST) : text;
}

/** Texts of sensor elements that become terms. Writing and asking must use the same list. */
export const SENSOR_TEXTS: readonly string[] = [
  'type',
  'deviceID',
  'dataProcessingMethod',
  'bizRules',
  'microorganism',
  'chemicalSubstance',
];
