import 'reflect-metadata';
import {
  isInputObjectType,
  isInterfaceType,
  isUnionType,
  lexicographicSortSchema,
  printSchema,
} from 'graphql';
import type { GraphQLSchema } from 'graphql';
import { buildSchemaSync } from 'type-graphql';
import type { BuildSchemaOptions } from 'type-graphql';
import { AccessResolver, ApiKeyResolver, MeResolver } from '../access/access.resolver.js';
import { AccessLogResolver } from '../audit/access-log.resolver.js';
import { checkScopes } from './operation-scopes.js';
import { BarcodeResolver } from '../barcode/barcode.resolver.js';
import { CaptureResolver } from '../capture/capture.resolver.js';
import {
  HandoffLotResolver,
  HandoffPackageResolver,
  HandoffResolver,
} from '../handoff/handoff.resolver.js';
import {
  DisclosureRequestResolver,
  DisclosureResolver,
} from '../disclosure/disclosure.resolver.js';
import { EventResolver } from '../events/event.resolver.js';
import {
  ChangeSubscriptionResolver,
  ChangesResolver,
  EventChangeResolver,
  ExceptionChangeResolver,
} from '../feed/changes.resolver.js';
import {
  FeedLotCountResolver,
  FeedPackageResolver,
  FeedPlaceResolver,
  FeedResolver,
  HandoffChangeResolver,
  LocationChangeResolver,
} from '../feed/feed.resolver.js';
import { resolveNodeIds } from '../graphql/node.types.js';
import { sealCursors } from '../graphql/seal-cursors.js';
import { InventoryResolver } from '../inventory/inventory.resolver.js';
import {
  AssociationResolver,
  ClassInsideResolver,
  LotInsideResolver,
  PackageExceptionResolver,
  PackageResolver,
} from '../location/package.resolver.js';
import { OriginOfPackageResolver, OriginResolver } from '../location/origin.resolver.js';
import {
  LastSeenResolver,
  PassedOnResolver,
  WhereaboutsResolver,
} from '../location/whereabouts.resolver.js';
import { LotExceptionResolver, LotResolver } from '../master-data/lot.resolver.js';
import { PartyResolver } from '../master-data/party.resolver.js';
import { ProductResolver } from '../master-data/product.resolver.js';
import { RegisterResolver } from '../master-data/register.resolver.js';
import { SiteResolver, UnregisteredResolver } from '../master-data/site.resolver.js';
import {
  RecallClassLevelResolver,
  RecallConsigneeResolver,
  RecallExplanationLinkResolver,
  RecallLotResolver,
  RecallPackageResolver,
  RecallPassedOnResolver,
  RecallRowResolver,
  RecallScopeChangeResolver,
  RecallSuggestionResolver,
  RecallTransitResolver,
} from '../recall/recall-places.resolver.js';
import { RecallOfLotResolver } from '../recall/recall-of-lot.resolver.js';
import { RecallResolver } from '../recall/recall.resolver.js';
import { SearchResolver } from '../search/search.resolver.js';
import { SerialResolver } from '../serials/serial.resolver.js';
import { JourneyEntryResolver, JourneyResolver } from '../trace/journey.resolver.js';
import {
  LineageEdgeResolver,
  LineageNodeResolver,
  LineageResolver,
} from '../trace/lineage.resolver.js';
import {
  HandoffsOfPackageResolver,
  HandoffsOfPartyResolver,
  HandoffsOfSiteResolver,
} from '../handoff/handoffs-of.resolver.js';
import { PackagesOfLotResolver, PackagesOfSiteResolver } from '../location/packages-of.resolver.js';
import { StockOfLotResolver, StockOfSiteResolver } from '../inventory/stock-of.resolver.js';
import { EventsOfLotResolver, EventsOfSiteResolver } from '../events/events-of.resolver.js';
import { DeadLetterResolver, WebhookResolver } from '../webhook/webhook.resolver.js';
import { NodeOfSearchHitResolver, NodeResolver } from './node.resolver.js';

