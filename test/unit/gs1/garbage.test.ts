import fc from 'fast-check';
import {
  formsOf,
  gtinOfKey,
  keyOfUri,
  parseGln,
  parseGtin,
  parseIdentifier,
} from '../../../src/gs1/identifier.js';
import { URNS } from './arbitraries.js';

const scraps = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...[
          'urn:epc:id:',
          'urn:epc:class:lgtin:',
          'urn:epc:idpat:',
          'urn:epc:tag:',
          'sgtin',
          'sscc',
          'cpi',
          'itip',
          ':',
          '.',
          '.*',
        ],
        ...[
          'https://id.gs1.org/',
          'http://a.b',
          '/',
          '?',
          '#',
          '%',
          '%2F',
          '01',
          '00',
          '21',
          '10',
          '414',
          '254',
          '8003',
          '8010',
        ],
        ...[
          '(01)',
          '(21)',
          '\\(',
          ')',
          ']d2',
          ']E0',
          '\u001d',
          '09506000134352',
          '106141412345678908',
          '9506000134352',
          '0614141',
          '112345',
        ],
      ),
      fc.string({ maxLength: 4, unit: 'binary' }),
    ),
    { maxLength: 9 },
  )
  .map((parts) => parts.join(''));

/** A good URN or Digital Link with one character changed, dropped or put in. */
const damaged = fc
  .tuple(
    fc.oneof(...Object.values(URNS)),
    fc.boolean(),
    fc.nat(),
    fc.nat(1),
    fc.oneof(
      fc.constantFrom('/', '.', '%', '?', '#', '&', '0', ' ', '1', '*', '('),
      fc.string({ maxLength: 1 }),
    ),
  )
  .map(([urn, asLink, where, cut, put]) => {
    const parsed = parseIdentifier(urn);
    const text = asLink && parsed.ok ? formsOf(parsed.id.key).digitalLink : urn;
    const at = where % text.length;
    return text.slice(0, at) + put + text.slice(at + cut);
  });

const anything = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.webUrl(), scraps, damaged);

test('nothing makes a reader throw, and a refusal says something', () => {
  fc.assert(
    fc.property(anything, (text) => {
      for (const parsed of [
        parseIdentifier(text),
        parseGtin(text),
        parseGln(text),
        parseGln(text, 'party'),
      ]) {
        if (!parsed.ok) expect(parsed.message.length).toBeGreaterThan(20);
      }
      formsOf(text, 7);
      gtinOfKey(text);
    }),
    { numRuns: 3000 },
  );
});

test('both ways of reading a URI agree on every text, good or bad', () => {
  fc.assert(
    fc.property(anything, (text) => {
      const parsed = parseIdentifier(text);
      const fast = keyOfUri(text);

      const isUri = /^[a-z][a-z0-9+.-]*:[^\s\p{Cc}]+$/iu.test(text);
      expect(fast).toBe(isUri && parsed.ok ? parsed.id.key : null);
    }),
    { numRuns: 3000 },
  );
});

test('what was read once reads again as the same key', () => {
  fc.assert(
    fc.property(anything, (text) => {
      const parsed = parseIdentifier(text);
      if (!parsed.ok) return;
      const again = parseIdentifier(parsed.id.key);

      expect(again.ok && again.id.key).toBe(parsed.id.key);
      expect(keyOfUri(formsOf(parsed.id.key).digitalLink)).toBe(parsed.id.key);
    }),
    { numRuns: 3000 },
  );
});
