import fc from 'fast-check';
import { formsOf, keyOfUri, parseIdentifier } from '../../../src/gs1/identifier.js';
import type { Identifier } from '../../../src/gs1/identifier.js';
import { set82, URNS } from './arbitraries.js';

function read(text: string): Identifier {
  const parsed = parseIdentifier(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.message}`);
  return parsed.id;
}

describe.each(Object.keys(URNS))('%s', (scheme) => {
  const urns = URNS[scheme]!;

  test('URN to key and back gives the same URN', () => {
    fc.assert(
      fc.property(urns, (urn) => {
        const { key, companyPrefixLength } = read(urn);

        expect(formsOf(key, companyPrefixLength).urn).toBe(urn);
      }),
    );
  });

  test('all forms of a key read as that key and mean the same', () => {
    fc.assert(
      fc.property(urns, (urn) => {
        const { companyPrefixLength, ...id } = read(urn);
        const forms = formsOf(id.key, companyPrefixLength);

        expect(companyPrefixLength).toBe(urn.split(':')[4]!.indexOf('.'));
        expect(read(id.key)).toEqual(id);
        expect(read(forms.digitalLink)).toEqual(id);
        expect(read(forms.elementString!)).toEqual(id);
        expect(forms.digitalLink.startsWith('https://id.gs1.org/')).toBe(true);
      }),
    );
  });

  test('the fast way gives the same key as the explaining one', () => {
    fc.assert(
      fc.property(urns, (urn) => {
        const { key } = read(urn);

        expect(keyOfUri(urn)).toBe(key);
        expect(keyOfUri(formsOf(key).digitalLink)).toBe(key);
      }),
    );
  });
});

test('two different canonical URNs of one prefix length never share a key', () => {
  const all = fc.oneof(...Object.values(URNS));
  fc.assert(
    fc.property(all, all, (one, two) => {
      const [first, second] = [read(one), read(two)];
      fc.pre(one !== two && first.companyPrefixLength === second.companyPrefixLength);

      expect(first.key).not.toBe(second.key);
    }),
  );
});

test('a scanned element string gives serial and lot whatever they hold', () => {
  fc.assert(
    fc.property(
      set82(20),
      set82(20),
      fc.constantFrom('', ']d2', ']C1', ']Q3'),
      (serial, lot, symbology) => {
        const scanned = `${symbology}01095060001343521727123110${lot}\u001d21${serial}`;

        expect(read(scanned)).toEqual({
          key: `01/09506000134352/21/${serial}`,
          scheme: 'sgtin',
          level: 'instance',
          gtin: '09506000134352',
          serial,
          lot,
        });
      },
    ),
  );
});
