/** Random queries in which every parameter that the naive reading knows occurs. */
import type { Dice } from './dice.js';
import { NAIVE } from './naive-query.js';
import {
  BIZ_STEPS,
  CLASS_PATTERNS,
  CLASSES,
  DISPOSITIONS,
  ENDS,
  EPC_PATTERNS,
  EPCS,
  FIELD_VALUES,
  REASONS,
  SITES,
  TIMES,
  TRANSACTIONS,
} from './query-events.js';
import type { Event } from './query-events.js';

const spellings = (things: readonly { readonly forms: readonly string[] }[]): string[] =>
  things.flatMap(({ forms }) => forms);
const VALUES: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^eventType/, ['ObjectEvent', 'AggregationEvent', 'TransformationEvent', 'TransactionEvent']],
  [/action/, ['ADD', 'OBSERVE', 'DELETE']],
  [/bizStep/, spellings(BIZ_STEPS)],
  [/isposition/, spellings(DISPOSITIONS)],
  [/^HASATTR/, ['city', 'urn:epcglobal:cbv:mda:city', 'colour']],
  [/^EQATTR/, ['Bonn', 'Paris', 'Rome']],
  [/readPoint|bizLocation/, spellings(SITES)],
  [/transformationID/, ['urn:example:tf:1', 'urn:example:tf:2']],
  [/Class/, [...spellings(CLASSES), ...CLASS_PATTERNS.keys()]],
  [/^MATCH_parent/, [...spellings(EPCS.slice(5, 7)), 'urn:epc:idpat:sscc:9506000.*']],
  [/^MATCH/, [...spellings(EPCS), ...EPC_PATTERNS.keys()]],
  [/quantity/, ['5', '10', '2.5', '2500']],
  [/bizTransaction/, spellings(TRANSACTIONS)],
  [/source|destination/, spellings(ENDS)],
  [/^EXISTS/, ['true']],
  [/orrectiveEventID/, ['urn:example:correction:1', 'urn:example:correction:2']],
  [/[Tt]ime/, spellings(TIMES)],
  [/Reason/, spellings(REASONS)],
  [/size/, ['3', '8', '10']],
  [/^GT_ex/, ['7', '9.99', '10']],
  [/color/, FIELD_VALUES.map(String)],
];
const SEVERAL = /^(?:eventType|EQ_(?!quantity)|MATCH|WD)/;

function valuesOf(name: string, random: Dice, events: readonly Event[]): string[] {
  if (name === 'EQ_eventID') return [String(random.one(events)['eventID'])];
  const choices = VALUES.find(([form]) => form.test(name))?.[1] ?? [];
  const values = [random.one(choices)];
  if (SEVERAL.test(name) && random.chance(0.3)) values.push(random.one(choices));
  return [...new Set(values)];
}

/** Up to three parameters of SimpleEventQuery, with values that occur in {@link QueryEvents}; those of EQ_eventID are of `events`. */
export function randomQuery(random: Dice, events: readonly Event[]): Map<string, string[]> {
  const parameters = new Map<string, string[]>();
  const count = random.one([1, 1, 2, 2, 3]);
  for (let i = 0; i < count; i++) {
    const name = random.one([...NAIVE.keys()]);
    parameters.set(
      name,
      valuesOf(name, random, events).map((value) => value.replaceAll('HASATTR', '')),
    );
  }
  return parameters;
}
