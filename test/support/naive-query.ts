/**
 * A second reading of the query parameters, written apart from the product and sharing no code with it: one predicate a parameter over
 * the events as they were sent. Identifiers and words are compared by the table of spellings in query-events.ts.
 */
import type { Event, Thing } from './query-events.js';
import {
  BIZ_STEPS,
  CITIES,
  CLASS_PATTERNS,
  CLASSES,
  DISPOSITIONS,
  END_TYPES,
  ENDS,
  EPC_PATTERNS,
  EPCS,
  NAMESPACE,
  REASONS,
  SITES,
  TIMES,
  TRANSACTION_TYPES,
  TRANSACTIONS,
  WITHIN,
} from './query-events.js';

type Predicate = (event: Event, values: readonly string[]) => boolean;

function names(things: readonly Thing[], text: unknown): string {
  const found = things.find(({ forms }) => forms.includes(String(text)));
  return found?.name ?? `? ${String(text)}`;
}

const at = (event: unknown, ...path: string[]): unknown =>
  path.reduce<unknown>(
    (value, name) =>
      typeof value === 'object' && value !== null ? (value as Event)[name] : undefined,
    event,
  );
const list = (value: unknown): readonly unknown[] => {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
};

const word =
  (things: readonly Thing[], ...path: string[]): Predicate =>
  (event, values) =>
    list(at(event, ...path)).some((one) =>
      values.some((value) => names(things, value) === names(things, one)),
    );

const epc =
  (...fields: string[]): Predicate =>
  (event, values) =>
    fields
      .flatMap((field) => list(event[field]))
      .some((one) => values.some((value) => matchesEpc(names(EPCS, one), value)));

function matchesEpc(name: string, value: string): boolean {
  return EPC_PATTERNS.get(value)?.test(name) ?? name === names(EPCS, value);
}

const epcClass =
  (...fields: string[]): Predicate =>
  (event, values) =>
    fields
      .flatMap((field) => list(event[field]))
      .some((one) => {
        const name = names(CLASSES, at(one, 'epcClass'));
        return values.some(
          (value) => CLASS_PATTERNS.get(value)?.test(name) ?? name === names(CLASSES, value),
        );
      });

const within =
  (field: string): Predicate =>
  (event, values) =>
    values.some((value) => {
      const name = names(SITES, value);
      return (WITHIN.get(name) ?? [name]).includes(names(SITES, at(event, field, 'id')));
    });

const attribute =
  (
    field: string,
    test: (city: string | undefined, values: readonly string[]) => boolean,
  ): Predicate =>
  (event, values) =>
    event[field] !== undefined && test(CITIES.get(names(SITES, at(event, field, 'id'))), values);

const instant = (text: unknown): number => {
  const known = TIMES.find(({ forms }) => forms.includes(String(text)));
  return known === undefined ? NaN : Number(known.name);
};
const time =
  (test: (a: number, b: number) => boolean, ...path: string[]): Predicate =>
  (event, [value]) =>
    at(event, ...path) !== undefined && test(instant(at(event, ...path)), instant(value));
const since = (a: number, b: number): boolean => a >= b;
const before = (a: number, b: number): boolean => a < b;

const typed =
  (field: string, part: string, types: readonly Thing[], things: readonly Thing[]) =>
  (type: string): Predicate =>
  (event, values) =>
    list(event[field]).some(
      (one) =>
        names(types, at(one, 'type')) === names(types, type) &&
        values.some((value) => names(things, value) === names(things, at(one, part))),
    );

const quantity =
  (test: (a: number, b: number) => boolean, unit?: string): Predicate =>
  (event, values) =>
    ['quantityList', 'childQuantityList', 'inputQuantityList', 'outputQuantityList']
      .flatMap((field) => list(event[field]))
      .some((one) => {
        const [amount, uom] = [at(one, 'quantity'), at(one, 'uom')];
        if (amount === undefined) return false;
        if (unit === undefined) return values.some((value) => test(Number(amount), Number(value)));
        if (uom === undefined) return false;
        const grams = Number(amount) * (uom === 'KGM' ? 1000 : 1);
        return values.some((value) => test(grams / (unit === 'KGM' ? 1000 : 1), Number(value)));
      });

/** Values of the field of the namespace, whatever its prefix. */
const field =
  (test: (found: string | number, value: string) => boolean, ...path: string[]): Predicate =>
  (event, values) =>
    list(at(event, ...path)).some((found) =>
      values.some((value) => test(found as string | number, value)),
    );
const same = (found: string | number, value: string): boolean =>
  typeof found === 'number' ? found === Number(value) : found === value;
const more = (found: string | number, value: string): boolean => Number(found) > Number(value);
const most = (found: string | number, value: string): boolean => Number(found) <= Number(value);

