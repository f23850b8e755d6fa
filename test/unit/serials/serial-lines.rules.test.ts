import { writingFor } from '../../../src/serials/serial-lines.rules.js';

test.each([
  [undefined, 'text/plain'],
  ['*/*', 'text/plain'],
  ['text/csv', 'text/csv'],
  ['application/x-ndjson', 'application/x-ndjson'],
  ['text/plain;q=0.2, text/csv;q=0.9', 'text/csv'],
  ['application/json, text/*;q=0.1', 'text/plain'],
  ['text/plain;q=0, */*', 'text/csv'],
  ['text/csv ; Q=0.5', 'text/csv'],
  ['text/csv;header=present', 'text/csv'],
])('Accept %s is answered as %s', (accept, mediaType) => {
  expect(writingFor(accept)?.mediaType).toBe(mediaType);
});

test.each(['application/json', 'text/plain;q=0', 'text/csv;q=no', 'image/*', ''])(
  'Accept %s is refused',
  (accept) => {
    expect(writingFor(accept)).toBeUndefined();
  },
);

test('a serial with commas and quotes is one field of CSV', () => {
  expect(writingFor('text/csv')?.lineOf('09506000134352', 'A,"B')).toBe(
    '09506000134352,"A,""B"\r\n',
  );
});

test('each format has its own lines, and CSV a line of names', () => {
  const told = ['text/plain', 'text/csv', 'application/x-ndjson'].map((type) => {
    const writing = writingFor(type);
    return [writing?.head, writing?.lineOf('09506000134352', 'A1')];
  });

  expect(told).toEqual([
    ['', 'A1\n'],
    ['gtin,serial\r\n', '09506000134352,A1\r\n'],
    ['', '{"gtin":"09506000134352","serial":"A1"}\n'],
  ]);
});
