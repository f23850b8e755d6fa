import fc from 'fast-check';
import { parseIdentifier, urnOfKey } from '../../../src/gs1/identifier.js';
import {
  companyPrefixIn,
  LearnedPrefixLengths,
  parsePrefixTable,
} from '../../../src/gs1/prefix-lengths.js';
import { URNS } from './arbitraries.js';

function tableOf(json: unknown): ReadonlyMap<string, number> {
  const read = parsePrefixTable(JSON.stringify(json));
  if (!read.ok) throw new Error(read.message);
  return read.table;
}

describe('company prefix lengths', () => {
  test('are learnt from EPC URNs and from company prefixes', () => {
    const lengths = new LearnedPrefixLengths();
    lengths.learnFrom('urn:epc:id:sgtin:0614141.107346.2018');
    lengths.learn('950600');

    expect(urnOfKey('00/106141412345678908', lengths)).toBe('urn:epc:id:sscc:0614141.1234567890');
    expect(urnOfKey('414/9506000134352', lengths)).toBe('urn:epc:id:sgln:950600.013435.0');
    expect(urnOfKey('01/04012345123456', lengths)).toBeNull();
    expect(urnOfKey('https://example.com/x', lengths)).toBeNull();
  });

  test('are unknown where two learnt ones contradict each other, in whatever order they came', () => {
    for (const order of [
      ['0614141', '061414'],
      ['061414', '0614141'],
    ]) {
      const lengths = new LearnedPrefixLengths();
      order.forEach((prefix) => {
        lengths.learn(prefix);
      });

      expect(lengths.lengthFor('061414110734')).toBeUndefined();
      expect(lengths.lengthFor('061414210734')).toBeUndefined();
    }
  });

  test('of the operator go first, the longest entry deciding', () => {
    const lengths = new LearnedPrefixLengths(tableOf({ '06': 7, '061414': 8, '061': 0, '9': 4 }));
    lengths.learn('0614141');

    expect(lengths.lengthFor('061414110734')).toBe(8);
    expect(lengths.lengthFor('062414110734')).toBe(7);
    expect(lengths.lengthFor('061514110734')).toBeUndefined();
    expect(lengths.lengthFor('950600013435')).toBe(6);
    expect(lengths.lengthFor('')).toBeUndefined();
  });

  test('are not learnt from what is malformed or no GS1 key', () => {
    const lengths = new LearnedPrefixLengths();
    for (const uri of [
      'urn:epc:id:gid:9510000.12345.400',
      'urn:epc:id:sgtin:0614141.1073466.1',
      'urn:epc:id:sgtin:06141.10734600.1',
      'https://id.gs1.org/01/09506000134352',
      'urn:uuid:8a7a4dd6-1e6f-4f0f-8a37-1a2f3f1f7f00',
    ])
      lengths.learnFrom(uri);
    ['12345', '1234567890123', 'abcdefg'].forEach((prefix) => {
      lengths.learn(prefix);
    });

    expect(lengths.lengthFor('061414110734')).toBeUndefined();
    expect(lengths.lengthFor('951000012345')).toBeUndefined();
    expect(lengths.lengthFor('123451234567')).toBeUndefined();
    expect(companyPrefixIn('urn:epc:class:lgtin:4054739.099914.2016')).toBe('4054739');
  });

  test('stop being learnt at the limit; what is known stays', () => {
    const lengths = new LearnedPrefixLengths(undefined, 4);
    lengths.learn('0614141');
    lengths.learn('4012345');
    lengths.learn('950600');

    expect(lengths.lengthFor('061414110734')).toBe(7);
    expect(lengths.lengthFor('401234512345')).toBe(7);
    expect(lengths.lengthFor('950600013435')).toBeUndefined();
  });
});

describe('a table of company prefixes', () => {
  test('is a list, an object, or the one GS1 gives out', () => {
    expect([...tableOf(['0614141', '950600'])]).toEqual([
      ['0614141', 7],
      ['950600', 6],
    ]);
    expect([...tableOf({ '0614141': 7 })]).toEqual([['0614141', 7]]);
    const official = {
      GCPPrefixFormatList: {
        date: '2026-01-01T00:00:00Z',
        entry: [
          { prefix: '030', gcpLength: 11 },
          { prefix: '02', gcpLength: 0 },
        ],
      },
    };
    expect([...tableOf(official)]).toEqual([
      ['030', 11],
      ['02', 0],
    ]);
  });

  test.each([
    ['{', 'not JSON'],
    ['"x"', 'neither a list nor an object'],
    ['{"GCPPrefixFormatList":{}}', 'neither a list nor an object'],
    ['{"x": 7}', '1 to 12 digits'],
    ['[614141]', 'a length is a number'],
    ['{"0614141": 13}', 'a length is a number'],
    ['{"0614141": "seven"}', 'a length is a number'],
    ['{"GCPPrefixFormatList":{"entry":[null]}}', '1 to 12 digits'],
    [
      '{"GCPPrefixFormatList":{"entry":[{"prefix":"030","gcpLength":11},{"prefix":"030","gcpLength":10}]}}',
      'two lengths, 11 and 10',
    ],
  ])('%s is refused', (text, reason) => {
    const read = parsePrefixTable(text);

    expect(read).toMatchObject({ ok: false });
    expect(!read.ok && read.message).toContain(reason);
  });
});

test.each(Object.keys(URNS))('%s: the URN it was learnt from is found again', (scheme) => {
  fc.assert(
    fc.property(URNS[scheme]!, (urn) => {
      const lengths = new LearnedPrefixLengths();
      lengths.learnFrom(urn);
      const parsed = parseIdentifier(urn);

      expect(parsed.ok && urnOfKey(parsed.id.key, lengths)).toBe(urn);
    }),
  );
});
