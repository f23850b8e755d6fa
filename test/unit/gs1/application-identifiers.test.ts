import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  aiLength,
  APPLICATION_IDENTIFIERS,
  matchesAi,
} from '../../../src/gs1/application-identifiers.js';
import type { ApplicationIdentifier } from '../../../src/gs1/application-identifiers.js';
import { KEYS } from '../../../src/gs1/key-table.js';
import { describeWithStandards, standardsFolder } from '../../support/standards.js';

/** What the dictionary calls the rules. */
const LINTERS: Readonly<Record<string, string>> = {
  csum: 'check',
  csumalpha: 'pair',
  gcppos1: 'gcp',
  gcppos2: 'gcp2',
  yymmd0: 'day0',
  yymmdd: 'day',
  yyyymmdd: 'date',
  hhmi: 'time',
  hh: 'hour',
  mi: 'minute',
  ss: 'second',
  iso3166: 'country',
  iso3166999: 'country999',
  iso3166alpha2: 'country2',
  iso4217: 'currency',
  pcenc: 'escapes',
  hyphen: 'minus',
  importeridx: 'importer',
  packagetype: 'package',
  mediatype: 'media',
  iso5218: 'sex',
  posinseqslash: 'order',
  pieceoftotal: 'piece',
  nozeroprefix: 'plain',
  hasnondigit: 'letter',
  couponcode: 'coupon',
  couponposoffer: 'offer',
};

type Entry = Omit<ApplicationIdentifier, 'name'>;

function component(text: string): Entry['components'][number] {
  const [form = '', ...linters] = text.replace(/[[\]]/g, '').split(',');
  const length = Number(form.slice(1).replace('..', ''));
  return {
    set: form[0] as 'N',
    minLength: form.includes('..') ? 1 : length,
    maxLength: length,
    optional: text.startsWith('['),
    rules: linters.map((name) => LINTERS[name] ?? name) as Entry['components'][number]['rules'],
  };
}

function entriesOf(line: string): Entry[] {
  const found = /^(\d+)(?:-(\d+))?\s+(.*?)\s*(?:#.*)?$/.exec(line)!;
  const [, first = '', last = first, rest = ''] = found;
  const words = rest.split(/\s+/);
  const flags = /^[*?]+$/.test(words[0]!) ? words.shift()! : '';
  const isPlain = (word: string): boolean => /^\[?[NXYZ]/.test(word);
  const attribute = (key: string): string[] =>
    words
      .filter((word) => word.startsWith(`${key}=`))
      .flatMap((word) => word.slice(key.length + 1).split(','));
  const path = words.find((word) => word.startsWith('dlpkey'));
  return Array.from({ length: Number(last) - Number(first) + 1 }, (_, at) => ({
    ai: String(Number(first) + at).padStart(first.length, '0'),
    components: words.filter(isPlain).map(component),
    isPredefined: flags.includes('*'),
    isAttribute: flags.includes('?'),
    requires: attribute('req').map((group) => group.split('+')),
    excludes: attribute('ex'),
    ...(path !== undefined && {
      linkPaths: path.includes('=')
        ? path
            .slice(7)
            .split('|')
            .map((one) => one.split(','))
        : [[]],
    }),
  }));
}

function dictionary(): Entry[] {
  const path = 'gs1-syntax-dictionary/gs1-syntax-dictionary.txt';
  return readFileSync(join(standardsFolder ?? '', path), 'utf8')
    .split('\n')
    .filter((line) => /^\d/.test(line))
    .flatMap(entriesOf);
}

describeWithStandards('beside the GS1 syntax dictionary, the table', () => {
  test('has every AI of it and no other', () => {
    const theirs = dictionary().map(({ ai }) => ai);

    expect([...APPLICATION_IDENTIFIERS.keys()].sort()).toEqual(theirs.sort());
  });

  test('tells the same of each: components, rules, flags, what it needs, excludes and is followed by', () => {
    for (const entry of dictionary()) {
      const { name, ...ours } = APPLICATION_IDENTIFIERS.get(entry.ai)!;

      expect(ours).toEqual(entry);
      expect(name).not.toBe('');
    }
  });
});

describe('the table of application identifiers', () => {
  test('tells how many digits an AI has from its first two', () => {
    expect(['01', '25', '31', '71', '72', '91'].map(aiLength)).toEqual([2, 3, 4, 3, 4, 2]);
    expect(aiLength('05')).toBeUndefined();
    for (const ai of APPLICATION_IDENTIFIERS.keys())
      expect(aiLength(ai.slice(0, 2))).toBe(ai.length);
  });

  test('reads n as any digit', () => {
    expect(matchesAi('31nn', '3102')).toBe(true);
    expect(matchesAi('310n', '3112')).toBe(false);
    expect(matchesAi('37', '370')).toBe(false);
  });

  test('names only AIs it has', () => {
    const all = [...APPLICATION_IDENTIFIERS.values()];
    const named = all.flatMap((one) => [
      ...one.requires.flat(),
      ...one.excludes,
      ...(one.linkPaths ?? []).flat(),
    ]);
    for (const pattern of new Set(named))
      expect(all.some(({ ai }) => matchesAi(pattern, ai)) ? pattern : null).toBe(pattern);
  });

  test('agrees with the table of keys about what begins a Digital Link, and what qualifies it', () => {
    const begin = [...APPLICATION_IDENTIFIERS.values()].filter(({ linkPaths }) => linkPaths);
    expect(begin.map(({ ai }) => ai).sort()).toEqual(KEYS.map(({ ai }) => ai).sort());
    for (const { ai, qualifiers } of KEYS)
      expect(qualifiers.map((one) => one.ai)).toEqual(
        APPLICATION_IDENTIFIERS.get(ai)!.linkPaths!.flat(),
      );
  });
});
