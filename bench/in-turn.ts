import { progress } from './figures.js';
import type { Samples } from './figures.js';
import { pick } from './network.js';

/** How long something is measured. */
export interface Size {
  readonly rounds: number;
  /** How long it is done before it counts; see {@link WARM_MS}. */
  readonly warmMs: number;
}

/**
 * All run compiled code then, as they do after some minutes of service: in the first hundred runs after a start, a question takes twice as
 * long. Rivals are asked as long, in turn.
 */
export const WARM_MS = 5_000;

/** No question may take longer than this altogether, unless three rounds do. */
const LIMIT_MS = 60_000;

/**
 * Does several things in turn, each first as often as the others, and tells what each took, ms.
 *
 * @param turns what is done in the n-th round; always as many
 */
export async function inTurn(
  name: string,
  { rounds, warmMs }: Size,
  turns: (n: number) => readonly (() => Promise<unknown>)[],
): Promise<readonly Samples[]> {
  const samples = turns(0).map((): number[] => []);
  const round = async (n: number, counts: boolean): Promise<void> => {
    const list = [...turns(n).entries()];
    for (let i = 0; i < list.length; i++) {
      const [one, run] = pick(list, i + n);
      const started = performance.now();
      await run();
      if (counts) samples[one]?.push(performance.now() - started);
    }
  };
  let n = 0;
  progress(`${name}: warming up`);
  const warmUntil = performance.now() + warmMs;
  while (n < 3 || performance.now() < warmUntil) await round(n++, false);
  const endsAt = performance.now() + LIMIT_MS;
  for (let done = 0; done < rounds && (done < 3 || performance.now() < endsAt); done++) {
    progress(`${name}: ${done} of ${rounds}`);
    await round(n++, true);
  }
  return samples;
}
