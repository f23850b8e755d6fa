import { waitAfterFailureMs } from '../delivery/retry.rules.js';

/** When a failed message is tried again, and when no more. */
export interface Patience {
  /** Wait after the first failure, ms. */
  readonly minMs: number;
  /** How long a message is tried before it is given up, ms. */
  readonly giveUpMs: number;
}

/** A message that the receiver did not take. Times are epoch ms. */
export interface Failure {
  /** The receiver answered that it does not want any more. */
  readonly isGone?: boolean | undefined;
  /** How long the receiver asked to wait, ms. */
  readonly askedMs?: number | undefined;
  readonly recordTime: number;
  /** When the receiver began to fail. */
  readonly failingSince: number;
  /** In a row, with this one. */
  readonly failures: number;
}

/** What becomes of a message that failed. */
export type Verdict =
  | { readonly kind: 'retry'; readonly waitMs: number }
  | { readonly kind: 'give-up' }
  | { readonly kind: 'gone' };

/** A receiver that is back is told so by `resumeWebhook`, or waits this long at most. */
const LONGEST_WAIT_MS = 4 * 3_600_000;

/**
 * What becomes of a message that failed. It is given up when it was recorded long ago and the receiver has failed for as long: so a receiver
 * that fails once is not punished for a service that was down, and each message of a receiver that is down waits as long as the first.
 *
 * @param random from 0 to 1
 */
export function afterFailure(
  { isGone, askedMs, recordTime, failingSince, failures }: Failure,
  { minMs, giveUpMs }: Patience,
  { now, random }: { readonly now: number; readonly random: number },
): Verdict {
  if (isGone === true) return { kind: 'gone' };
  if (now - Math.max(recordTime, failingSince) >= giveUpMs) return { kind: 'give-up' };
  const times = { minMs, maxMs: LONGEST_WAIT_MS };
  const waitMs = waitAfterFailureMs(failures, times, {
    random,
    ...(askedMs === undefined ? {} : { askedMs }),
  });
  return { kind: 'retry', waitMs };
}