/** All resolver classes of the service. Add new ones here. */
const RESOLVERS: BuildSchemaOptions['resolvers'] = [
  AccessLogResolver,
  AccessResolver,
  ApiKeyResolver,
  AssociationResolver,
  BarcodeResolver,
  CaptureResolver,
  ChangeSubscriptionResolver,
  ChangesResolver,
  ClassInsideResolver,
  DeadLetterResolver,
  DisclosureRequestResolver,
  DisclosureResolver,
  EventChangeResolver,
  EventResolver,
  EventsOfLotResolver,
  EventsOfSiteResolver,
  ExceptionChangeResolver,
  FeedLotCountResolver,
  FeedPackageResolver,
  FeedPlaceResolver,
  FeedResolver,
  HandoffChangeResolver,
  HandoffLotResolver,
  HandoffPackageResolver,
  HandoffResolver,
  HandoffsOfPackageResolver,
  HandoffsOfPartyResolver,
  HandoffsOfSiteResolver,
  InventoryResolver,
  JourneyEntryResolver,
  JourneyResolver,
  LastSeenResolver,
  LineageEdgeResolver,
  LineageNodeResolver,
  LineageResolver,
  LocationChangeResolver,
  LotExceptionResolver,
  LotInsideResolver,
  LotResolver,
  MeResolver,
  NodeOfSearchHitResolver,
  NodeResolver,
  OriginOfPackageResolver,
  OriginResolver,
  PackageExceptionResolver,
  PackageResolver,
  PackagesOfLotResolver,
  PackagesOfSiteResolver,
  PartyResolver,
  PassedOnResolver,
  ProductResolver,
  RecallClassLevelResolver,
  RecallConsigneeResolver,
  RecallExplanationLinkResolver,
  RecallLotResolver,
  RecallOfLotResolver,
  RecallPackageResolver,
  RecallPassedOnResolver,
  RecallResolver,
  RecallRowResolver,
  RecallScopeChangeResolver,
  RecallSuggestionResolver,
  RecallTransitResolver,
  RegisterResolver,
  SearchResolver,
  SerialResolver,
  SiteResolver,
  StockOfLotResolver,
  StockOfSiteResolver,
  UnregisteredResolver,
  WebhookResolver,
  WhereaboutsResolver,
];

/** What the root types say of themselves; type-graphql makes them without a description. */
const ROOTS: Readonly<Record<string, string>> = {
  Query:
    'What can be asked. Begin with `packageById`, `lot`, `product`, `site` or `party` for one thing, with a list for many, and with `recallScope` for a recall.',
  Mutation:
    'What can be changed: events and master data come in, serials are given out, keys are made and ended, webhooks are managed, and organisations disclose to each other what they see.',
  Subscription:
    'What is told as it is recorded. Each message has a cursor. Send the last one again as `after`, and nothing is missed.',
};

const unused = (): never => {
  throw new Error('Subscriptions read the feed; publish and subscribe is not used');
};

/** Builds the schema: `__typename` resolves types; inputs with extension `oneOf` are `@oneOf`. */
export function makeSchema(resolvers: BuildSchemaOptions['resolvers'] = RESOLVERS): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers,
    validate: false,
    pubSub: { publish: unused, subscribe: unused },
  });
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__')) continue;
    type.description ??= ROOTS[type.name];
    // type-graphql's resolveType is async and needs class instances; graphql-js reads `__typename`.
    if (isInterfaceType(type) || isUnionType(type)) type.resolveType = undefined;
    if (isInputObjectType(type) && type.extensions['oneOf'] === true) type.isOneOf = true;
  }
  resolveNodeIds(schema);
  sealCursors(schema);
  checkScopes(schema);
  return schema;
}

/** The schema as text, sorted, for `schema/schema.graphql`. */
export function sdlOf(schema: GraphQLSchema): string {
  return `${printSchema(lexicographicSortSchema(schema))}\n`;
}
