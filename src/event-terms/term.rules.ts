/** Stands for all extension fields of an event that has too many to list. */
export const ANY_FIELD = 'has *';
/** Terms of error declarations begin with this, those of events never. */
export const DECLARED = '~';

const LONGEST = 300;

/** A term: its kind and its parts, cut where they get longer than an index wants. */
export function termOf(...parts: readonly string[]): string {
  const text = parts.join(' ');
  return text.length > LONGEST ? text.slice(0, LONGEST) : text;
}

/** Texts of sensor elements that events have terms of: what is written and what is asked for must be the same. */
export const SENSOR_TEXTS: readonly string[] = [
  'type',
  'deviceID',
  'dataProcessingMethod',
  'bizRules',
  'microorganism',
  'chemicalSubstance',
];
