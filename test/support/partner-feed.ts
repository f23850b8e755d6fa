/** The feed of a partner as a client reads it: every message, of every kind, with all that it says. */
import type { Ask } from './partner-questions.js';

const SITE = 'site { key name }';
const PLACE = `state ${SITE} origin { key name }`;
const PACKAGE = 'key level identifier { digitalLink }';
const CHANGE = `cursor seq eventId recordTime version kind
  location { eventId eventTime recordTime event { ...E } package { ${PACKAGE} } packages { ${PACKAGE} }
    from { ${PLACE} } to { ${PLACE} } status units lots { units lot { lot product { name } } } }
  handoff { eventId eventTime recordTime event { ...E } handoffKey status from { key } to { key }
    handoff { key status shippedAt parts from { key } to { key } fromParty { key } toParty { key }
      packageCount { outstanding received over } packages { key eventId receivedAt } } }
  event { visibility eventId eventTime recordTime event { ...E } }
  exception { eventId eventTime recordTime event { ...E } state code package { ${PACKAGE} } }
  job { jobId success captured repeated finishedAt }`;

/** All that is asked of an event. */
export const EVENT = `fragment E on Event { eventId eventTime recordTime retracted redacted document sentBy { key }
  epcList { key } childEPCs { key } parentID { key } readPoint { key } bizLocation { key } bizStep disposition
  sourceList { type key } destinationList { type key } declarations { declarationTime reason } }`;

export interface ToldPackage {
  readonly key: string;
}
/** What is read here of a message. */
export interface ToldChange {
  readonly cursor: string;
  readonly seq: number;
  readonly location: {
    readonly packages: readonly ToldPackage[];
    readonly to: {
      readonly state: string;
      readonly site: ToldPackage | null;
      readonly origin: ToldPackage | null;
    };
    readonly status: string | null;
  } | null;
  readonly event: {
    readonly visibility: 'VISIBLE' | 'WITHDRAWN' | 'RETRACTED';
    readonly eventId: string;
    readonly event: ToldEvent | null;
  } | null;
}
export interface ToldEvent {
  readonly eventId: string;
  readonly epcList: readonly ToldPackage[];
  readonly childEPCs: readonly ToldPackage[];
  readonly parentID: ToldPackage | null;
}

export interface ChangePage {
  readonly messages: readonly ToldChange[];
  readonly cursor: string;
  readonly seq: number;
  readonly hasMore: boolean;
}

/** The pages of the feed after a cursor, until there is no more. */
export async function readFeed(
  ask: Ask,
  after: string | null,
  first = 100,
): Promise<readonly ChangePage[]> {
  const query = `query ($after: Cursor, $first: Int!) {
    changes(after: $after, first: $first) { cursor seq hasMore messages { ${CHANGE} } } } ${EVENT}`;
  const pages: ChangePage[] = [];
  for (let from = after; ; from = pages.at(-1)!.cursor) {
    const { changes } = await ask<{ changes: ChangePage }>(query, { after: from, first });
    pages.push(changes);
    if (!changes.hasMore) return pages;
  }
}
