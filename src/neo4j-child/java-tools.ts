import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Problem } from '../shared/problem.js';

const run = promisify(execFile);

/** The oldest Java that Neo4j 5.26 supports. Newer ones than it supports work too. */
const OLDEST_JAVA = 17;

/** Runs a program for its output; rejects when it is missing or fails. Tests pass their own. */
export type RunProgram = (
  file: string,
  args: readonly string[],
) => Promise<{ stdout: string; stderr: string }>;

/** A Java that was found. */
export interface Java {
  readonly path: string;
  /** The whole output of `java -version`. */
  readonly version: string;
}

const isWindows = process.platform === 'win32';

const runProgram: RunProgram = (file, args) =>
  run(file, [...args], { shell: isWindows && file.endsWith('.cmd'), windowsHide: true });

/**
 * The `java` to start Neo4j with: from `JAVA_HOME` if that is set and new enough, otherwise from the PATH.
 *
 * @throws Problem `SETUP` with the remedy for this system when there is none of version 17 or later, or JAVA_HOME has none
 */
export async function findJava(
  javaHome: string | undefined,
  runs: RunProgram = runProgram,
): Promise<Java> {
  const candidates = [...(javaHome === undefined ? [] : [`${javaHome}/bin/java`]), 'java'];
  let tooOld = 0;
  for (const java of candidates) {
    const said = await versionText(java, runs);
    const major = majorIn(said);
    if (major >= OLDEST_JAVA) return { path: java, version: said };
    // Another Java would do for Neo4j, but Maven uses JAVA_HOME too and then does not run.
    if (major === 0 && java !== 'java') throw badHome(javaHome ?? '');
    tooOld ||= major;
  }
  const found = tooOld === 0 ? 'is not installed' : `is too old (${tooOld})`;
  throw new Problem(
    'SETUP',
    `Neo4j needs Java ${OLDEST_JAVA} or later, but Java ${found}: ${remedyFor('java')}`,
  );
}

/** 17 in `version "17.0.15"`, 8 in `version "1.8.0"`; 0 when there is none. */
function majorIn(said: string): number {
  return Number(/version "(?:1\.)?(\d+)/.exec(said)?.[1] ?? 0);
}

function badHome(javaHome: string): Problem {
  return new Problem(
    'SETUP',
    `JAVA_HOME=${javaHome} has no bin/java that runs. Set JAVA_HOME to the folder of a Java ${OLDEST_JAVA} or later, or unset it to use the java of the PATH.`,
  );
}

/**
 * The Maven to fetch Neo4j with.
 *
 * @throws Problem `SETUP` with the remedy for this system when there is none
 */
export async function findMaven(runs: RunProgram = runProgram): Promise<string> {
  const maven = isWindows ? 'mvn.cmd' : 'mvn';
  try {
    await runs(maven, ['-v']);
    return maven;
  } catch (cause) {
    const { code, stderr = '' } = cause as { code?: unknown; stderr?: string };
    const found =
      typeof code === 'number'
        ? `does not run (${stderr.trim().split('\n', 1)[0] ?? ''})`
        : 'is not installed';
    throw new Problem(
      'SETUP',
      `Fetching Neo4j needs Maven, but Maven ${found}: ${remedyFor('maven')}`,
      { cause },
    );
  }
}

const remedies = {
  java: {
    linux: 'apt-get install openjdk-17-jre-headless',
    darwin: 'brew install openjdk@21 && export JAVA_HOME="$(brew --prefix openjdk@21)"',
    win32: 'winget install EclipseAdoptium.Temurin.21.JDK',
  },
  maven: {
    linux: 'apt-get install maven',
    darwin: 'brew install maven',
    win32:
      'choco install maven (or unpack https://maven.apache.org/download.cgi and add its bin folder to PATH)',
  },
} as const;

/** How to install a tool on a system, in one line. */
export function remedyFor(
  tool: keyof typeof remedies,
  platform: NodeJS.Platform = process.platform,
): string {
  const known = remedies[tool];
  const command = platform === 'darwin' || platform === 'win32' ? known[platform] : known.linux;
  return `${command} — or set NEO4J_URI, NEO4J_USER and NEO4J_PASSWORD to use a Neo4j of your own.`;
}

async function versionText(java: string, runs: RunProgram): Promise<string> {
  try {
    const { stdout, stderr } = await runs(java, ['-version']);
    return stderr + stdout;
  } catch {
    return '';
  }
}
