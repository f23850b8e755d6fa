/** The work of a loop. */
export interface LoopWork {
  /** Takes one step. @returns true when the next one is due at once */
  readonly step: () => Promise<boolean>;
  /** How long to wait for the next step without a nudge, ms; null waits for a nudge. */
  readonly waitMs: () => number | null;
  /** Called when steps begin to fail, and not again before one has succeeded. */
  readonly failed: (error: unknown) => void;
}

/** Repeats a step, one at a time: at each nudge, and after each wait. Keeps no process alive. */
export class Loop {
  readonly #work: LoopWork;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #again = false;
  #failing = false;
  #stopped = false;

  constructor(work: LoopWork) {
    this.#work = work;
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  /** Starts the wait for the first step. */
  start(): void {
    this.#wait();
  }

  /** Takes a step now, or one more after the current step. */
  nudge(): void {
    if (this.#stopped) return;
    this.#again = true;
    this.#running ??= this.#run();
  }

  /** Starts no further step; resolves when the current step is done. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#again && !this.#stopped) {
      this.#again = false;
      await this.#step();
    }
    this.#running = undefined;
    this.#wait();
  }

  async #step(): Promise<void> {
    try {
      if (await this.#work.step()) this.#again = true;
      this.#failing = false;
    } catch (error) {
      if (!this.#failing) this.#work.failed(error);
      this.#failing = true;
    }
  }

  #wait(): void {
    clearTimeout(this.#timer);
    const waitMs = this.#stopped ? null : this.#work.waitMs();
    if (waitMs === null) return;
    this.#timer = setTimeout(() => {
      this.nudge();
    }, waitMs);
    this.#timer.unref();
  }
}
