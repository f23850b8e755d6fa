import type { EpcFormat } from '../epcis/translate-identifiers.js';
import type { Position } from './batch.rules.js';
import type { Schedule } from './schedule.rules.js';

/** A query stored under a name (EPCIS 2.0 REST binding, /queries). It is never changed, only deleted. */
export interface NamedQuery {
  readonly name: string;
  /** Parameters of SimpleEventQuery, as given. */
  readonly query: Readonly<Record<string, unknown>>;
  /** Namespaces of the prefixes in its extension parameters. */
  readonly namespaces: Readonly<Record<string, string>>;
  /** Epoch ms. */
  readonly createdAt: number;
}

/** When and how a standing query is answered. */
export interface SubscriptionControls {
  /** Null for a stream. */
  readonly schedule: Schedule | null;
  /** For a schedule: true sends a document even when nothing matched. */
  readonly reportIfEmpty: boolean;
  /** Epoch ms: only what was recorded from this time on. Null means from now on. */
  readonly initialRecordTime: number | null;
  readonly epcFormat: EpcFormat;
}

/** The XML form of documents for subscribers that do not take JSON. */
export type XmlFormat = 'XML 1.2' | 'XML 2.0';

/** The request of a webhook subscriber. */
export interface WebhookControls extends SubscriptionControls {
  /** Absent means JSON. */
  readonly format?: XmlFormat;
  /** As given. It may contain credentials. */
  readonly dest: string;
  /** The key that signs documents. It is never shown. */
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
  /** Null means JSON. */
  readonly format: XmlFormat | null;
  readonly createdAt: number;
  readonly initialRecordTime: number;
  /** When the receiver last answered 2xx. */
  readonly lastNotifiedAt: number | null;
  /** When the query was last executed to its end. */
  readonly lastExecutedAt: number | null;
  /** Failures in a row. */
  readonly failures: number;
  readonly lastError: string | null;
  /** Next run or next try; 0 for a stream that waits for events. */
  readonly dueAt: number;
}

/** A subscription as its delivering process has it. */
export interface LeasedSubscription extends Subscription {
  readonly query: Readonly<Record<string, unknown>>;
  readonly namespaces: Readonly<Record<string, string>>;
  readonly token: string | null;
  /** Only events recorded from this time on, epoch ms; null when it began at the end of the log. */
  readonly sinceRecordTime: number | null;
  readonly position: Position;
  /** The most events of one document. It is below the server's limit after the receiver answered 413. */
  readonly batchEvents: number | null;
  /** How many events the last failed document had. The next try sends the same ones. */
  readonly retryEvents: number | null;
}
