import { checkContents, elementFaultMessage } from './check-elements.js';
import type { Element } from './check-elements.js';
import { splitElements } from './element-string.js';
import { KEYS } from './key-table.js';
import type { KeySpec } from './key-table.js';
import { makeIdentifier } from './key.js';
import type { GivenKey } from './key.js';
import { fault, quoted } from './parsed.js';
import type { IdentifierFault, ParsedIdentifier } from './parsed.js';

/** Keys that are an attribute where another one stands beside them (GS1 General Specifications 3). */
const ATTRIBUTES = ['401', '402', '414', '415', '417', '8013'];

/**
 * The key that an element string tells most of, with its qualifiers. The other elements (expiry, weights, …) are judged, each by
 * itself, and left out: one that is wrong means a scan misread. What an AI needs beside it is not asked for: it may be in another
 * barcode.
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
  const spec = KEYS.find((key) => values.has(key.ai));
  if (spec === undefined) {
    const found = [...values.keys()].map((ai) => `(${ai})`).join(' ');
    return fault(
      'UNKNOWN_FORM',
      `${quoted(text)} holds no GS1 key: found ${found}, expected one of ${KEYS.map((key) => `(${key.ai})`).join(' ')}.`,
    );
  }
  const rival = rivalOf(spec, values);
  if (rival !== undefined) {
    return fault(
      'AMBIGUOUS',
      `${quoted(text)} names two things: ${spec.name} (${spec.ai}) and ${rival.name} (${rival.ai}). Give one of them.`,
    );
  }
  return { spec, value: values.get(spec.ai) ?? '', qualifiers: qualifiersOf(spec, values) };
}

/** A second key that names a thing. */
function rivalOf(spec: KeySpec, values: ReadonlyMap<string, string>): KeySpec | undefined {
  return KEYS.find((key) => key !== spec && values.has(key.ai) && !ATTRIBUTES.includes(key.ai));
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
