import type { Logger } from '../shared/logger.js';
import type { JoinDeps } from './join-due.js';
import { joinDue } from './join-due.js';

const LOOK_EVERY_MS = 1000;

/** Looks every second whether the clock has reached events that wait for it; what waits is in the graph, so a restart forgets nothing. */
export class DueWatch {
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #stopped = false;

  constructor(private readonly deps: JoinDeps & { readonly logger: Logger }) {}

  /** Begins to look. */
  start(): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#running = this.#look();
    }, LOOK_EVERY_MS);
    this.#timer.unref();
  }

  /** Looks no more; resolves when what was begun is done. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  async #look(): Promise<void> {
    try {
      await joinDue(this.deps);
    } catch (error) {
      this.deps.logger.warn({ err: error }, 'events that are due could not join; tried again');
    }
    this.start();
  }
}
