import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** What was found under the given paths. */
export interface FoundDocuments {
  /** Files to import, in order, each once: the named files, and those in the folders that have a known extension. */
  readonly files: readonly string[];
  /** Files in the folders that have another extension. */
  readonly passedOver: readonly string[];
  readonly failed: readonly PathFailure[];
}

/** A path that was not read, or not completely, and why. */
export interface PathFailure {
  readonly path: string;
  readonly reason: string;
}

const ENDINGS = /\.(xml|json|jsonld|ndjson|jsonl)$/i;

/** Finds the files of paths and of all folders below. It follows links and takes each file once. It never throws: the result lists what cannot be read. */
export async function findDocuments(paths: readonly string[]): Promise<FoundDocuments> {
  const found = { files: [] as string[], passedOver: [] as string[], failed: [] as PathFailure[] };
  const seen = new Set<string>();
  const take = async (path: string, isNamed: boolean): Promise<void> => {
    try {
      const real = await realpath(path);
      if (seen.has(real)) return;
      const kind = await stat(real);
      if (!kind.isFile() && !kind.isDirectory()) throw new Error('neither a file nor a folder');
      if (kind.isFile() && !isNamed && !ENDINGS.test(path)) found.passedOver.push(path);
      else {
        seen.add(real);
        if (kind.isFile()) found.files.push(path);
        else await walk(path, isNamed);
      }
    } catch (error) {
      found.failed.push({ path, reason: reasonOf(error) });
    }
  };
  const walk = async (folder: string, isNamed: boolean): Promise<void> => {
    const before = found.files.length + found.failed.length;
    for (const name of (await readdir(folder)).sort()) await take(join(folder, name), false);
    if (isNamed && found.files.length + found.failed.length === before)
      throw new Error('no .xml, .json, .jsonld or .ndjson file in this folder');
  };
  for (const path of paths) await take(path, true);
  return found;
}

/** Why a file could not be read, in the words of the system. The path is left out, because the message shows it beside. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return /^(E[A-Z]+: [^,]+),/.exec(message)?.[1] ?? message;
}
