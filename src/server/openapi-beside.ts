import { content, schema } from './epcis-openapi-parts.js';
import type { ResponseObject } from './epcis-openapi-parts.js';

/** What is served beside /epcis, by path from the root: OpenAPI path items. */
export type PathItems = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** A refusal of a route that is beside the EPCIS interface: in JSON always, typed by our codes. */
export function ownProblem(description: string): ResponseObject {
  return { description, content: content(['application/problem+json'], schema('Problem')) };
}
