/** Receives progress for the waiting user, line by line. */
type Tell = (line: string) => void;
type Detail = () => string | Promise<string>;

/** What a start waits for: health checks ask at any time, the terminal is told every ten seconds. */
export class StartSteps {
  #step = 'neo4j';
  #detail: Detail | undefined;
  readonly #started = performance.now();
  readonly #timer: NodeJS.Timeout;

  constructor(
    private readonly tell: Tell,
    everyMs = 10_000,
  ) {
    this.#timer = setInterval(() => void this.#report(), everyMs);
    this.#timer.unref();
  }

  /** `neo4j`, `migrations`, `rebuild`, `demo` or `due` (events whose time came while nobody ran). */
  get current(): string {
    return this.#step;
  }

  /** @param detail reads what the step is at, as a text for people */
  begin(step: string, detail?: Detail): void {
    this.#step = step;
    this.#detail = detail;
  }

  end(): void {
    clearInterval(this.#timer);
  }

  async #report(): Promise<void> {
    const seconds = Math.round((performance.now() - this.#started) / 1000);
    const step = this.#step;
    const detail = await this.#detail?.();
    this.tell(
      `Starting for ${seconds} s; waiting for ${step}${detail === undefined ? '' : `: ${detail}`}`,
    );
  }
}
