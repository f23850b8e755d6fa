import { GraphQLObjectType } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import { Field, ID, InterfaceType } from 'type-graphql';
import { refusedArgument } from '../shared/problem.js';

@InterfaceType('Node', {
  description:
    'A thing with an `id` of its own: one kind of id for the caches of clients. Fetch it again with `node`.',
})
export abstract class NodeType {
  @Field(() => ID, {
    description:
      'The name of the type, a colon and the key, e.g. `Product:09506000134352`. Arguments that take the key take this too.',
  })
  id!: string;
}

/** The types that are a Node: the field with their own key, and the property of the source that has it. */
const KEYS = {
  CaptureJob: { field: 'jobId', property: 'id' },
  Event: { field: 'eventId', property: 'id' },
  Handoff: { field: 'key', property: 'id' },
  Lot: { field: 'key', property: 'id' },
  Package: { field: 'key', property: 'key' },
  Party: { field: 'key', property: 'key' },
  Product: { field: 'gtin', property: 'gtin' },
  SerialAllocation: { field: 'key', property: 'id' },
  Site: { field: 'key', property: 'key' },
} as const;

/** The name of a type that is a Node. */
export type NodeName = keyof typeof KEYS;

/** Adds to a built schema what gives a Node its `id` and its key; the sources know only the key. */
export function resolveNodeIds(schema: GraphQLSchema): void {
  for (const [name, { field, property }] of Object.entries(KEYS)) {
    const type = schema.getType(name);
    if (!(type instanceof GraphQLObjectType)) continue;
    const { id, [field]: key } = type.getFields();
    if (id) id.resolve = (source: Source) => `${name}:${source[property]}`;
    if (key) key.resolve = (source: Source) => source[property];
  }
}

type Source = Readonly<Record<string, string>>;

/** The type and the key of a Node's `id`; null for any other text. */
export function readNodeId(text: string): { readonly type: NodeName; readonly key: string } | null {
  const [, type = '', key = ''] = /^([A-Za-z]+):(.+)$/s.exec(text) ?? [];
  return type in KEYS ? { type: type as NodeName, key } : null;
}

/**
 * The key in an argument that takes a key or a Node's `id`.
 *
 * @throws Problem BAD_USER_INPUT for the `id` of another type
 */
export function plainKey(argument: string, text: string, ...types: readonly NodeName[]): string {
  const node = readNodeId(text);
  if (node === null) return text;
  if (types.includes(node.type)) return node.key;
  throw refusedArgument(argument, text, {
    rule: `must name ${types.join(' or ')}, but this is the id of a ${node.type}.`,
    remedy: `Give the key or the id of ${types.join(' or ')}.`,
  });
}
