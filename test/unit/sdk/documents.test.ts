/** The kit's documents against the schema. Their types are written by hand, which is less than a generator of them, and are compared here. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  GraphQLEnumType,
  GraphQLInputObjectType,
  GraphQLList,
  GraphQLNonNull,
  Kind,
  buildSchema,
  getNamedType,
  isCompositeType,
  parse,
  typeFromAST,
  validate,
} from 'graphql';
import type {
  FragmentDefinitionNode,
  GraphQLInputType,
  GraphQLObjectType,
  GraphQLOutputType,
  OperationDefinitionNode,
  SelectionSetNode,
} from 'graphql';
import ts from 'typescript';
import * as kit from '../../../src/sdk/client.js';
import { PASSING } from '../../../src/sdk/errors.js';
import { problemCodes } from '../../../src/shared/problem.js';

const schema = buildSchema(readFileSync('schema/schema.graphql', 'utf8'));
const DOCUMENTS = Object.entries(kit).filter(([name]) => /^[A-Z_]+$/.test(name)) as [
  string,
  kit.TypedDocument<unknown, unknown>,
][];

const SCALARS: Record<string, string> = { Int: 'number', Long: 'number', Boolean: 'boolean' };

/** A type of the schema in TypeScript, where `inner` tells what an object is. */
function typeText(type: GraphQLOutputType | GraphQLInputType, inner: () => string): string {
  if (type instanceof GraphQLNonNull) return bareText(type.ofType as GraphQLOutputType, inner);
  return `${bareText(type, inner)} | null`;
}

function bareText(type: GraphQLOutputType | GraphQLInputType, inner: () => string): string {
  if (type instanceof GraphQLList)
    return `(${typeText(type.ofType as GraphQLOutputType, inner)})[]`;
  if (type instanceof GraphQLEnumType)
    return `(${type
      .getValues()
      .map(({ name }) => `'${name}'`)
      .join(' | ')})`;
  if (type instanceof GraphQLInputObjectType)
    return `{ ${Object.values(type.getFields())
      .map((field) => inputText(field.name, field.type))
      .join('; ')} }`;
  return isCompositeType(type) ? inner() : (SCALARS[getNamedType(type).name] ?? 'string');
}

function inputText(name: string, type: GraphQLInputType): string {
  const mark = type instanceof GraphQLNonNull ? '' : '?';
  return `${name}${mark}: ${typeText(type, () => 'never')}`;
}

/** Answer and variables of a document in TypeScript, as the schema has them. */
function typesOf(text: string): { answer: string; variables: string } {
  const { definitions } = parse(text);
  const fragments = new Map(
    definitions
      .filter((one): one is FragmentDefinitionNode => one.kind === Kind.FRAGMENT_DEFINITION)
      .map((one) => [one.name.value, one]),
  );
  const fieldsOf = ({ selections }: SelectionSetNode, parent: GraphQLObjectType): string[] =>
    selections.flatMap((one) => {
      if (one.kind !== Kind.FIELD)
        return one.kind === Kind.FRAGMENT_SPREAD
          ? fieldsOf(fragments.get(one.name.value)!.selectionSet, parent)
          : [];
      const { type } = parent.getFields()[one.name.value]!;
      const inner = (): string =>
        `{ ${fieldsOf(one.selectionSet!, getNamedType(type) as GraphQLObjectType).join('; ')} }`;
      return [`${one.name.value}: ${typeText(type, inner)}`];
    });
  const operation = definitions.find(
    (one): one is OperationDefinitionNode => one.kind === Kind.OPERATION_DEFINITION,
  )!;
  const variables = (operation.variableDefinitions ?? []).map(({ variable, type }) =>
    inputText(variable.name.value, typeFromAST(schema, type as never) as GraphQLInputType),
  );
  return {
    answer: `{ ${fieldsOf(operation.selectionSet, schema.getRootType(operation.operation)!).join('; ')} }`,
    variables: variables.length === 0 ? 'Record<string, never>' : `{ ${variables.join('; ')} }`,
  };
}

/** The lines of a module beside this test with which the compiler does not agree, each by the name that it declares. */
function faultsIn(module: string): (string | undefined)[] {
  const file = resolve('test/unit/sdk/compared.ts');
  const { config } = ts.readConfigFile('tsconfig.json', (path) => ts.sys.readFile(path)) as {
    config: object;
  };
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [] }, ts.sys, '.');
  const host = ts.createCompilerHost(options);
  host.fileExists = (path) => path === file || ts.sys.fileExists(path);
  host.readFile = (path) => (path === file ? module : ts.sys.readFile(path));
  const program = ts.createProgram([file], { ...options, incremental: false, types: [] }, host);
  return program
    .getSemanticDiagnostics(program.getSourceFile(file))
    .map(({ start }) => /^\w+/.exec(module.slice(start))?.[0]);
}

test('every document of the kit fits the schema', () => {
  const faults = DOCUMENTS.flatMap(([, document]) => validate(schema, parse(document.toString())));

  expect(DOCUMENTS.length).toBeGreaterThan(5);
  expect(faults.map(({ message }) => message)).toEqual([]);
});

const HEAD = `import type * as kit from '../../../src/sdk/client.js';
type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Of<D> = D extends kit.TypedDocument<infer A, infer V> ? [A, V] : never;\n`;

test('the types of every document are those of the schema, and the comparison sees a difference', () => {
  const lines = DOCUMENTS.map(([name, document]) => {
    const { answer, variables } = typesOf(document.toString());
    return `export const ${name}: Equal<Of<typeof kit.${name}>, [${answer}, ${variables}]> = true;\n`;
  });
  const wrong = lines[0]!.replace(': string', ': number');

  expect(faultsIn(HEAD + lines.join(''))).toEqual([]);
  expect(faultsIn(HEAD + wrong)).toEqual([DOCUMENTS[0]![0]]);
});

test('the kit tries again after the codes that the service says may pass', () => {
  const own = Object.entries(problemCodes)
    .filter(([, { retry }]) => retry)
    .map(([code]) => code);

  expect(new Set(PASSING)).toEqual(new Set([...own, 'CONNECTION_LOST']));
});

test('the version of the kit is that of the service', () => {
  const versionIn = (folder: string): unknown =>
    (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version;

  expect(versionIn('src/sdk')).toBe(versionIn('.'));
});
