import { APPLICATION_IDENTIFIERS } from './application-identifiers.js';
import { decodeEscapes } from './characters.js';
import { checkContents, elementFaultMessage } from './check-elements.js';
import type { Element } from './check-elements.js';
import { readDigitalLink } from './digital-link.js';
import { makeIdentifier } from './key.js';
import { fault, quoted } from './parsed.js';
import type { IdentifierFault } from './parsed.js';

/** The elements of a Digital Link: key and qualifiers first, then the attributes of its query. */
export interface LinkElements {
  readonly ok: true;
  readonly elements: readonly Element[];
}

/**
 * Reads an uncompressed GS1 Digital Link as elements, attributes included
 * (`?17=271231&3103=000500`), so that it can be written as an element string. Query parameters that
 * are not AIs (`linkType`, `context`, …) are skipped.
 *
 * Null when the URL is not a Digital Link; a fault when a value is wrong, or when the query has an
 * AI that belongs in the path.
 *
 * @see GS1 Digital Link URI Syntax 4.10 (data attributes)
 */
export function parseDigitalLink(url: string): LinkElements | IdentifierFault | null {
  const given = readDigitalLink(url);
  if (given === null || 'ok' in given) return given;
  const judged = makeIdentifier(given);
  if (!judged.ok) return judged;
  const attributes = attributesOf(url);
  if ('ok' in attributes) return attributes;
  const path = [...given.qualifiers].map(([ai, value]) => ({ ai, value }));
  const elements = [{ ai: given.spec.ai, value: given.value }, ...path, ...attributes];
  const [wrong] = checkContents(elements);
  return wrong === undefined
    ? { ok: true, elements }
    : fault(wrong.code, elementFaultMessage(wrong));
}

/** `&` separates pairs; early links also use `;`. */
function attributesOf(url: string): readonly Element[] | IdentifierFault {
  const query = /^[^?#]*\?([^#]*)/.exec(url)?.[1] ?? '';
  const elements: Element[] = [];
  for (const pair of query.split(/[&;]/)) {
    const equals = pair.indexOf('=');
    const ai = equals < 0 ? pair : pair.slice(0, equals);
    if (!/^\d{2,4}$/.test(ai)) continue;
    const value = decodeEscapes(pair.slice(ai.length + 1));
    const problem = faultOfAttribute(ai, value, url);
    if (problem !== undefined) return problem;
    elements.push({ ai, value: value ?? '' });
  }
  return elements;
}

function faultOfAttribute(
  ai: string,
  value: string | null,
  url: string,
): IdentifierFault | undefined {
  if (APPLICATION_IDENTIFIERS.get(ai)?.isAttribute !== true) {
    return fault(
      'QUALIFIER',
      `(${ai}) is not allowed in the query of a Digital Link, found in ${quoted(url)}. Put it in the path after its key, or leave it out.`,
    );
  }
  return value === null
    ? fault(
        'CHARACTER',
        `In ${quoted(url)} a "%" is not followed by two hexadecimal digits. Write a plain "%" as %25.`,
      )
    : undefined;
}
