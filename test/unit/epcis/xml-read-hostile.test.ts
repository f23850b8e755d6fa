import { issuesOf, objectEvent, readXmlText, xmlDocument } from './xml-fixtures.js';

const firstOf = (text: string | Uint8Array, type?: string): Record<string, unknown> => {
  const { code, line, column, remedy } = issuesOf(text, type)[0] ?? {};
  return { code, line, column, saysWhatToDo: (remedy ?? '').length > 10 };
};

describe('hostile or broken XML', () => {
  it('is refused with entities declared inside it, none of them expanded', () => {
    const laughs = `<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>
${xmlDocument(objectEvent('<bizStep>&c;</bizStep>')).replace(/^.*\n/, '')}`;
    expect(firstOf(laughs)).toEqual({ code: 'XML_DTD', line: 2, column: 1, saysWhatToDo: true });
  });

  it.each([
    ['an external entity', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'],
    ['an external subset', '<!DOCTYPE a SYSTEM "http://127.0.0.1:1/a.dtd">'],
    ['a public identifier', '<!DOCTYPE a PUBLIC "-//X//Y" "http://127.0.0.1:1/a.dtd">'],
    ['a parameter entity', '<!DOCTYPE a [<!ENTITY % p "<!ENTITY x \'y\'>">%p;]>'],
  ])('is refused with %s', (_name, doctype) => {
    expect(firstOf(`${doctype}<a>&x;</a>`)).toMatchObject({ code: 'XML_DTD', line: 1, column: 1 });
  });

  it('is read where the document type names the root and declares nothing, as in the GS1 examples', () => {
    const text = xmlDocument(objectEvent()).replace('?>\n', '?>\n<!DOCTYPE project>\n');
    expect(issuesOf(text)).toEqual([]);
  });

  it('is refused where an entity is not one of the five of XML', () => {
    const text = xmlDocument(objectEvent('<bizStep>&nbsp;</bizStep>'));
    expect(firstOf(text)).toMatchObject({ code: 'XML_SYNTAX', line: 4 });
  });

  it('is refused where elements nest deeper than the limit, however deep', () => {
    const deep = '<x>'.repeat(200_000);
    expect(firstOf(xmlDocument(`<ObjectEvent>${deep}`))).toMatchObject({
      code: 'LIMIT_DEPTH',
      line: 4,
      saysWhatToDo: true,
    });
  });

  it('is refused where an element has a hundred thousand attributes', () => {
    const many = Array.from({ length: 100_000 }, (_, n) => `a${n}="1"`).join(' ');
    expect(firstOf(xmlDocument(`<ObjectEvent ${many}/>`))).toMatchObject({
      code: 'LIMIT_ATTRIBUTES',
      line: 4,
      column: 1,
    });
  });

  it.each([
    ['cut in the middle', '<a><b>', 'XML_SYNTAX'],
    ['with a tag that nobody opened', '<a></b></a>', 'XML_SYNTAX'],
    ['with a prefix that nobody bound', '<p:a/>', 'XML_SYNTAX'],
    ['with an attribute twice', '<a b="1" b="2"/>', 'XML_SYNTAX'],
    ['with a control character', '<a>\u0001</a>', 'XML_SYNTAX'],
    ['without an element', '<!-- nothing -->', 'XML_SYNTAX'],
    ['of nothing', '', 'XML_SYNTAX'],
    ['of something else', '<html/>', 'ROOT_UNKNOWN'],
    ['in a namespace that EPCIS has not', '<e:EPCISDocument xmlns:e="urn:x"/>', 'ROOT_UNKNOWN'],
  ])('is refused %s', (_name, text, code) => {
    const issue = firstOf(text);
    expect(issue).toMatchObject({ code, saysWhatToDo: true });
    expect(issue['line']).toBe(1);
  });

  it('never lets a name change the prototype of an object', () => {
    const text = xmlDocument(
      objectEvent('<x:a xmlns:x="urn:x"><__proto__><polluted>yes</polluted></__proto__></x:a>'),
    );
    issuesOf(text);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(firstOf(text)).toMatchObject({ code: 'KEY_FORBIDDEN', line: 4 });
  });
});

describe('the encoding of XML', () => {
  const text = xmlDocument(objectEvent('<x:a xmlns:x="urn:x">Grüße 日本 😀</x:a>'));
  const utf16 = (said: string): Buffer => Buffer.from(said, 'utf16le');
  const swapped = (bytes: Buffer): Buffer => Buffer.from(bytes).swap16();
  const valueIn = (bytes: Uint8Array, type?: string): unknown => {
    const read = readXmlText(bytes, type);
    if (!read.ok) return read.issues[0]?.code;
    const document = read.source.document as {
      epcisBody: { eventList: Record<string, unknown>[] };
    };
    return document.epcisBody.eventList[0]?.['x:a'];
  };
  const said = text.replace('UTF-8', 'UTF-16');

  it.each([
    ['UTF-8', Buffer.from(text), undefined],
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${text}`), undefined],
    ['UTF-16 by its mark', utf16(`\ufeff${said}`), undefined],
    ['UTF-16, the high byte first, by its mark', swapped(utf16(`\ufeff${said}`)), undefined],
    ['UTF-16 by charset', utf16(said), 'application/xml; charset="UTF-16LE"'],
    ['UTF-16 without mark, high byte first', swapped(utf16(said)), 'text/xml;charset=utf-16'],
    ['UTF-16 by how it begins', utf16(said), undefined],
    ['a mark against what is declared', Buffer.from(`\ufeff${text}`), 'application/xml; charset=x'],
  ])('is found: %s', (_name, bytes, type) => {
    expect(valueIn(bytes, type)).toBe('Grüße 日本 😀');
  });

  it('may be declared in the document', () => {
    const latin = text.replace('UTF-8', 'ISO-8859-1').replace(' 日本 😀', '');
    expect(valueIn(Buffer.from(latin, 'latin1'))).toBe('Grüße');
  });

  it('is refused when it is none we read', () => {
    expect(firstOf(text.replace('UTF-8', 'EBCDIC-CP-US'))).toMatchObject({
      code: 'CHARSET_UNSUPPORTED',
      saysWhatToDo: true,
    });
  });

  it('is refused with the place of the first bytes that are not of it', () => {
    const broken = Buffer.concat([
      Buffer.from('<a>\n Grüße \ufffd'),
      Buffer.from([0xc3, 0x28]),
      Buffer.from('</a>'),
    ]);
    expect(firstOf(broken)).toEqual({
      code: 'CHARSET_MALFORMED',
      line: 2,
      column: 9,
      saysWhatToDo: true,
    });
  });
});

describe('limits are judged while XML is read', () => {
  const codeOf = (text: string): unknown => issuesOf(text)[0]?.code;
  const many = (n: number, one: string): string => one.repeat(n);
  const bindings = Array.from({ length: 1001 }, (_, i) => `<x:a xmlns:x="urn:x:${i}"/>`).join('');

  it.each([
    ['namespaces', objectEvent(bindings), 'LIMIT_NAMESPACES'],
    ['empty elements in an event', objectEvent(many(500_000, '<a/>')), 'LIMIT_ELEMENTS'],
    ['events', many(101, objectEvent()), 'LIMIT_EVENTS'],
    ['letters in a name', objectEvent(`<${many(1002, 'a')}/>`), 'LIMIT_NAME'],
  ])('too many %s', (_name, inside, code) => {
    // Cut off: what comes after the limit is never looked at.
    expect(codeOf(xmlDocument(`${inside}<not closed`))).toBe(code);
  });
});

it('mixed content inside of mixed content is kept once by name and once in order, however deep', () => {
  const deep = `${'<x:a>t'.repeat(12)}<x:b/>${'</x:a>'.repeat(12)}`;
  const text = xmlDocument(objectEvent(deep.replace('<x:a>', '<x:a xmlns:x="urn:x">')));
  const read = readXmlText(text);

  expect(JSON.stringify(read.ok && read.source.document).length).toBeLessThan(1500);
});
