import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObjectType, parse, TypeInfo, visit, visitWithTypeInfo } from 'graphql';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import ts from 'typescript';

/** What stands where a text is put together at run time: a field of every type, and a value of no consequence. */
const SOMETHING = '__typename';

/** Every field of the object types of a schema, `Type.field`, introspection aside. */
export function fieldsOf(schema: GraphQLSchema): string[] {
  return Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter(({ name }) => !name.startsWith('__'))
    .flatMap((type) => Object.keys(type.getFields()).map((field) => `${type.name}.${field}`))
    .sort();
}

/** The fields that the GraphQL documents written in some files ask for. What is no document asks for nothing. */
export function fieldsAskedIn(files: readonly string[], schema: GraphQLSchema): Set<string> {
  const asked = new Set<string>();
  for (const text of files.flatMap(textsIn)) {
    const document = documentIn(text);
    if (document === null) continue;
    const info = new TypeInfo(schema);
    visit(
      document,
      visitWithTypeInfo(info, {
        Field: () => {
          const [type, field] = [info.getParentType(), info.getFieldDef()];
          if (type && field) asked.add(`${type.name}.${field.name}`);
        },
      }),
    );
  }
  return asked;
}

/** Files of a folder, at any depth, with this ending. */
export function filesIn(folder: string, ending: string): string[] {
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => join(folder, name));
}

function documentIn(text: string): DocumentNode | null {
  if (!/^[\s#]*(query|mutation|subscription|fragment|\{)/m.test(text)) return null;
  try {
    return parse(text);
  } catch {
    return null;
  }
}

/** The texts of a file: a `.graphql` file as it is; of a program every literal, constants of the file put in where they are used. */
function textsIn(file: string): string[] {
  const source = readFileSync(file, 'utf8');
  if (!file.endsWith('.ts')) return [source];
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.ES2022, true);
  const constants = new Map<string, ts.Expression>();
  const literals: ts.Expression[] = [];
  const look = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer)
      constants.set(node.name.text, node.initializer);
    if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) literals.push(node);
    ts.forEachChild(node, look);
  };
  look(tree);
  return literals.map((literal) => textOf(literal, constants));
}

function textOf(node: ts.Expression, constants: ReadonlyMap<string, ts.Expression>): string {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isIdentifier(node)) {
    const known = constants.get(node.text);
    const isText = known && (ts.isStringLiteralLike(known) || ts.isTemplateExpression(known));
    return isText ? textOf(known, constants) : SOMETHING;
  }
  if (!ts.isTemplateExpression(node)) return SOMETHING;
  const spans = node.templateSpans.map(
    ({ expression, literal }) => `${textOf(expression, constants)}${literal.text}`,
  );
  return [node.head.text, ...spans].join('');
}
