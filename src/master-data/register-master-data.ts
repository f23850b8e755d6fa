import type { View } from '../access/view.js';
import { isObject } from '../epcis/checks.js';
import { parseGln, parseGtin, parseIdentifier } from '../gs1/identifier.js';
import type { ParsedIdentifier } from '../gs1/identifier.js';
import { withDigits } from '../shared/number-digits.js';
import { Problem } from '../shared/problem.js';
import { companyPrefixOf } from './company-prefix.js';
import { MAX_ATTRIBUTES, storeMasterDataRows } from './master-data.store.js';
import type { MasterDataReceipt, MasterDataRow, OperatorRow } from './master-data.store.js';
import { limitFaultsOf } from './register-limits.rules.js';
import { registeredTermRows } from './registered-terms.rules.js';
import { storeAttributeTerms } from './vocabulary.store.js';
import { append } from '../shared/append.js';

/** The most records of one call. */
const MAX_RECORDS = 1000;

const TOO_FULL = `with the attributes known before, there would be more than ${MAX_ATTRIBUTES}. Use names that are known.`;

/** One thing that is wrong with a record given. */
export interface RegisterFault {
  readonly code: string;
  /** JSON Pointer into the argument. */
  readonly pointer: string;
  readonly found: string;
  readonly expected: string;
  readonly remedy: string;
}

/** Counts and keys, or every fault. When there is a fault, nothing is stored. */
export type RegisterOutcome =
  | { readonly ok: true; readonly receipt: MasterDataReceipt; readonly keys: readonly string[] }
  | { readonly ok: false; readonly faults: readonly RegisterFault[] };

/** A record as given: its identifier and any other fields. */
export type GivenRecord = Readonly<Record<string, unknown>>;
type Kind = 'products' | 'sites' | 'parties';

interface Reader {
  /** Name of the identifying field. */
  readonly id: string;
  readonly parse: (text: string) => ParsedIdentifier;
  readonly keyOf: (key: string) => string;
}

const READERS: Readonly<Record<Kind, Reader>> = {
  products: { id: 'gtin', parse: parseGtin, keyOf: (key) => key.slice(3) },
  sites: { id: 'gln', parse: (text) => parsePlace(text, 'location'), keyOf: (key) => key },
  parties: { id: 'gln', parse: (text) => parsePlace(text, 'party'), keyOf: (key) => key },
};

const KIND_OF = { products: 'product', sites: 'site', parties: 'party' } as const;

/**
 * Registers or updates up to {@link MAX_RECORDS} records of one kind: all or none.
 *
 * A field left out stays as it is; a field given as null is removed.
 */
export async function registerMasterData(
  view: View,
  kind: Kind,
  records: readonly GivenRecord[],
): Promise<RegisterOutcome> {
  const faults: RegisterFault[] = [];
  if (records.length === 0 || records.length > MAX_RECORDS)
    faults.push({
      code: 'COUNT',
      pointer: '',
      found: `${records.length} records`,
      expected: `1 to ${MAX_RECORDS} records`,
      remedy: 'Register in several calls.',
    });
  else
    records.forEach((record, i) => {
      append(faults, faultsOf(kind, record, `/${i}`));
    });
  if (faults.length > 0) return { ok: false, faults };

  const rows = records.map((record) => rowOf(kind, record));
  const operators = kind === 'sites' ? records.flatMap(operatorOf) : [];
  const terms = registeredTermRows(KIND_OF[kind], rows);
  const receipt = await view.write(async (tx) => {
    const stored = await storeMasterDataRows(tx, { [kind]: rows, operators });
    if (stored.full.length > 0)
      throw new Problem('BAD_USER_INPUT', `${stored.full.join(', ')}: ${TOO_FULL}`);
    await storeAttributeTerms(tx, KIND_OF[kind], terms);
    return stored;
  });
  return { ok: true, receipt, keys: rows.map((row) => row.key) };
}

function faultsOf(kind: Kind, record: GivenRecord, pointer: string): RegisterFault[] {
  const { id, parse } = READERS[kind];
  const limits = limitFaultsOf(record);
  if (limits.length > 0)
    return limits.map(({ field, ...fault }) => ({ ...fault, pointer: `${pointer}/${field}` }));
  const parsed = parse(String(record[id]));
  return [
    ...(parsed.ok ? [] : [faultOf(parsed, `${pointer}/${id}`, record[id])]),
    ...operatorFaults(record, pointer),
    ...countryFault(record, pointer),
    ...rangeFaults(record, pointer),
  ];
}

