import { writingFor } from '../../../src/serials/serial-lines.rules.js';

test.each([
  [undefined, 'text/plain'],
  ['*/*', 'text/plain'],
  ['text/csv', 'text/csv'],
  ['application/x-ndjson', 'application/x-ndjson'],
  ['text/plain;q=0.2, text/csv;q=0.9', 'text/csv'],
  ['application/json, text/*;q=0.1', 'text/plain'],
  ['text/plain;q=0, */*', 'text/csv'],
])('Accept %s is answered as %s', (accept, mediaType) => {
  expect(writingFor(accept)?.mediaType).toBe(mediaType);
});

test.each(['application/json', 'text/plain;q=0', 'image/*'])('Accept %s is refused', (accept) => {
  expect(writingFor(accept)).toBeUndefined();
});

test('a serial with commas and quotes is one field of CSV', () => {
  expect(writingFor('text/csv')?.lineOf('09506000134352', 'A,"B')).toBe(
    '09506000134352,"A,""B"\r\n',
  );
});
