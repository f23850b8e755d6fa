import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { refuseOtherJars } from '../../../src/neo4j-child/pinned-jars.js';

test('a jar that is not the pinned one is refused by its name, and so is one too many or too few', async () => {
  const pins = (await readFile('bin/neo4j-jars.sha256', 'utf8')).trim().split('\n');
  expect(pins.length).toBeGreaterThan(200);
  expect(pins.filter((line) => !/^[0-9a-f]{64} {2}[\w.-]+\.jar$/.test(line))).toEqual([]);
  const lib = await mkdtemp(join(tmpdir(), 'custody-jars-'));
  try {
    const [changed = '', ...others] = pins.map((line) => line.slice(66));
    await writeFile(join(lib, changed), 'something else');
    await writeFile(join(lib, 'planted.jar'), '');

    const refusal = await refuseOtherJars(lib).catch((error: unknown) => String(error));

    expect(refusal).toContain(`${changed} has `);
    expect(refusal).toContain('planted.jar is not one of them');
    expect(refusal).toContain(`${others[0] ?? ''} is missing`);
  } finally {
    await rm(lib, { recursive: true });
  }
});
