import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { hashesOf } from '../../../src/epcis/document-hashes.js';
import type { EventHash } from '../../../src/epcis/document-hashes.js';
import { readSource } from '../../../src/epcis/source-document.js';
import { describeWithStandards, standardsFolder } from '../../support/standards.js';

const LIMITS = { maxEvents: 10_000, maxEpcsPerEvent: 10_000, maxDepth: 100 };
const FOLDER = `${standardsFolder ?? ''}/event-hash/`;
const files =
  standardsFolder === undefined
    ? []
    : readdirSync(FOLDER).filter((file) => /\.(?:xml|jsonld)$/.test(file));

/** These files of the folder are torn (overwritten or cut in the middle of a line); their hashes are whole. */
const TORN = new Set(['epcisDocWithAllGS1Keys', 'epcisDocWithDefaultSchemaInContext']);

const nameOf = (file: string): string => file.replace(/\.\w+$/, '');

function hashesIn(file: string): readonly EventHash[] {
  const type = file.endsWith('.xml') ? 'application/xml' : 'application/ld+json';
  const read = readSource(readFileSync(FOLDER + file), type, LIMITS);
  if (!read.ok) throw new Error(read.issues.map(({ message }) => message).join('\n'));
  return hashesOf(read.source);
}

function linesOf(file: string): readonly string[] {
  return readFileSync(FOLDER + file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}

describeWithStandards('the event hash of CBV 2.0 section 8.9', () => {
  it.each(files.filter((file) => existsSync(`${FOLDER}${nameOf(file)}.hashes`)))(
    'equals the published hashes of %s',
    (file) => {
      expect(hashesIn(file).map(({ hash }) => hash)).toEqual(linesOf(`${nameOf(file)}.hashes`));
    },
  );

  it.each(
    files.filter(
      (file) => !TORN.has(nameOf(file)) && existsSync(`${FOLDER}${nameOf(file)}.prehashes`),
    ),
  )('digests the published text of %s', (file) => {
    expect(hashesIn(file).map(({ prehash }) => prehash)).toEqual(
      linesOf(`${nameOf(file)}.prehashes`),
    );
  });
});
