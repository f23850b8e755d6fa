import { collectionAnswer } from '../../../src/epcis-rest/collection.js';
import type { EpcisCall } from '../../../src/epcis-rest/resource.js';

const listOf = (syntax: 'JSON' | 'XML', prefix: string): string => {
  const headers = { extensions: { [prefix]: 'https://id.gs1.org/' } };
  return collectionAnswer({ syntax, headers } as unknown as EpcisCall, [
    'https://id.gs1.org/414/9506000134352',
  ]).body!;
};

test('a value is shortened by the prefix of its namespace, which is bound beside it', () => {
  expect(listOf('XML', 'gs1')).toContain(
    ' xmlns:gs1="https://id.gs1.org/"><member>gs1:414/9506000134352</member>',
  );
  expect(JSON.parse(listOf('JSON', 'epcis'))).toMatchObject({
    '@context': [expect.any(String), { epcis: 'https://id.gs1.org/' }],
    member: ['epcis:414/9506000134352'],
  });
});

test.each(['epcis', 'xml', 'xmlns'])('%s cannot be bound in XML: values stay whole', (prefix) => {
  expect(listOf('XML', prefix)).toContain(
    '<epcis:Collection xmlns:epcis="urn:epcglobal:epcis:xsd:2"><member>https://id.gs1.org/414/9506000134352</member>',
  );
});
