import { ObjectType } from 'type-graphql';

@ObjectType('Unregistered', {
  simpleResolvers: true,
  description: 'What events name and nobody registered: it shows without a name.',
})
export class UnregisteredType {}
