import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../graphql/context.js';
import { keyArg, keyArgs } from '../graphql/identifier-arg.js';
import { masterData } from '../master-data/master-data.loaders.js';
import type { Party, Site } from '../master-data/master-data.js';
import { PartyType } from '../master-data/party.types.js';
import { SiteType } from '../master-data/site.types.js';
import {
  ApiKeyType,
  CreateKeyInput,
  LimitsType,
  MadeKeyType,
  MeType,
  TokenSubjectType,
} from './access.types.js';
import type { Allowances, Limits } from './allowances.js';
import { listKeys } from './api-key.read-model.js';
import type { ApiKey } from './api-key.js';
import { createKey } from './create-key.js';
import type { MadeKey } from './create-key.js';
import { revokeKey, revokeSubject, rotateKey, suspendOrganisation } from './end-access.js';

/** What resolvers need that tell what is left to somebody. */
export interface AccessContext extends Context {
  readonly allowances: Allowances;
}

const organisationArg = (text: string): string => keyArg('organisation', text, 'party');

@Resolver()
export class AccessResolver {
  @Query(() => MeType, { description: 'Who asks, and what he may do.' })
  me(@Ctx() { view }: Context): MeType {
    return view.principal;
  }

  @Query(() => [ApiKeyType], { description: 'Keys, newest first, at most 1,000.' })
  async keys(
    @Arg('organisation', () => ID, {
      nullable: true,
      description: 'GLN of the organisation that has them. Leave it out for all keys.',
    })
    organisation: string | null | undefined,
    @Arg('includeEnded', () => Boolean, {
      defaultValue: false,
      description: 'Also those that have expired or were revoked.',
    })
    all: boolean,
    @Ctx() { view, clock }: Context,
  ): Promise<readonly ApiKey[]> {
    const key = organisation == null ? null : organisationArg(organisation);
    return listKeys(view, { organisation: key, all, now: clock.now() });
  }

  @Mutation(() => MadeKeyType, { description: 'Makes a key for a program.' })
  createKey(
    @Arg('input', () => CreateKeyInput, { description: 'What the key is for.' })
    { label, organisation, roles, scopes, sites, expiresAt }: CreateKeyInput,
    @Ctx() context: Context,
  ): Promise<MadeKey> {
    const request = {
      label,
      organisation:
        organisation == null ? null : keyArg('input.organisation', organisation, 'party'),
      roles: roles ?? (organisation == null ? [] : (['partner'] as const)),
      scopes: scopes ?? null,
      sites: sites == null ? null : keyArgs('input.sites', sites, 'site'),
      expiresAt: expiresAt ?? null,
    };
    return createKey(context, request, 'input.');
  }

  @Mutation(() => MadeKeyType, {
    description:
      'Makes a key in place of another, with the same rights. For some hours both are good, so that nothing stops meanwhile.',
  })
  rotateKey(
    @Arg('id', () => ID, { description: 'Id of the old key.' }) id: string,
    @Arg('overlapHours', () => Int, {
      defaultValue: 24,
      description: 'How long the old key is still good, 0 to 720.',
    })
    overlapHours: number,
    @Ctx() context: Context,
  ): Promise<MadeKey> {
    return rotateKey(context, id, overlapHours);
  }

  @Mutation(() => ApiKeyType, {
    description: 'Ends a key. What goes on with it ends within five seconds.',
  })
  revokeKey(
    @Arg('id', () => ID, { description: 'Id of the key.' }) id: string,
    @Ctx() context: Context,
  ): Promise<ApiKey> {
    return revokeKey(context, id);
  }

  @Mutation(() => PartyType, {
    description: 'Refuses every key and token of an organisation until `resumeOrganisation`.',
  })
  async suspendOrganisation(
    @Arg('organisation', () => ID, { description: 'Its GLN.' }) organisation: string,
    @Arg('reason', () => String, { description: 'Why, for those who read it later.' })
    reason: string,
    @Ctx() context: Context,
  ): Promise<Party> {
    const key = organisationArg(organisation);
    await suspendOrganisation(context, key, reason);
    return masterData(context).party.load(key);
  }

  @Mutation(() => PartyType, { description: 'Takes back `suspendOrganisation`.' })
  async resumeOrganisation(
    @Arg('organisation', () => ID, { description: 'Its GLN.' }) organisation: string,
    @Ctx() context: Context,
  ): Promise<Party> {
    const key = organisationArg(organisation);
    await suspendOrganisation(context, key, null);
    return masterData(context).party.load(key);
  }

  @Mutation(() => TokenSubjectType, {
    description: 'Refuses every token of somebody from now on, until `restoreSubject`.',
  })
  revokeSubject(
    @Arg('issuer', () => String, { description: 'Issuer of the tokens.' }) issuer: string,
    @Arg('subject', () => String, { description: 'Their `sub`.' }) subject: string,
    @Ctx() context: Context,
  ): Promise<TokenSubjectType> {
    return setRevoked(context, { issuer, subject, revoked: true });
  }

  @Mutation(() => TokenSubjectType, { description: 'Takes back `revokeSubject`.' })
  restoreSubject(
    @Arg('issuer', () => String, { description: 'Issuer of the tokens.' }) issuer: string,
    @Arg('subject', () => String, { description: 'Their `sub`.' }) subject: string,
    @Ctx() context: Context,
  ): Promise<TokenSubjectType> {
    return setRevoked(context, { issuer, subject, revoked: false });
  }
}

async function setRevoked(context: Context, told: TokenSubjectType): Promise<TokenSubjectType> {
  await revokeSubject(context, told, told.revoked);
  return told;
}

type Credential = Pick<ApiKeyType, 'organisation' | 'sites'>;

function organisationOf({ organisation }: Credential, context: Context): Promise<Party> | null {
  return organisation === null ? null : masterData(context).party.load(organisation);
}

function sitesOf({ sites }: Credential, context: Context): Promise<(Site | null)[]> | null {
  return sites && Promise.all(sites.map((site) => masterData(context).site.load(site)));
}

const ORGANISATION = { nullable: true, description: 'Its organisation; null for the host.' };
const SITES = {
  nullable: true,
  description: 'The sites that it is limited to; null for all sites of the organisation.',
};

@Resolver(() => MeType)
export class MeResolver {
  @FieldResolver(() => PartyType, ORGANISATION)
  organisation(@Root() me: MeType, @Ctx() context: Context): Promise<Party> | null {
    return organisationOf(me, context);
  }

  @FieldResolver(() => [SiteType], SITES)
  sites(@Root() me: MeType, @Ctx() context: Context): Promise<(Site | null)[]> | null {
    return sitesOf(me, context);
  }

  @FieldResolver(() => LimitsType, {
    nullable: true,
    description: 'What may still be used; null for no limit, as when the service is open.',
  })
  limits(@Ctx() { view, allowances }: AccessContext): Promise<Limits | null> {
    return allowances.of(view.principal);
  }
}

@Resolver(() => ApiKeyType)
export class ApiKeyResolver {
  @FieldResolver(() => ID, { description: 'Its id, the part after `cg_`; no secret.' })
  keyId(@Root() { id }: ApiKeyType): string {
    return id;
  }

  @FieldResolver(() => PartyType, ORGANISATION)
  organisation(@Root() key: ApiKeyType, @Ctx() context: Context): Promise<Party> | null {
    return organisationOf(key, context);
  }

  @FieldResolver(() => [SiteType], SITES)
  sites(@Root() key: ApiKeyType, @Ctx() context: Context): Promise<(Site | null)[]> | null {
    return sitesOf(key, context);
  }
}
