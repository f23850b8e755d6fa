import type { EpcisCall } from '../epcis-rest/resource.js';
import { refuseDeep } from '../epcis/json-depth.js';
import { decodeCursor, encodeCursor } from '../shared/page.js';
import { Problem, isProblem } from '../shared/problem.js';

const MAX_BODY_BYTES = 1024 * 1024;

/**
 * The body of a call as JSON, at most 1 MiB.
 *
 * @throws Problem BAD_USER_INPUT when it is not JSON, or is nested too deep
 */
export async function readJsonBody(call: EpcisCall): Promise<unknown> {
  const types = ['application/json', 'application/ld+json'];
  const { bytes } = await call.body({ types, limitBytes: MAX_BODY_BYTES });
  const { text, value } = jsonOf(bytes);
  refuseDeep(text);
  return value;
}

function jsonOf(bytes: Buffer): { readonly text: string; readonly value: unknown } {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return { text, value: JSON.parse(text) as unknown };
  } catch {
    // The parser's message quotes the body, which may contain a token.
    throw new Problem('BAD_USER_INPUT', 'The body is not JSON in UTF-8.');
  }
}

/**
 * The name after which a nextPageToken continues.
 *
 * @throws Problem QUERY_PARAMETER for a token that is not from such a list
 */
export function nameOfToken(token: string | undefined): string {
  if (token === undefined) return '';
  try {
    return String(decodeCursor(token, ['string'])[0]);
  } catch (error) {
    throw new Problem('QUERY_PARAMETER', 'Parameter nextPageToken is not from this list.', {
      details: { parameter: 'nextPageToken' },
      cause: error,
    });
  }
}

/** The token for the page after a name. It is valid as long as the list exists. None when there is no such name. */
export function tokenOfName(name: string | undefined): { readonly next?: string } {
  return name === undefined ? {} : { next: encodeCursor([name]) };
}

/** Whether a read finds its object; false when it is refused with 404. */
export async function isThere(found: Promise<unknown>): Promise<boolean> {
  try {
    await found;
    return true;
  } catch (error) {
    if (isProblem(error) && error.status === 404) return false;
    throw error;
  }
}
