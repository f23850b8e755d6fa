import { Problem } from './problem.js';

/**
 * Ends a question that takes too long: its statements stop in Neo4j, and what still waits for one gets `TIMEOUT`.
 *
 * @param over ends the question; aborted also when it is answered
 * @param ms   0 for no limit
 */
export function limitTime(over: AbortController, ms: number): void {
  if (ms === 0 || over.signal.aborted) return;
  const timer = setTimeout(() => {
    over.abort(tookTooLong(ms));
  }, ms).unref();
  over.signal.addEventListener(
    'abort',
    () => {
      clearTimeout(timer);
    },
    { once: true },
  );
}

function tookTooLong(limitMs: number): Problem {
  const reason = `The question took longer than the ${limitMs} ms of QUESTION_TIMEOUT_MS.`;
  const remedy = 'Ask for fewer rows or fields at once, or for a shorter time.';
  return new Problem('TIMEOUT', `${reason} ${remedy}`, { details: { limitMs, reason, remedy } });
}
