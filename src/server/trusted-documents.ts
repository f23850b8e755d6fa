import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parse, validate } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import { z } from 'zod';
import type { Principal } from '../access/principal.js';
import { Problem, forbidden } from '../shared/problem.js';

/** The documents that may be run; who may run any is told by {@link isFree}. */
export class TrustedDocuments {
  readonly #texts: ReadonlySet<string>;
  readonly #byId: ReadonlyMap<string, string>;

  /** @param byId texts by their ids. The SHA-256 of a text, in hexadecimal, is always an id of it. */
  constructor(byId: ReadonlyMap<string, string>) {
    const texts = new Set(byId.values());
    this.#texts = texts;
    this.#byId = new Map([...[...texts].map((text) => [sha256(text), text] as const), ...byId]);
  }

  /**
   * A request with the text that it names, by `documentId` or by `extensions.persistedQuery.sha256Hash`. One that has a text of its own, or
   * names none, stays as it is.
   *
   * @throws Problem `BAD_USER_INPUT` for an id of no document
   */
  withText<T>(request: T): T | (T & { query: string }) {
    const read = NAMED.safeParse(request);
    if (!read.success) return request;
    const { documentId, extensions, ...rest } = read.data;
    const id = documentId ?? extensions?.persistedQuery?.sha256Hash;
    if (id === undefined) return request;
    const query = this.#byId.get(id);
    if (query === undefined) throw unknownId(id);
    return { ...rest, query } as T & { query: string };
  }

  /** @throws Problem `FORBIDDEN` for a text that somebody may not run */
  demand(text: string, principal: Principal): void {
    if (isFree(principal) || this.#texts.has(text)) return;
    throw forbidden(
      'NOT_TRUSTED',
      'Only the documents in TRUSTED_DOCUMENTS may be run with these credentials, exactly as they are written there.',
      { remedy: 'Ask an administrator to add this one.', setting: 'TRUSTED_DOCUMENTS' },
    );
  }
}

/** Administrators may run any document, and so the playground is theirs. Who looks as somebody else may do what that one may. */
function isFree({ roles, open }: Principal): boolean {
  return open || roles.includes('administrator');
}

/** A request without a text of its own. */
const NAMED = z.looseObject({
  query: z.literal('').nullish(),
  documentId: z.string().optional(),
  extensions: z
    .looseObject({ persistedQuery: z.looseObject({ sha256Hash: z.string() }).optional() })
    .optional(),
});

const FILE = z.union([z.array(z.string()), z.record(z.string(), z.string())]);

/**
 * Reads the documents of a file: a JSON list of texts, or an object with a text for each id.
 *
 * @throws Problem `SETUP` when the file is not of that form, or a document does not fit the schema
 */
export function readTrustedDocuments(path: string, schema: GraphQLSchema): TrustedDocuments {
  const fault = (what: string, cause?: unknown): Problem =>
    new Problem('SETUP', `TRUSTED_DOCUMENTS=${path}: ${what}`, { cause });
  const read = FILE.safeParse(jsonIn(path, fault));
  if (!read.success)
    throw fault('must hold a list of texts, or an object with a text for each id, in JSON.');
  const documents = Object.entries(read.data);
  for (const [id, text] of documents) {
    const wrong = faultIn(text, schema);
    if (wrong !== null) throw fault(`the document ${JSON.stringify(id)} is not valid: ${wrong}`);
  }
  // The ids of a list would be its positions.
  return new TrustedDocuments(
    new Map(Array.isArray(read.data) ? read.data.map((text) => [sha256(text), text]) : documents),
  );
}

function jsonIn(path: string, fault: (what: string, cause: unknown) => Problem): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as unknown;
  } catch (error) {
    throw fault('cannot be read as JSON.', error);
  }
}

function faultIn(text: string, schema: GraphQLSchema): string | null {
  try {
    return validate(schema, parse(text))[0]?.message ?? null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function unknownId(id: string): Problem {
  return new Problem(
    'BAD_USER_INPUT',
    `There is no document ${JSON.stringify(id.slice(0, 100))} in TRUSTED_DOCUMENTS. Send the id of one that is there, or its text.`,
    { details: { setting: 'TRUSTED_DOCUMENTS' } },
  );
}
