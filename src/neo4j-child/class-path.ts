import { createHash } from 'node:crypto';
import { access, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Java } from './java-tools.js';

/** Writes an argument file: 213 paths are too long for Windows; `lib/*` has no fixed order. */
export async function writeClassPath(root: string, lib: string): Promise<string> {
  const jars = (await readdir(lib)).filter((name) => name.endsWith('.jar')).sort();
  const separator = process.platform === 'win32' ? ';' : ':';
  const path = jars.map((jar) => join(lib, jar)).join(separator);
  const file = join(root, 'classpath.args');
  await writeFile(file, `-cp "${path.replaceAll('\\', '\\\\')}"\n`);
  return file;
}

/** How the JVM uses or makes its class archive. */
export interface ClassArchive {
  readonly args: readonly string[];
  /** Puts a new archive in its place; call it after the JVM ended normally. */
  keep(): Promise<void>;
}

/**
 * Class data sharing. The first Neo4j that ends normally leaves an archive of its loaded classes
 * beside the jars, and later ones start with it (2.2 s instead of 3.6 s, half the CPU). The JVM
 * checks it against version and jars and ignores one that does not fit.
 */
export async function classArchive(
  java: Java,
  lib: string,
  libRoot: string,
): Promise<ClassArchive> {
  const key = createHash('sha256').update(java.version).update(lib).digest('hex').slice(0, 12);
  const file = join(libRoot, `classes-${key}.jsa`);
  const quiet = ['-Xlog:disable', '-Xlog:all=error:stderr'];
  if (await exists(file))
    return { args: [`-XX:SharedArchiveFile=${file}`, ...quiet], keep: () => Promise.resolve() };
  const fresh = `${file}.${process.pid}`;
  return {
    args: [`-XX:ArchiveClassesAtExit=${fresh}`, ...quiet],
    keep: () => rename(fresh, file).catch(() => undefined),
  };
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