function faultOf(
  parsed: { code: string; message: string },
  pointer: string,
  found: unknown,
): RegisterFault {
  return {
    code: parsed.code,
    pointer,
    found: shown(found),
    expected: parsed.message,
    remedy: 'Correct the identifier.',
  };
}

function operatorFaults(record: GivenRecord, pointer: string): RegisterFault[] {
  const { operator } = record;
  const parsed = typeof operator === 'string' ? parsePlace(operator, 'party') : null;
  const unknown = parsed?.ok === false ? [faultOf(parsed, `${pointer}/operator`, operator)] : [];
  return [...unknown, ...datesFaults(record, pointer)];
}

function datesFaults(record: GivenRecord, pointer: string): RegisterFault[] {
  const [from, until] = [timeOf(record['operatedFrom']), timeOf(record['operatedUntil'])];
  const name = from === null ? 'operatedUntil' : 'operatedFrom';
  const fault = { code: 'OPERATOR', pointer: `${pointer}/${name}`, found: shown(record[name]) };
  if (from === null && until === null) return [];
  if (record['operator'] === undefined)
    return [
      { ...fault, expected: 'the operator whose time it is', remedy: 'Give "operator" with it.' },
    ];
  if (from === null || until === null || from < until) return [];
  return [{ ...fault, expected: 'a time before "operatedUntil"', remedy: 'Correct the times.' }];
}

function countryFault({ country }: GivenRecord, pointer: string): RegisterFault[] {
  if (typeof country !== 'string' || /^[A-Z]{2}$/.test(country)) return [];
  const expected = 'an ISO 3166-1 alpha-2 code in capitals';
  return [
    {
      code: 'COUNTRY',
      pointer: `${pointer}/country`,
      found: shown(country),
      expected,
      remedy: 'Give a code such as "CH".',
    },
  ];
}

const RANGES: readonly (readonly [string, number, number])[] = [
  ['lat', -90, 90],
  ['lon', -180, 180],
  ['storageMinCelsius', -273.15, 1000],
  ['storageMaxCelsius', -273.15, 1000],
];

function rangeFaults(record: GivenRecord, pointer: string): RegisterFault[] {
  return RANGES.flatMap(([name, min, max]) => {
    const value = record[name];
    if (typeof value !== 'number' || (value >= min && value <= max)) return [];
    return [
      {
        code: 'RANGE',
        pointer: `${pointer}/${name}`,
        found: String(value),
        expected: `${min} to ${max}`,
        remedy: 'Correct the value.',
      },
    ];
  });
}

function rowOf(kind: Kind, record: GivenRecord): MasterDataRow {
  const { id, parse, keyOf } = READERS[kind];
  const { attributes } = record;
  const text = String(record[id]);
  const parsed = parse(text);
  const gcp = companyPrefixOf(text);
  const other = [id, 'operator', 'operatedFrom', 'operatedUntil', 'attributes'];
  const given = Object.entries(record).filter(
    ([name, value]) => value !== undefined && !other.includes(name),
  );
  return {
    key: parsed.ok ? keyOf(parsed.id.key) : '',
    properties: {
      ...(Object.fromEntries(given) as MasterDataRow['properties']),
      ...(gcp === undefined ? {} : { gcp }),
    },
    ...(isObject(attributes)
      ? { attributes: withDigits(attributes) as Record<string, unknown> }
      : {}),
  };
}

function operatorOf(record: GivenRecord): OperatorRow[] {
  const { operator, operatedFrom, operatedUntil } = record;
  if (operator === undefined) return [];
  const site = parsePlace(String(record['gln']), 'location');
  const party = typeof operator === 'string' ? parsePlace(operator, 'party') : null;
  if (!site.ok) return [];
  return [
    {
      site: site.id.key,
      party: party?.ok === true ? party.id.key : null,
      from: timeOf(operatedFrom),
      to: timeOf(operatedUntil),
    },
  ];
}

function timeOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}

/** A GLN of that kind, or a URI that is not a GS1 key: companies have sites without a GLN. */
function parsePlace(text: string, level: 'location' | 'party'): ParsedIdentifier {
  const parsed = parseIdentifier(text);
  return parsed.ok && parsed.id.scheme === 'other' ? parsed : parseGln(text, level);
}

function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
