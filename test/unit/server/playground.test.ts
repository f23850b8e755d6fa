import { wantsPlayground } from '../../../src/server/playground.http.js';

describe('wantsPlayground', () => {
  it.each([
    ['a browser', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'],
    ['HTML above JSON', 'application/json;q=0.5, text/html'],
    ['capitals', 'TEXT/HTML'],
  ])('is true for %s', (_, accept) => {
    expect(wantsPlayground({ accept })).toBe(true);
  });

  it.each([
    ['a wildcard', '*/*'],
    ['the GraphQL media type', 'application/graphql-response+json'],
    ['JSON as good as HTML', 'text/html, application/json'],
    ['GraphQL above HTML', 'application/graphql-response+json, text/html;q=0.9'],
    ['refused HTML', 'text/html;q=0'],
    ['a broken weight', 'text/html;q=much'],
  ])('is false for %s', (_, accept) => {
    expect(wantsPlayground({ accept })).toBe(false);
  });

  it('is false without an Accept header', () => {
    expect(wantsPlayground({})).toBe(false);
  });
});
