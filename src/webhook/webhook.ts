import type { PageKeyShape } from '../shared/page.js';

/** Why a webhook is paused. */
export type PauseReason = 'ASKED' | 'GONE' | 'CURSOR_EXPIRED';
/** PAUSED keeps its place until somebody resumes it. While its organisation is suspended, nothing is sent, whatever it says. */
export type WebhookState = 'ACTIVE' | 'PAUSED';

/** A filter of `changes`, as it was given; JSON. */
export type StoredFilter = object;

/** A webhook as its owner sees it. Times are epoch ms. */
export interface Webhook {
  readonly id: string;
  /** Key of the organisation's party, or `host`. */
  readonly organisation: string;
  /** As given. It may hold credentials. */
  readonly url: string;
  readonly label: string;
  readonly filter: StoredFilter | null;
  readonly createdAt: number;
  /** Subject of who made it. */
  readonly createdBy: string;
  readonly state: WebhookState;
  /** For PAUSED. */
  readonly reason: PauseReason | null;
  /** Behind the last message that was taken or given up. */
  readonly cursor: string;
  /** When the receiver took the last message. */
  readonly takenAt: number | null;
  /** Failures in a row. */
  readonly failures: number;
  readonly lastError: string | null;
  /** The next try after a failure; 0 for none. */
  readonly dueAt: number;
  /** Until when the secret before this one signs too. */
  readonly oldSecretUntil: number | null;
}

/** The keys that sign for a webhook, as given to its owner. */
export interface Secrets {
  readonly secret: string;
  readonly oldSecret: string | null;
  readonly oldSecretUntil: number | null;
}

/** What a message is sent with. */
export interface Destination extends Secrets, Pick<Webhook, 'id' | 'organisation' | 'url'> {}

/** A webhook as the process has it that delivers it. */
export interface LeasedWebhook
  extends Destination, Pick<Webhook, 'filter' | 'cursor' | 'failures' | 'lastError' | 'dueAt'> {
  /** When it began to fail; null when the last try succeeded. */
  readonly failingSince: number | null;
  /** Its organisation is. */
  readonly suspended: boolean;
}

/** A message to a webhook, ready to be sent. */
export interface OutgoingMessage {
  /** The same whenever the same message is sent again. */
  readonly messageId: string;
  readonly body: string;
}

/** A message that the receiver did not take for too long. */
export interface DeadLetter extends OutgoingMessage {
  readonly id: string;
  /** When it was given up, epoch ms. */
  readonly at: number;
  /** What the receiver said at last. */
  readonly lastError: string;
}

/** Stands for the host where the key of an organisation is stored. */
export const THE_HOST = 'host';

/** The content of cursors of the list of dead letters: when they were given up, and the id. */
export const DEAD_LETTER_SHAPE: PageKeyShape = ['number', 'string'];
