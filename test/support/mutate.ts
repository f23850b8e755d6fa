import { mutateBytes } from './mutate-bytes.js';
import type { Dice } from './dice.js';
import { mutateJson } from './mutate-json.js';
import { mutateXml } from './mutate-xml.js';

/** A document as somebody may send it. */
export interface Mutant {
  readonly bytes: Buffer;
  readonly contentType: string;
  /** How it came about, so that a failure can be read. */
  readonly how: string;
}

/** A document to change. */
export interface MutationSeed {
  readonly name: string;
  readonly text: string;
  readonly syntax: 'JSON' | 'XML';
}

const TYPES = {
  JSON: ['application/json', 'application/ld+json'],
  XML: ['application/xml', 'text/xml'],
};

/** Media types as nobody should write them, and the other syntax's. */
const ODD_TYPES = [
  'application/json; charset=utf-16',
  'application/xml;charset="utf-16le"',
  'application/json;charset=iso-8859-1',
  'text/xml; charset=us-ascii',
  'application/xml; charset=utf-7',
  'application/json; charset=',
  'application/json; charset="',
  `application/json; charset=${'x'.repeat(3000)}`,
  'application/json;;;=;charset=UTF-8;charset=utf-16',
  'APPLICATION/XML',
  'application/json',
  'application/xml',
];

/** The next document: a seed with one to three changes, of its text and of its bytes. The same for the same dice and seeds. */
export function mutantFrom(dice: Dice, seeds: readonly MutationSeed[]): Mutant {
  const seed = dice.one(seeds);
  const other = dice.one(seeds);
  const changes: string[] = [];
  const mutate = seed.syntax === 'JSON' ? mutateJson : mutateXml;
  let { text } = seed;
  const rounds = dice.chance(0.7) ? 1 : dice.below(3);
  for (let round = 0; round < rounds; round++) {
    const change = mutate(dice, text, other.text);
    changes.push(change.how);
    ({ text } = change);
  }
  let bytes: Buffer = Buffer.from(text);
  if (changes.length === 0 || dice.chance(0.3)) {
    const change = mutateBytes(dice, text);
    changes.push(change.how);
    ({ bytes } = change);
  }
  const contentType = dice.chance(0.06) ? dice.one(ODD_TYPES) : dice.one(TYPES[seed.syntax]);
  return {
    bytes,
    contentType,
    how: `${seed.name} (${contentType.slice(0, 60)}): ${changes.join(', ')}`,
  };
}
