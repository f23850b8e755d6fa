import { SingleBar } from 'cli-progress';

/** A progress bar with rate and remaining time, on standard error if that is a terminal. */
export interface Bar {
  readonly update: (done: number, total: number) => void;
  readonly stop: () => void;
}

/** Starts a bar. `unit` is what is counted. */
export function startBar(what: string, unit: string): Bar {
  const started = performance.now();
  const bar = new SingleBar({
    format: `${what} {bar} {percentage}% | {value} of {total} ${unit} | {rate} a second | {eta_formatted} left`,
    noTTYOutput: false,
    hideCursor: true,
    stream: process.stderr,
  });
  bar.start(0, 0, { rate: 0 });
  return {
    update: (done, total) => {
      const seconds = (performance.now() - started) / 1000;
      bar.setTotal(total);
      bar.update(done, { rate: seconds > 0 ? Math.round(done / seconds) : 0 });
    },
    stop: () => {
      bar.stop();
    },
  };
}
