import type { EpcFormat } from '../epcis/translate-identifiers.js';
import type { Position } from './batch.rules.js';
import type { Schedule } from './schedule.rules.js';

/** A query stored under a name (EPCIS 2.0 REST binding, /queries). Never changed, only deleted. */
export interface NamedQuery {
  readonly name: string;
  /** Parameters of SimpleEventQuery, as given. */
  readonly query: Readonly<Record<string, unknown>>;
  /** Namespaces of the prefixes its extension parameters use. */
  readonly namespaces: Readonly<Record<string, string>>;
  /** Epoch ms. */
  readonly createdAt: number;
}

/** When and how a standing query is answered. */
export interface SubscriptionControls {
  /** Null for a stream. */
  readonly schedule: Schedule | null;
  /** Of a schedule: send a document also when nothing matched. */
  readonly reportIfEmpty: boolean;
  /** Epoch ms; only what was recorded from then on. Null: from now on. */
  readonly initialRecordTime: number | null;
  readonly epcFormat: EpcFormat;
}

/** XML that documents are written in for subscribers that do not take JSON. */
export type XmlFormat = 'XML 1.2' | 'XML 2.0';

/** What a subscriber of a webhook asks for. */
export interface WebhookControls extends SubscriptionControls {
  /** Absent: JSON. */
  readonly format?: XmlFormat;
  /** As given; may hold credentials. */
  readonly dest: string;
  /** Signs what is sent; never shown. */
  readonly token: string | null;
}

/** A webhook subscription as it is stored. Times are epoch ms. */
export interface Subscription {
  readonly id: string;
  readonly queryName: string;
  readonly dest: string;
  readonly schedule: Schedule | null;
  readonly reportIfEmpty: boolean;
  readonly epcFormat: EpcFormat;
  /** Null: JSON. */
  readonly format: XmlFormat | null;
  readonly createdAt: number;
  readonly initialRecordTime: number;
  /** Last answer 2xx. */
  readonly lastNotifiedAt: number | null;
  /** Last time the query was executed to its end. */
  readonly lastExecutedAt: number | null;
  /** Failures in a row. */
  readonly failures: number;
  readonly lastError: string | null;
  /** Next run or next try; 0 for a stream that waits for events. */
  readonly dueAt: number;
}

/** A subscription in the hands of the process that delivers it. */
export interface LeasedSubscription extends Subscription {
  readonly query: Readonly<Record<string, unknown>>;
  readonly namespaces: Readonly<Record<string, string>>;
  readonly token: string | null;
  /** Only events recorded from then on, epoch ms; null when it began with what was new. */
  readonly sinceRecordTime: number | null;
  readonly position: Position;
  /** Most events of one document: less than the server's limit once the receiver answered 413. */
  readonly batchEvents: number | null;
  /** Events of the document that failed last: the next try sends the same. */
  readonly retryEvents: number | null;
}
