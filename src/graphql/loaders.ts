import type DataLoader from 'dataloader';
import {
  makeDeclarationLoader,
  makeDocumentHeaderLoader,
  makeEventLoader,
} from '../events/event.loaders.js';
import type { StoredDeclaration, StoredEvent } from '../events/stored-event.js';
import type { Graph } from '../graph/graph.js';
import {
  makeHolderLoader,
  makeLotExceptionLoader,
  makeLotLoader,
  makeLotsOfProductLoader,
  makePartyLoader,
  makeProductLoader,
  makeSiteLoader,
  makeSitesOfPartyLoader,
  makeTopmostLoader,
} from '../master-data/master-data.loaders.js';
import type { SitePoint } from '../master-data/operators.read-model.js';
import type { PageOf } from '../master-data/master-data.loaders.js';
import type { Page } from '../shared/page.js';
import type { Lot, LotException, Party, Product, Site } from '../master-data/master-data.js';

/** One batch of reads per field and operation. Built anew for each operation, and for each event of a subscription. */
export interface Loaders {
  /** By GTIN-14. Always an answer: `registered: false` when nobody registered it. */
  readonly product: DataLoader<string, Product>;
  /** By lot id. Null when no such lot. */
  readonly lot: DataLoader<string, Lot | null>;
  readonly lotExceptions: DataLoader<Lot, LotException[]>;
  /** By key. Null only for the unknown place `?`. */
  readonly site: DataLoader<string, Site | null>;
  /** Key of the party that has what stands at a site at an instant. */
  readonly holder: DataLoader<SitePoint, string | null, string>;
  /** By key, the one party it stands for. Always an answer. */
  readonly party: DataLoader<string, Party>;
  /** Key of the topmost party that a party is within. */
  readonly topmost: DataLoader<string, string>;
  /** By event id. Null when there is none. */
  readonly event: DataLoader<string, StoredEvent | null>;
  /** Error declarations by event id. */
  readonly declarations: DataLoader<string, StoredDeclaration[]>;
  /** What a document said around its events, by the header's id. */
  readonly documentHeader: DataLoader<string, Readonly<Record<string, unknown>> | null>;
  readonly lotsOfProduct: DataLoader<PageOf, Page<Lot>, string>;
  readonly sitesOfParty: DataLoader<PageOf, Page<Site>, string>;
}

/** The loaders of one operation. */
export function makeLoaders(graph: Graph, signal?: AbortSignal): Loaders {
  return {
    product: makeProductLoader(graph, signal),
    lot: makeLotLoader(graph, signal),
    lotExceptions: makeLotExceptionLoader(graph, signal),
    site: makeSiteLoader(graph, signal),
    holder: makeHolderLoader(graph, signal),
    party: makePartyLoader(graph, signal),
    topmost: makeTopmostLoader(graph, signal),
    event: makeEventLoader(graph, signal),
    declarations: makeDeclarationLoader(graph, signal),
    documentHeader: makeDocumentHeaderLoader(graph, signal),
    lotsOfProduct: makeLotsOfProductLoader(graph, signal),
    sitesOfParty: makeSitesOfPartyLoader(graph, signal),
  };
}
