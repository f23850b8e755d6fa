import { getOperationAST, parse } from 'graphql';
import type { DocumentNode, OperationDefinitionNode } from 'graphql';

/** An operation as it is written in the editor. */
export interface WrittenOperation {
  document: DocumentNode;
  operation: OperationDefinitionNode;
}

/**
 * The operation of this name in the text, or the only one. Undefined for a text that does not parse
 * and for one of several operations that are not chosen.
 */
export function writtenOperation(
  query: string,
  name: string | null | undefined,
): WrittenOperation | undefined {
  try {
    const document = parse(query, { noLocation: true });
    const operation = getOperationAST(document, name) ?? getOperationAST(document);
    return operation ? { document, operation } : undefined;
  } catch {
    return undefined;
  }
}
