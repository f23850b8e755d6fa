/** EPCIS 2.0 JSON documents: read, judged, hashed. To go once its importers name the files (no-other-barrels). */
export type * from './event.js';
export { eventHash, preHash } from './event-hash.js';
export type { Issue } from './faults.js';
export type { MasterDataEntry, MasterDataType } from './master-data.js';
export { prefixesOf } from './namespaces.js';
export type { Prefixes } from './namespaces.js';
export { parseDocument, parseEvent } from './parse-document.js';
export type {
  CaptureLimits,
  Parsed,
  ParsedDocument,
  ParsedErrorDeclaration,
  ParsedEvent,
  ParsedOne,
  PartialDocument,
  RejectedEvent,
} from './parse-document.js';
export { lotOf, namesOf, partiesOf, quantitiesOf, sitesOf } from './readers.js';
export type {
  LotFacts,
  Names,
  Parties,
  Quantity,
  QuantityRole,
  Sites,
  TransferEnd,
} from './readers.js';
export { bareWord, isWord } from './vocabulary.js';
export type { WordKind } from './vocabulary.js';