/** Every parameter that the random queries use, with what it asks for. */
export const NAIVE: ReadonlyMap<string, Predicate> = new Map<string, Predicate>([
  ['eventType', (event, values) => values.includes(String(event['type']))],
  ['GE_eventTime', time(since, 'eventTime')],
  ['LT_eventTime', time(before, 'eventTime')],
  ['EQ_action', (event, values) => values.includes(String(event['action']))],
  ['EQ_bizStep', word(BIZ_STEPS, 'bizStep')],
  ['EQ_disposition', word(DISPOSITIONS, 'disposition')],
  ['EQ_persistentDisposition_set', word(DISPOSITIONS, 'persistentDisposition', 'set')],
  ['EQ_persistentDisposition_unset', word(DISPOSITIONS, 'persistentDisposition', 'unset')],
  ['EQ_readPoint', word(SITES, 'readPoint', 'id')],
  ['EQ_bizLocation', word(SITES, 'bizLocation', 'id')],
  ['WD_readPoint', within('readPoint')],
  ['WD_bizLocation', within('bizLocation')],
  [
    'HASATTR_readPoint',
    attribute('readPoint', (city, values) => city !== undefined && values.includes('city')),
  ],
  [
    'EQATTR_bizLocation_city',
    attribute('bizLocation', (city, values) => values.includes(city ?? '?')),
  ],
  ['EQ_transformationID', (event, values) => values.includes(String(event['transformationID']))],
  ['MATCH_epc', epc('epcList', 'childEPCs')],
  ['MATCH_parentID', epc('parentID')],
  ['MATCH_inputEPC', epc('inputEPCList')],
  ['MATCH_outputEPC', epc('outputEPCList')],
  ['MATCH_anyEPC', epc('epcList', 'childEPCs', 'parentID', 'inputEPCList', 'outputEPCList')],
  ['MATCH_epcClass', epcClass('quantityList', 'childQuantityList')],
  ['MATCH_inputEPCClass', epcClass('inputQuantityList')],
  ['MATCH_outputEPCClass', epcClass('outputQuantityList')],
  [
    'MATCH_anyEPCClass',
    epcClass('quantityList', 'childQuantityList', 'inputQuantityList', 'outputQuantityList'),
  ],
  ['EQ_quantity', quantity((a, b) => a === b)],
  ['GE_quantity', quantity(since)],
  ['LT_quantity', quantity(before)],
  ['GT_quantity_KGM', quantity((a, b) => a > b, 'KGM')],
  ['LE_quantity_GRM', quantity((a, b) => a <= b, 'GRM')],
  [
    'EQ_bizTransaction_po',
    typed('bizTransactionList', 'bizTransaction', TRANSACTION_TYPES, TRANSACTIONS)('po'),
  ],
  [
    'EQ_bizTransaction_urn:epcglobal:cbv:btt:desadv',
    typed('bizTransactionList', 'bizTransaction', TRANSACTION_TYPES, TRANSACTIONS)('desadv'),
  ],
  ['EQ_source_owning_party', typed('sourceList', 'source', END_TYPES, ENDS)('owning_party')],
  ['EQ_destination_location', typed('destinationList', 'destination', END_TYPES, ENDS)('location')],
  ['EQ_eventID', (event, values) => values.includes(String(event['eventID']))],
  ['EXISTS_errorDeclaration', (event) => event['errorDeclaration'] !== undefined],
  ['GE_errorDeclarationTime', time(since, 'errorDeclaration', 'declarationTime')],
  ['LT_errorDeclarationTime', time(before, 'errorDeclaration', 'declarationTime')],
  ['EQ_errorReason', word(REASONS, 'errorDeclaration', 'reason')],
  [
    'EQ_correctiveEventID',
    (event, values) =>
      list(at(event, 'errorDeclaration', 'correctiveEventIDs')).some((id) =>
        values.includes(String(id)),
      ),
  ],
  ['EQ_ex:color', field(same, 'ex:color')],
  [`EQ_${NAMESPACE}#color`, field(same, 'ex:color')],
  ['GT_ex:color', field(more, 'ex:color')],
  ['EXISTS_ex:box', (event) => event['ex:box'] !== undefined],
  ['EQ_INNER_ex:color', field(same, 'ex:box', 'ex:color')],
  ['LE_INNER_ex:size', field(most, 'ex:box', 'ex:size')],
  ['EQ_ILMD_ex:color', field(same, 'ilmd', 'ex:color')],
  ['EXISTS_INNER_ILMD_ex:color', (event) => at(event, 'ilmd', 'ex:box', 'ex:color') !== undefined],
]);

/** Whether an event meets all parameters. */
export function naiveMatch(
  event: Event,
  parameters: ReadonlyMap<string, readonly string[]>,
): boolean {
  return [...parameters].every(([name, values]) => NAIVE.get(name)?.(event, values));
}
