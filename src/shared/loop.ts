/** What a loop does. */
export interface LoopWork {
  /** One step. @returns true when the next one is due at once */
  readonly step: () => Promise<boolean>;
  /** How long the next step waits when nothing nudges, ms; null: until something does. */
  readonly waitMs: () => number | null;
  /** Told when steps begin to fail, and not again before one succeeded. */
  readonly failed: (error: unknown) => void;
}

/** Takes the same step over and over, one at a time: when nudged, and when it has waited. Keeps no process alive. */
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

  /** Begins to wait for the first step. */
  start(): void {
    this.#wait();
  }

  /** There is something to do: a step now, or one more after the one under way. */
  nudge(): void {
    if (this.#stopped) return;
    this.#again = true;
    this.#running ??= this.#run();
  }

  /** Begins no further step; resolves when the one under way is done. */
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
