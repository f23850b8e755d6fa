import type { Issue } from '../../../src/epcis/faults.js';
import { parseSource } from '../../../src/epcis/parse-document.js';
import type { SourceRead } from '../../../src/epcis/source-document.js';
import { readSource } from '../../../src/epcis/source-document.js';
import { outputHeader, writeJsonDocument } from '../../../src/epcis/write-json.js';
import { writeXmlDocument } from '../../../src/epcis/xml/write-document.js';
import { COMMISSIONING, CONTEXT, LIMITS, PACKING, documentOf } from './fixtures.js';

const FIRST = '/epcisBody/eventList/0';

const readJsonText = (text: string, type = 'application/ld+json'): SourceRead =>
  readSource(Buffer.from(text), type, LIMITS);

function issuesOf(text: string): readonly Issue[] {
  const read = readJsonText(text);
  return read.ok ? [] : read.issues;
}

function textOf(text: string, pointer: string): string | undefined {
  const read = readJsonText(text);
  if (!read.ok) throw new Error(read.issues[0]?.message);
  return read.source.textOf(pointer);
}

describe('a JSON text', () => {
  it('keeps its numbers as they were written', () => {
    const text = JSON.stringify(documentOf({ ...COMMISSIONING, 'ours:a': [1, 2] })).replace(
      '[1,2]',
      '[1.50, {"b":1E3,"c":12345678901234567890,"d":7}]',
    );
    expect(textOf(text, `${FIRST}/ours:a`)).toBe('[1.50,{"b":1E3,"c":12345678901234567890,"d":7}]');
    expect(textOf(text, FIRST)).toContain('"ours:a":[1.50,');
  });

  it('needs no text of its own where no number would change', () => {
    expect(textOf(JSON.stringify(documentOf(PACKING)), FIRST)).toBeUndefined();
    expect(textOf(JSON.stringify(documentOf(PACKING), null, 2), FIRST)).toBeUndefined();
  });

  it('is refused with a key given twice, at its pointer and place', () => {
    const issues = issuesOf('{\n "a": [{"b": 1,\n  "b": 1}], "\\u0061": 2\n}');
    expect(issues).toMatchObject([
      { code: 'KEY_DUPLICATE', pointer: '/a/0/b', line: 3, column: 3 },
      { code: 'KEY_DUPLICATE', pointer: '/a', line: 3, column: 13 },
    ]);
  });

  it.each([
    ['{"a":{"__proto__":{"x":1}}}', '/a/__proto__'],
    ['{"\\u005f_proto__":1}', '/__proto__'],
    ['{"constructor":{"prototype":{"x":1}}}', '/constructor/prototype'],
  ])('is refused with a key that changes prototypes: %s', (text, pointer) => {
    expect(issuesOf(text)).toMatchObject([{ code: 'KEY_FORBIDDEN', pointer, line: 1 }]);
  });

  it.each([
    ['{"a": 1,\n "b": }', 2, 7, 'a value'],
    ['{"a": 1\n "b": 2}', 2, 2, 'a comma or }'],
    ['[1, 2', 1, 6, 'a comma or ]'],
    ['{a: 1}', 1, 2, 'a key in double quotes'],
    ['{"a" 1}', 1, 6, 'a colon'],
    ['{"a": "x\ny"}', 1, 7, 'a string without line breaks and with right escapes'],
    ['{"a": "x', 1, 7, 'the closing quote of this string'],
    ['{} x', 1, 4, 'the end of the text'],
    ['{"a": NaN}', 1, 7, 'a value'],
    ['[01]', 1, 3, 'a comma or ]'],
    ['', 1, 1, 'a value'],
  ])('is refused where it stops being JSON: %j', (text, line, column, expected) => {
    expect(issuesOf(text)).toMatchObject([{ code: 'JSON_SYNTAX', line, column, expected }]);
  });

  it('is refused when it nests a hundred thousand levels deep', () => {
    for (const bracket of ['[', '{"a":'])
      expect(issuesOf(bracket.repeat(100_000))).toMatchObject([{ code: 'LIMIT_DEPTH', line: 1 }]);
  });

  it('may have brackets in its strings', () => {
    expect(issuesOf(JSON.stringify(['['.repeat(1000), '"[', '\\']))).toEqual([]);
  });

  it('may begin with a byte order mark, or be UTF-16', () => {
    expect(readJsonText('\ufeff{}').ok).toBe(true);
    const utf16 = Buffer.from('\ufeff{"a":"ü"}', 'utf16le');
    expect(readSource(utf16, 'application/json', LIMITS)).toMatchObject({
      ok: true,
      source: { document: { a: 'ü' } },
    });
  });

  it('is refused in bytes that are no UTF-8', () => {
    const bytes = Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff]), Buffer.from('"}')]);
    expect(readSource(bytes, 'application/json', LIMITS)).toMatchObject({
      ok: false,
      issues: [{ code: 'CHARSET_MALFORMED', line: 1, column: 7 }],
    });
  });
});

