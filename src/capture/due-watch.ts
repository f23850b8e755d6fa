import type { Logger } from '../shared/logger.js';
import { Loop } from '../shared/loop.js';
import type { JoinDeps } from './join-due.js';
import { joinDue } from './join-due.js';

const LOOK_EVERY_MS = 1000;

/** Looks every second whether the time of waiting events has come. They wait in the graph, so a restart forgets nothing. */
export function dueWatch(deps: JoinDeps & { readonly logger: Logger }): Loop {
  return new Loop({
    step: async () => {
      await joinDue(deps);
      return false;
    },
    waitMs: () => LOOK_EVERY_MS,
    failed: (error) => {
      deps.logger.warn(
        { err: error },
        'due events could not join the projection; it is tried again',
      );
    },
  });
}
