import { spawn } from 'node:child_process';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Problem } from '../shared/problem.js';
import { findMaven } from './java-tools.js';
import { refuseOtherJars } from './pinned-jars.js';

/**
 * The newest patch of the 5.26 line (long-term support) on 2026-11-21.
 *
 * It is pinned: with a range Maven reads the poms of all thirty patches (15 s instead of 4 s before
 * the first jar). The tests ran on this patch, and a fresh clone in a year starts the same server.
 * To raise it, change it here and write bin/neo4j-jars.sha256 again (`sha256sum *.jar`).
 */
const NEO4J_VERSION = '5.26.30';

/** Also pinned, because Debian's Maven brings 2.8 and Maven 4 another version. */
const COPY_PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1';

/** Receives the progress of the fetch. */
export type OnProgress = (line: string) => void;

/**
 * The folder with the jars of Neo4j Community. Maven fetches them once (123 MB); after that no
 * network is needed.
 *
 * @param root folder to hold `lib-<version>/`
 * @param signal ends Maven
 * @throws Problem `SETUP` when Maven is missing or cannot fetch, or a jar is not the pinned one
 */
export async function resolveNeo4j(
  root: string,
  onProgress: OnProgress,
  signal?: AbortSignal,
): Promise<string> {
  const lib = join(root, `lib-${NEO4J_VERSION}`);
  if (await isComplete(lib)) {
    await refuseOtherJars(lib);
    return lib;
  }
  const maven = await findMaven();
  const work = join(root, `fetch-${process.pid}`);
  const jars = join(work, 'lib');
  await rm(work, { recursive: true, force: true });
  await mkdir(jars, { recursive: true });
  try {
    await writeFile(join(work, 'pom.xml'), pom());
    onProgress(`Fetching Neo4j Community ${NEO4J_VERSION} with Maven (213 jars, 123 MB, once) …`);
    await copyJars(maven, work, { onProgress, signal });
    await refuseOtherJars(jars);
    const count = (await readdir(jars)).filter((f) => f.endsWith('.jar')).length;
    await writeFile(join(jars, 'complete'), `${count}\n`);
    await moveInto(jars, lib);
    onProgress(`Neo4j Community ${NEO4J_VERSION}: ${count} jars in ${lib}`);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return lib;
}

async function isComplete(lib: string): Promise<boolean> {
  try {
    const expected = Number(await readFile(join(lib, 'complete'), 'utf8'));
    return (await readdir(lib)).filter((f) => f.endsWith('.jar')).length === expected;
  } catch {
    return false;
  }
}

// Another process may have been faster; its folder is as good as ours.
async function moveInto(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (await isComplete(to)) return;
    await stat(to).catch(() => {
      throw error;
    });
    await rm(to, { recursive: true, force: true });
    await rename(from, to);
  }
}

function pom(): string {
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>custody-graph</groupId>
  <artifactId>neo4j-jars</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.neo4j</groupId>
      <artifactId>neo4j</artifactId>
      <version>${NEO4J_VERSION}</version>
    </dependency>
  </dependencies>
</project>
`;
}

interface Fetch {
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal | undefined;
}

async function copyJars(maven: string, work: string, { onProgress, signal }: Fetch): Promise<void> {
  const args = [
    '--batch-mode',
    '--file',
    join(work, 'pom.xml'),
    // Maven 3 fetches five files at a time, but most are small: latency dominates, not bandwidth.
    '-Dmaven.artifact.threads=12',
    `${COPY_PLUGIN}:copy-dependencies`,
    '-DincludeScope=runtime',
    '-DoutputDirectory=lib',
  ];
  const child = spawn(maven, args, {
    cwd: work,
    signal,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
    windowsHide: true,
  });
  const tail: string[] = [];
  let fetched = 0;
  const onLine = (line: string): void => {
    if (/^(\[INFO\] )?(Downloading|Progress)/.test(line) || line.trim() === '') return;
    tail.push(line);
    if (tail.length > 200) tail.shift();
    if (/Downloaded from .*\.jar /.test(line) && ++fetched % 20 === 0)
      onProgress(`Neo4j ${NEO4J_VERSION}: ${fetched} jars fetched`);
  };
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', onLine);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code === 0) return;
  const said = tail.filter((line) => line.includes('ERROR')).slice(0, 3);
  throw new Problem(
    'SETUP',
    `Maven could not fetch org.neo4j:neo4j:${NEO4J_VERSION} (exit ${code ?? 'by signal'}). Is Maven Central, or your mirror of it in ~/.m2/settings.xml, reachable?\n${said.join('\n')}`,
  );
}
