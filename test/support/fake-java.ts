import { mkdir, mkdtemp, readdir, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const jars = fileURLToPath(new URL('../../.data/neo4j', import.meta.url));

/** A Java that says it is one of version 17, and runs this in place of Neo4j. */
export interface FakeJava {
  readonly JAVA_HOME: string;
  /** A data folder with the jars. */
  readonly DATA_DIR: string;
}

/** @param neo4j lines of a shell script */
export async function fakeJava(neo4j: string): Promise<FakeJava> {
  const folder = await mkdtemp(join(tmpdir(), 'custody-java-'));
  const [home, data] = [join(folder, 'java'), join(folder, 'data')];
  await mkdir(join(home, 'bin'), { recursive: true });
  await mkdir(join(data, 'neo4j'), { recursive: true });
  for (const name of await readdir(jars))
    if (name.startsWith('lib-')) await symlink(join(jars, name), join(data, 'neo4j', name));
  const script = `#!/bin/sh
case "$*" in
*-version*) echo 'openjdk version "17.0.1"' >&2 ;;
*CommunityEntryPoint*)
${neo4j}
;;
esac
`;
  await writeFile(join(home, 'bin', 'java'), script, { mode: 0o755 });
  return { JAVA_HOME: home, DATA_DIR: data };
}
