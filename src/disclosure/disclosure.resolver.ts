import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { PageArgs, toConnection } from '../graphql/connection.types.js';
import type { Connection } from '../graphql/connection.types.js';
import type { Context } from '../graphql/context.js';
import { keyArg, keyArgs } from '../graphql/identifier-arg.js';
import { PackageType } from '../location/package.types.js';
import { masterData } from '../master-data/master-data.loaders.js';
import type { Product } from '../master-data/index.js';
import { PartyField } from '../master-data/party.types.js';
import { ProductType } from '../master-data/product.types.js';
import { pageRequest } from '../shared/page.js';
import { DISCLOSURE_SHAPE } from './disclosure.js';
import type { Disclosure, DisclosureRequest } from './disclosure.js';
import { listDisclosures, listRequests } from './disclosure.read-model.js';
import {
  AnswerDisclosureInput,
  DisclosureConnectionType,
  DisclosureFilterInput,
  DisclosureRequestConnectionType,
  DisclosureRequestFilterInput,
  DisclosureRequestType,
  DisclosureType,
  GrantDisclosureInput,
} from './disclosure.types.js';
import type { DisclosureContext } from './disclosure.types.js';
import { grantDisclosure, withdrawDisclosure } from './grant-disclosure.js';
import { answerDisclosure, requestDisclosure } from './request-disclosure.js';

const partyArg = (argument: string, text: string | null | undefined): string | null =>
  text == null ? null : keyArg(argument, text, 'party');

@Resolver(() => DisclosureType)
@PartyField('grantor', 'Who granted it; null for the host.')
@PartyField('grantee', 'Who sees more by it; null for every organisation.')
export class DisclosureResolver {
  @Query(() => DisclosureConnectionType, {
    description:
      'What is disclosed, newest first. An organisation sees what it granted, and what was granted to it by name. The host sees all.',
  })
  async disclosures(
    @Arg('filter', () => DisclosureFilterInput, {
      nullable: true,
      description: 'Selects disclosures. Without it, all are given.',
    })
    filter: DisclosureFilterInput | null,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { view, clock }: Context,
  ): Promise<Connection<Disclosure>> {
    const { grantor, grantee, what, active } = filter ?? {};
    const wanted = {
      grantor: partyArg('filter.grantor', grantor),
      grantee: partyArg('filter.grantee', grantee),
      ...{ what: what ?? null, active: active ?? null, now: clock.now() },
    };
    return toConnection(await listDisclosures(view, wanted, pageRequest(page, DISCLOSURE_SHAPE)));
  }

  @Mutation(() => DisclosureType, {
    description:
      'Discloses to another organisation what yours sees of packages that the other sees or saw. It takes effect with the next question.',
  })
  grantDisclosure(
    @Arg('input', () => GrantDisclosureInput, { description: 'What is disclosed to whom.' })
    { grantee, products, what, until, reason }: GrantDisclosureInput,
    @Ctx() context: DisclosureContext,
  ): Promise<Disclosure> {
    const terms = {
      grantee: partyArg('input.grantee', grantee),
      products:
        products == null
          ? null
          : keyArgs('input.products', products, 'product').map((key) => key.slice(3)),
      ...{ what, until: until ?? null, reason },
    };
    return grantDisclosure(context, terms, 'input.');
  }

  @Mutation(() => DisclosureType, {
    description: 'Ends a disclosure that your organisation granted, with the next question.',
  })
  withdrawDisclosure(
    @Arg('id', () => ID, { description: 'Its `disclosureId`.' }) id: string,
    @Ctx() context: DisclosureContext,
  ): Promise<Disclosure> {
    return withdrawDisclosure(context, id);
  }

  @FieldResolver(() => ID, { description: 'Its id.' })
  disclosureId(@Root() { id }: DisclosureType): string {
    return id;
  }

  @FieldResolver(() => [ProductType], {
    nullable: true,
    description: 'The products it is about; null for all packages.',
  })
  products(
    @Root() { products }: DisclosureType,
    @Ctx() context: Context,
  ): Promise<Product[]> | null {
    return products && Promise.all(products.map((gtin) => masterData(context).product.load(gtin)));
  }
}

@Resolver(() => DisclosureRequestType)
@PartyField('asker', 'Who asks.')
@PartyField('maker', 'Who may answer: the maker of the package; null for the host.')
export class DisclosureRequestResolver {
  @Query(() => DisclosureRequestConnectionType, {
    description:
      'Requests for disclosures, newest first. An organisation sees those that it made, and those that it may answer. The host sees all.',
  })
  async disclosureRequests(
    @Arg('filter', () => DisclosureRequestFilterInput, {
      nullable: true,
      description: 'Selects requests. Without it, all are given.',
    })
    filter: DisclosureRequestFilterInput | null,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { view }: Context,
  ): Promise<Connection<DisclosureRequest>> {
    const wanted = { answered: filter?.answered ?? null };
    return toConnection(await listRequests(view, wanted, pageRequest(page, DISCLOSURE_SHAPE)));
  }

  @Mutation(() => DisclosureRequestType, {
    description:
      'Asks who made a package to disclose its path to your organisation. The maker is told which package it is. Where the register does not say who made it, the host is asked.',
  })
  requestDisclosure(
    @Arg('package', () => ID, {
      description: 'A package that you see or saw: an SGTIN in any form.',
    })
    id: string,
    @Arg('reason', () => String, {
      description: 'Why, 1 to 500 characters. Who may answer reads it.',
    })
    reason: string,
    @Ctx() context: DisclosureContext,
  ): Promise<DisclosureRequest> {
    return requestDisclosure(context, keyArg('package', id, 'package'), reason);
  }

  @Mutation(() => DisclosureRequestType, {
    description: 'Answers a request for a disclosure, once.',
  })
  answerDisclosure(
    @Arg('id', () => ID, { description: 'Its `requestId`.' }) id: string,
    @Arg('input', () => AnswerDisclosureInput, { description: 'The answer.' })
    { disclose, what, until, reason }: AnswerDisclosureInput,
    @Ctx() context: DisclosureContext,
  ): Promise<DisclosureRequest> {
    const answer = { disclose, what: what ?? null, until: until ?? null, reason };
    return answerDisclosure(context, id, answer, 'input.');
  }

  @FieldResolver(() => ID, { description: 'Its id.' })
  requestId(@Root() { id }: DisclosureRequestType): string {
    return id;
  }

  @FieldResolver(() => PackageType, { description: 'The package that it is about.' })
  package(@Root() { package: key }: DisclosureRequestType): PackageType {
    return { key };
  }
}
