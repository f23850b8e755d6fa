import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findJava } from '../../src/neo4j-child/java-tools.js';

const PROGRAM = fileURLToPath(new URL('Validate.java', import.meta.url));

/**
 * What a schema finds wrong with XML documents: for each `ok`, or the faults with line and column. The Java that Neo4j runs on
 * brings a validator of XML Schema 1.0, which is what the schemas of EPCIS 2.0 are written in; one JVM judges all documents.
 */
export async function xsdFaults(
  schema: string,
  documents: readonly string[],
): Promise<readonly string[]> {
  const java = await findJava(undefined);
  const folder = await mkdtemp(join(tmpdir(), 'custody-xsd-'));
  try {
    const paths = documents.map((_, index) => join(folder, `${index}.xml`));
    await Promise.all(paths.map((path, index) => writeFile(path, documents[index] ?? '')));
    const said = await run(java.path, schema, `${paths.join('\n')}\n`);
    const lines = said.split('\n').filter((line) => line !== '');
    if (lines.length !== documents.length) throw new Error(`The validator said:\n${said}`);
    return lines;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function run(java: string, schema: string, input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(java, [PROGRAM, schema]);
    const out: Buffer[] = [];
    const complaints: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(Buffer.concat(out).toString('utf8'));
      else reject(new Error(Buffer.concat(complaints).toString('utf8')));
    });
    child.stdin.end(input);
  });
}
