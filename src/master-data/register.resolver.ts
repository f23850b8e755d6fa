import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { Context } from '../graphql/context.js';
import { registerMasterData } from './register-master-data.js';
import type { GivenRecord } from './register-master-data.js';
import type { MasterDataRefusedType, MasterDataRegisteredType } from './register.types.js';
import { PartyInput, ProductInput, RegisterResultType, SiteInput } from './register.types.js';

@Resolver()
export class RegisterResolver {
  @Mutation(() => RegisterResultType, {
    description: 'Registers or updates up to 1,000 trade items: all or none.',
  })
  registerProducts(
    @Arg('products', () => [ProductInput], { description: 'The trade items to register.' })
    products: ProductInput[],
    @Ctx() context: Context,
  ): Promise<MasterDataRegisteredType | MasterDataRefusedType> {
    return register(context, 'products', products);
  }

  @Mutation(() => RegisterResultType, {
    description: 'Registers or updates up to 1,000 places: all or none.',
  })
  registerSites(
    @Arg('sites', () => [SiteInput], { description: 'The places to register.' }) sites: SiteInput[],
    @Ctx() context: Context,
  ): Promise<MasterDataRegisteredType | MasterDataRefusedType> {
    return register(context, 'sites', sites);
  }

  @Mutation(() => RegisterResultType, {
    description: 'Registers or updates up to 1,000 companies: all or none.',
  })
  registerParties(
    @Arg('parties', () => [PartyInput], { description: 'The companies to register.' })
    parties: PartyInput[],
    @Ctx() context: Context,
  ): Promise<MasterDataRegisteredType | MasterDataRefusedType> {
    return register(context, 'parties', parties);
  }
}

async function register(
  { view }: Context,
  kind: 'products' | 'sites' | 'parties',
  records: readonly (ProductInput | SiteInput | PartyInput)[],
): Promise<MasterDataRegisteredType | MasterDataRefusedType> {
  const outcome = await registerMasterData(
    view,
    kind,
    records as readonly unknown[] as readonly GivenRecord[],
  );
  if (!outcome.ok) return { __typename: 'MasterDataRefused', faults: outcome.faults };
  return { __typename: 'MasterDataRegistered', ...outcome.receipt, keys: outcome.keys };
}