describe('the context of an event', () => {
  const contextsOf = (document: unknown): readonly (string | undefined)[] => {
    const read = readJsonText(JSON.stringify(document));
    const parsed = read.ok ? parseSource(read.source, LIMITS) : undefined;
    if (parsed?.ok !== true) throw new Error('not read');
    return parsed.document.events.map(({ context }) => context);
  };
  const OURS = '{"ours":"https://ns.example.com/epcis/"}';

  it('holds the prefixes that it uses and its document declares, not those that it declares itself', () => {
    const uses = { ...PACKING, 'ours:a': 1 };
    const declares = { ...uses, '@context': [{ ours: 'urn:mine:' }] };
    expect(contextsOf(documentOf(uses, PACKING, declares))).toEqual([OURS, undefined, undefined]);
  });

  it('counts a prefix in a value, and takes a term with @id; keywords and standard terms mean nothing new', () => {
    const document = {
      ...documentOf({ ...PACKING, bizStep: 'ours:step', 'two:b': 1 }),
      '@context': [
        ...CONTEXT,
        { two: { '@id': 'urn:two:', '@prefix': true }, '@vocab': 'urn:v:', eventTime: 'urn:t' },
      ],
    };
    expect(contextsOf(document).map((text) => JSON.parse(text ?? 'null') as unknown)).toEqual([
      { ours: 'https://ns.example.com/epcis/', two: 'urn:two:' },
    ]);
  });

  it('comes beside a header with sender, receiver and extensions of the document', () => {
    const document = {
      ...documentOf({ ...PACKING }),
      sender: 'urn:epc:id:sgln:9506000.00001.0',
      epcisHeader: { 'ours:statement': { 'ours:affirmed': true } },
    };
    const read = readJsonText(JSON.stringify(document));
    const parsed = read.ok ? parseSource(read.source, LIMITS) : undefined;
    const header = parsed?.ok === true ? parsed.document.header : undefined;
    expect(JSON.parse(header?.text ?? '')).toEqual({
      '@context': { ours: 'https://ns.example.com/epcis/', epcis: 'https://ref.gs1.org/epcis/' },
      'epcis:sender': 'urn:epc:id:sgln:9506000.00001.0',
      'ours:statement': { 'ours:affirmed': true },
    });
  });

  it('comes beside a header whose numbers are written out with the digits they came with', () => {
    const statement = '{"ours:n":[1.50,12345678901234567890,1E3],"ours:none":null}';
    const document = documentOf(PACKING);
    const text = JSON.stringify({ ...document, epcisHeader: { 'ours:s/t': 0 }, 'ours:top': 1 })
      .replace('"ours:s/t":0', `"ours:s/t":${statement}`)
      .replace('"ours:top":1', '"ours:top":1.0');
    const read = readJsonText(text);
    const parsed = read.ok ? parseSource(read.source, LIMITS) : undefined;
    const header = parsed?.ok === true ? parsed.document.header : undefined;
    const headers = [outputHeader(header?.text ?? '')];
    const written = { kind: 'EPCISDocument', creationDateMs: 0, headers } as const;
    const out = writeJsonDocument([], written);
    expect(out).toContain(`"epcisHeader":{"ours:top":1.0,"ours:s/t":${statement}}`);
    const xml = writeXmlDocument([], { ...written, version: '2.0' });
    expect(xml).toContain('>1.50</ours:n><ours:n>12345678901234567890</');
  });

  it('tells master data whose numbers keep their digits: as text, where a number would lose them', () => {
    const attribute = (id: string): object => ({ id: `urn:epcglobal:cbv:mda#${id}`, attribute: 0 });
    const element = {
      id: 'urn:epc:id:sgln:9506000.00001.0',
      attributes: [attribute('a'), attribute('b'), attribute('c')],
    };
    const vocabulary = {
      type: 'urn:epcglobal:epcis:vtype:BusinessLocation',
      vocabularyElementList: [element],
    };
    const epcisHeader = { epcisMasterData: { vocabularyList: [vocabulary] } };
    const numbers = ['1.50', '12345678901234567890', '7'];
    const text = JSON.stringify({ ...documentOf(PACKING), epcisHeader }).replaceAll(
      '"attribute":0',
      () => `"attribute":${numbers.shift() ?? ''}`,
    );
    const read = readJsonText(text);
    const parsed = read.ok ? parseSource(read.source, LIMITS) : undefined;
    const [told] = parsed?.ok === true ? parsed.document.masterData : [];
    expect(told?.attributes).toEqual({ a: '1.50', b: '12345678901234567890', c: 7 });
  });
});
