import { ObjectType } from 'type-graphql';

@ObjectType('Unregistered', {
  simpleResolvers: true,
  description: 'Places and trade items that events name and nobody registered. They have no name.',
})
export class UnregisteredType {}
