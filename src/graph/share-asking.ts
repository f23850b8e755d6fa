/**
 * Shares one asking among concurrent callers. A caller that comes while one runs gets the result of the next one, because only
 * one that begins later knows what was committed before the call.
 */
export function shared<T>(ask: () => Promise<T>): () => Promise<T> {
  let running: Promise<unknown> = Promise.resolve();
  let next: Promise<T> | undefined;
  return () => {
    next ??= running
      .catch(() => undefined)
      .then(() => {
        next = undefined;
        const answer = ask();
        running = answer;
        return answer;
      });
    return next;
  };
}
