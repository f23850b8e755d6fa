import { findJava, findMaven, remedyFor } from '../../../src/neo4j-child/java-tools.js';
import type { RunProgram } from '../../../src/neo4j-child/java-tools.js';

const missing: RunProgram = (file) => Promise.reject(new Error(`spawn ${file} ENOENT`));
const saying =
  (text: string): RunProgram =>
  () =>
    Promise.resolve({ stdout: '', stderr: text });

test('a missing Java is one sentence with the remedy', async () => {
  await expect(findJava(undefined, missing)).rejects.toMatchObject({
    code: 'SETUP',
    message: expect.stringMatching(
      /^Neo4j needs Java 17 or later, but Java is not installed: \S.*NEO4J_URI/,
    ) as string,
  });
});

test('a Java that is too old is named with its version', async () => {
  await expect(findJava(undefined, saying('openjdk version "11.0.22" 2024-01-16'))).rejects.toThrow(
    'is too old (11)',
  );
  await expect(findJava(undefined, saying('java version "1.8.0_402"'))).rejects.toThrow(
    'is too old (8)',
  );
});

test.each(['17.0.15', '21', '25.0.1'])('Java %s is taken', async (version) => {
  await expect(findJava(undefined, saying(`openjdk version "${version}"`))).resolves.toMatchObject({
    path: 'java',
  });
});

test('JAVA_HOME goes before the path', async () => {
  await expect(findJava('/opt/java', saying('version "21"'))).resolves.toMatchObject({
    path: '/opt/java/bin/java',
  });
});

test('a JAVA_HOME that is too old is passed over for a good Java of the path', async () => {
  const runs: RunProgram = (file) =>
    saying(`openjdk version "${file === 'java' ? '21' : '11'}"`)(file, []);

  await expect(findJava('/opt/java', runs)).resolves.toMatchObject({ path: 'java' });
});

test('a Maven that does not run is told with what it says', async () => {
  const failed = Object.assign(new Error(), { code: 1, stderr: 'No JDK here\nat all\n' });

  await expect(findMaven(() => Promise.reject(failed))).rejects.toThrow(
    'Maven does not run (No JDK here)',
  );
});

test('a missing Maven is one sentence with the remedy', async () => {
  await expect(findMaven(missing)).rejects.toThrow('Maven is not installed');
});

test('each system gets its own remedy', () => {
  expect(remedyFor('java', 'linux')).toContain('apt-get install openjdk-17-jre-headless');
  expect(remedyFor('java', 'darwin')).toContain('brew install');
  expect(remedyFor('java', 'win32')).toContain('winget install');
});
