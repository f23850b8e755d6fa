import { asSeen } from '../../../src/epcis-query/seen-event.rules.js';

const [MINE, THEIRS] = ['01/09506000134352/21/A', '01/09506000134352/21/B'];
const seen = { whole: false, names: [MINE] };
const link = (key: string): string => `https://id.gs1.org/${key}`;

function cut(text: string, context: object | null = null): { text: string; context: unknown } {
  const stored = { text, context: context === null ? null : JSON.stringify(context), seen };
  const after = asSeen(stored);
  return { text: after.text, context: JSON.parse(after.context ?? 'null') as unknown };
}

test('what is left of an event keeps its numbers as they were written, and the prefixes that it uses', () => {
  const { text, context } = cut(
    `{"@context":[{"b":"urn:b:"}],"type":"ObjectEvent","bizStep":"c:step","epcList":["${link(MINE)}","${link(THEIRS)}"],"ilmd":{"a:grade":1.50},"b:x":1}`,
    { a: 'urn:a:', c: 'urn:c:', d: 'urn:d:' },
  );
  expect(text).toBe(
    `{"type":"ObjectEvent","bizStep":"urn:c:step","epcList":["${link(MINE)}"],"ilmd":{"a:grade":1.50},"cg:redacted":true}`,
  );
  expect(context).toEqual({ a: 'urn:a:', cg: 'urn:custody-graph:epcis' });
});

test('the mark has a prefix of its own where the event means something else by cg', () => {
  const told = `{"type":"ObjectEvent","epcList":["${link(MINE)}"],"ilmd":{"cg:grade":1}}`;
  const { text, context } = cut(told, { cg: 'urn:theirs:' });
  expect(JSON.parse(text)).toMatchObject({ ilmd: { 'cg:grade': 1 }, 'cgg:redacted': true });
  expect(context).toEqual({ cg: 'urn:theirs:', cgg: 'urn:custody-graph:epcis' });
});

test.each([
  ['AggregationEvent', { parentID: link(MINE) }, { childEPCs: [] }],
  [
    'TransformationEvent',
    { outputEPCList: [link(MINE)] },
    { inputEPCList: [], outputEPCList: [link(MINE)] },
  ],
])('%s has the lists without which it is not valid', (type, told, kept) => {
  const { text } = cut(JSON.stringify({ type, ...told, inputQuantityList: [{}] }));
  expect(JSON.parse(text)).toMatchObject(kept);
  expect(text).not.toContain('Quantity');
});

test('what is seen whole stays as it is', () => {
  const stored = { text: '{"type":"ObjectEvent" }', context: null };
  expect(asSeen(stored)).toBe(stored);
  const whole = { ...stored, seen: { whole: true, names: null } };
  expect(asSeen(whole)).toBe(whole);
});
