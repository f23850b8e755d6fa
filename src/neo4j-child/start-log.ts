import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Folders } from './folders.js';

/** What a Neo4j that starts writes: what it prints, and its own log, which also tells how far a recovery is. */
export interface StartLog {
  /** How long none of its files has changed, ms. */
  quietMs(): Promise<number>;
  /** Its last line, in quotes; `nothing` as long as there is none. */
  lastLine(): Promise<string>;
}

const TAIL_BYTES = 8192;
const MAX_CHARS = 300;

/** Watches the logs of a Neo4j that starts now. */
export function watchStartLog({ console, home }: Folders): StartLog {
  const startedAt = now();
  const files = [console, join(home, 'logs', 'debug.log')];
  const changes = async (): Promise<{ file: string; at: number }[]> => {
    const found = await Promise.all(
      files.map(async (file) => ({ file, at: await changedAt(file) })),
    );
    // What an earlier run wrote does not count.
    return found.filter(({ at }) => at >= startedAt).sort((a, b) => b.at - a.at);
  };
  return {
    quietMs: async () => now() - ((await changes())[0]?.at ?? startedAt),
    lastLine: async () => {
      for (const { file } of await changes()) {
        const line = lastLineOf(await tailOf(file));
        if (line !== undefined) return `"${line.slice(0, MAX_CHARS)}"`;
      }
      return 'nothing';
    },
  };
}

/** Lines of a stack trace say less than the line above them; the JVM has also written a line of one control character. */
function lastLineOf(text: string): string | undefined {
  return text
    .split('\n')
    .filter((line) => /\w/.test(line) && !/^\s*(at |\.\.\. \d+ more)/.test(line))
    .at(-1)
    ?.trim();
}

async function tailOf(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read({
      buffer: Buffer.alloc(TAIL_BYTES),
      position: Math.max(0, size - TAIL_BYTES),
    });
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

async function changedAt(file: string): Promise<number> {
  return stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}

/** In the time of files. */
function now(): number {
  return performance.timeOrigin + performance.now();
}
