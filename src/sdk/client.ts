/** The client kit: what a partner of a Custody Graph imports. It needs nothing but the platform, a browser or Node.js. */
import { capture } from './capture.js';
import type { CaptureJob, CaptureOptions } from './capture.js';
import { changes } from './changes.js';
import type { ChangesOptions } from './changes.js';
import type { Change, TypedDocument } from './documents.js';
import { Service } from './service.js';
import type { ConnectOptions } from './service.js';

export * from './documents.js';
export { AccessRefused, CursorExpired, CustodyError, SequenceBroken } from './errors.js';
export { verifyWebhook } from './webhook.js';
export type { CaptureFault, CaptureJob, CaptureOptions } from './capture.js';
export type { ChangesOptions } from './changes.js';
export type { ConnectOptions } from './service.js';
export type { WebhookMessage } from './webhook.js';

/** A service, as one caller uses it. */
export interface Custody {
  /** Asks one question, such as `ask(WHERE, { id })`. It throws a CustodyError, and tries nothing again. */
  ask<Answer, Variables>(
    document: TypedDocument<Answer, Variables>,
    ...variables: Record<string, never> extends Variables ? [Variables?] : [Variables]
  ): Promise<Answer>;
  /** The messages of your feed: `for await (const message of custody.changes({ after }))`. */
  changes(options?: ChangesOptions): AsyncGenerator<Change, void>;
  /** Captures an EPCIS document, and stores nothing twice. */
  capture(document: object | string, options?: CaptureOptions): Promise<CaptureJob>;
}

/** Connects to a service. Nothing is sent before something is asked. */
export function connect(options: ConnectOptions): Custody {
  const service = new Service(options);
  return {
    ask: (document, ...[variables]) => service.ask(document, variables as never),
    changes: (asked) => changes(service, asked),
    capture: (document, asked) => capture(service, document, asked),
  };
}
