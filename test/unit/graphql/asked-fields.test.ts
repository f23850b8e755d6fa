import { Kind, parse } from 'graphql';
import type { FieldNode, FragmentDefinitionNode, GraphQLResolveInfo } from 'graphql';
import { asksFor } from '../../../src/graphql/asked-fields.js';

function infoOf(text: string): Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments'> {
  const { definitions } = parse(text);
  const named = definitions.filter((one) => one.kind === Kind.FRAGMENT_DEFINITION);
  const [operation] = definitions.filter((one) => one.kind === Kind.OPERATION_DEFINITION);
  const fragments = Object.fromEntries(
    named.map((one): [string, FragmentDefinitionNode] => [one.name.value, one]),
  );
  return { fieldNodes: operation!.selectionSet.selections as readonly FieldNode[], fragments };
}

test.each([
  ['{ scope { total rows { site } } }', true],
  ['{ scope { total } scope { all: rows { site } } }', true],
  ['{ scope { ... { ... on Scope { rows { site } } } } }', true],
  ['{ scope { ...Some } } fragment Some on Scope { rows { site } }', true],
  ['{ scope { total packages { rows } } }', false],
  ['{ scope { rows: total } }', false],
  ['{ scope }', false],
])('%s asks for rows: %s', (text, expected) => {
  expect(asksFor(infoOf(text), ['rows'])).toBe(expected);
});
