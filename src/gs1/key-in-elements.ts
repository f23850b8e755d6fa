import { APPLICATION_IDENTIFIERS } from './application-identifiers.js';
import { checkContents, elementFaultMessage } from './check-elements.js';
import type { Element } from './check-elements.js';
import { splitElements } from './element-string.js';
import { KEYS } from './key-table.js';
import type { KeySpec } from './key-table.js';
import { makeIdentifier } from './key.js';
import type { GivenKey } from './key.js';
import { fault, quoted } from './parsed.js';
import type { IdentifierFault, ParsedIdentifier } from './parsed.js';

/** Keys that are only an attribute when another key is present (GS1 General Specifications 3). */
const ATTRIBUTES = ['401', '402', '414', '415', '417', '8013'];

/**
 * The main key of an element string, with its qualifiers. The other elements (expiry, weights, …)
 * are judged one by one and dropped; a wrong one means that the scan was misread. An AI that needs
 * another one is accepted alone, because the other may be in another barcode.
 *
 * @see GS1 General Specifications 7.8 (processing of element strings)
 */
export function parseKeyInElements(text: string): ParsedIdentifier {
  const split = splitElements(text);
  if (!split.ok) return fault(split.fault.code, elementFaultMessage(split.fault));
  const given = choose(split.parts, text);
  if ('ok' in given) return given;
  const parsed = makeIdentifier(given);
  if (!parsed.ok) return parsed;
  const [wrong] = checkContents(split.parts);
  return wrong === undefined ? parsed : fault(wrong.code, elementFaultMessage(wrong));
}

function choose(elements: readonly Element[], text: string): GivenKey | IdentifierFault {
  const values = new Map<string, string>();
  for (const { ai, value } of elements) if (!values.has(ai)) values.set(ai, value);
  const present = KEYS.filter((key) => values.has(key.ai));
  const naming = present.filter((key) => !ATTRIBUTES.includes(key.ai));
  const things = naming.filter((key) => namesOneThing(key, values));
  const spec = things[0] ?? naming[0] ?? present[0];
  if (spec === undefined) {
    const found = [...values.keys()].map((ai) => `(${ai})`).join(' ');
    return fault(
      'UNKNOWN_FORM',
      `${quoted(text)} holds no GS1 key: found ${found}, expected one of ${KEYS.map((key) => `(${key.ai})`).join(' ')}.`,
    );
  }
  const rival = naming.find((key) => key !== spec && isRival(key, spec, things));
  if (rival !== undefined) {
    return fault(
      'AMBIGUOUS',
      `${quoted(text)} names two things: ${spec.name} (${spec.ai}) and ${rival.name} (${rival.ai}). Give one of them.`,
    );
  }
  return { spec, value: values.get(spec.ai) ?? '', qualifiers: qualifiersOf(spec, values) };
}

/** A class beside an object names its kind: the GTIN of a pallet (00, 01) or asset (8004, 01). */
function isRival(key: KeySpec, spec: KeySpec, things: readonly KeySpec[]): boolean {
  return (
    !things.includes(spec) || things.includes(key) || excludes(key, spec) || excludes(spec, key)
  );
}

function excludes(one: KeySpec, other: KeySpec): boolean {
  return APPLICATION_IDENTIFIERS.get(one.ai)?.excludes.includes(other.ai) === true;
}

function namesOneThing(key: KeySpec, values: ReadonlyMap<string, string>): boolean {
  if (key.level === 'instance') return true;
  if (key.digits > 0 && (values.get(key.ai) ?? '').length > key.digits) return true;
  return key.qualifiers.some(({ ai, makes }) => makes?.level === 'instance' && values.has(ai));
}

function qualifiersOf(
  spec: KeySpec,
  values: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const qualifiers = new Map<string, string>();
  for (const { ai } of spec.qualifiers) {
    const value = values.get(ai);
    if (value !== undefined) qualifiers.set(ai, value);
  }
  return qualifiers;
}
