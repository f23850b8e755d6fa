import type { Dice } from './dice.js';
import type { TextChange } from './mutate-json.js';
import { oddTexts } from './mutate-values.js';

const NAMESPACES = [
  'urn:epcglobal:epcis:xsd:1',
  'urn:epcglobal:epcis:xsd:2',
  'urn:epcglobal:epcis-query:xsd:1',
  'urn:epcglobal:epcis-query:xsd:2',
  'urn:epcglobal:epcis-masterdata:xsd:1',
  'http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader',
  'http://www.w3.org/2000/xmlns/',
  'http://www.w3.org/XML/1998/namespace',
  '__proto__',
  '',
];

const DOCTYPES = [
  '<!DOCTYPE a [<!ENTITY b "c">]>',
  '<!DOCTYPE a SYSTEM "file:///etc/passwd">',
  '<!DOCTYPE a PUBLIC "-//x//y" "http://127.0.0.1:1/x.dtd">',
  '<!DOCTYPE a [<!ENTITY % p SYSTEM "http://127.0.0.1:1/x"> %p;]>',
  '<!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>',
  '<!DOCTYPE a [<!ATTLIST action x CDATA "y">]>',
  '<!DOCTYPE epcis:EPCISDocument>',
  '<!DOCTYPE',
  '<!ENTITY x "y">',
];

const REFERENCES = [
  '&b;',
  '&lol;',
  '&xxe;',
  '&',
  '&;',
  '&#0;',
  '&#8;',
  '&#xD800;',
  '&#x110000;',
  '&#99999999999999999999;',
  '&#xFFFE;',
  '&#;',
  '&lt',
  '&#x41;',
  '&nbsp;',
];

const DECLARATIONS = [
  '<?xml version="1.1"?>',
  '<?xml version="9.9"?>',
  '<?xml version="1.0" encoding="utf-16"?>',
  '<?xml version="1.0" encoding="bogus-8"?>',
  '<?xml version="1.0" encoding="iso-8859-1" standalone="yes"?>',
  '<?xml encoding="utf-8"?>',
  '<?xml?>',
  '<?xml-stylesheet href="file:///etc/passwd"?>',
  ' <?xml version="1.0"?>',
  '<?xml version="1.0"?><?xml version="1.0"?>',
];

const PIECES = [
  '<![CDATA[',
  '<![CDATA[ ]]>',
  ']]>',
  '<!-- a -- b -->',
  '<!--',
  '<?php echo 1 ?>',
  '<?',
  '<',
  '>',
  '</>',
  '<a',
  '<a/>',
  '<1a/>',
  '<a:b/>',
  '<ex:a xmlns:ex="https://ns.example.com/epcis/"><ex:a/></ex:a>',
  '<__proto__/>',
  '<constructor>1</constructor>',
  '<x:__proto__ xmlns:x="__proto__">1</x:__proto__>',
  '<extension/>',
  '<baseExtension><extension><extension/></extension></baseExtension>',
  '<eventTime>NaN</eventTime>',
  '<action>ADD</action>',
  '<eventID>urn:x:y</eventID>',
  '<sensorElementList><sensorElement/></sensorElementList>',
  '<ilmd><a/></ilmd>',
  '<errorDeclaration/>',
  'text',
  '\u00a0',
];

const ATTRIBUTES = [
  'a="1"',
  'a="1" a="2"',
  'xmlns:p="urn:x:1" xmlns:q="urn:x:1" p:a="1" q:a="2"',
  'xmlns=""',
  'xmlns="urn:x:y"',
  'xmlns:xml="urn:x:y"',
  'xmlns:xmlns="urn:x:y"',
  'xmlns:p=""',
  'undeclared:a="1"',
  'a=1',
  'a',
  'a="<"',
  'a="&#10;&#x0;"',
  '__proto__="1"',
  'constructor="1"',
  'type="&b;"',
  'xsi:nil="true" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"',
  'xsi:type="x" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"',
  'schemaVersion="3.0"',
  'creationDate="yesterday"',
  'value="NaN"',
];

interface Span {
  readonly from: number;
  readonly to: number;
}

/** Where something stands in a text; one of its places. */
function place(dice: Dice, text: string, pattern: RegExp): Span {
  const found = [...text.matchAll(pattern)].map(({ index, 0: all }) => ({
    from: index,
    to: index + all.length,
  }));
  return found.length === 0 ? { from: text.length, to: text.length } : dice.one(found);
}

const TAG = /<\/?[\w:.-]+[^<>]*>/g;
const OPENING = /<[\w:.-]+[^<>]*?(?=\/?>)/g;
const NAME = /(?<=<\/?)[\w:.-]+/g;
const CONTENT = /(?<=>)[^<>]+(?=<)/g;
const VALUE = /(?<==")[^"<>]*(?=")/g;
const LEAF = /<([\w:.-]+)[^<>]*>[^<>]*<\/\1>/g;
const BLOCK =
  /<(ObjectEvent|AggregationEvent|TransformationEvent|epcList|extension|sensorElement|EPCISHeader)>[\s\S]*?<\/\1>/g;

function put(text: string, { from, to }: Span, inside: string): string {
  return text.slice(0, from) + inside + text.slice(to);
}

function bomb(dice: Dice): string {
  const [open, close] = dice.one([
    ['<ex:a xmlns:ex="urn:x:y">', '</ex:a>'],
    ['<extension>', '</extension>'],
    ['<a>', ''],
    ['<a b="c">', '</a>'],
  ] as const);
  const levels = dice.one([20, 33, 45, 200, 2000, 50_000]);
  return open.repeat(levels) + close.repeat(levels);
}

type XmlChange = (dice: Dice, text: string, other: string) => string;

const inserted =
  (pieces: readonly string[]): XmlChange =>
  (dice, text) => {
    const { to } = place(dice, text, TAG);
    return put(text, { from: to, to }, dice.one(pieces));
  };

const CHANGES: Readonly<Record<string, XmlChange>> = {
  'a document type': (dice, text) =>
    text.replace(/^(<\?xml[^>]*>)?/, (all) => all + dice.one(DOCTYPES)),
  'a reference': inserted(REFERENCES),
  'a reference in an attribute': (dice, text) =>
    put(text, place(dice, text, VALUE), dice.one(REFERENCES)),
  'another declaration': (dice, text) => dice.one(DECLARATIONS) + text.replace(/^<\?xml[^>]*>/, ''),
  'a piece': inserted(PIECES),
  'another piece': inserted(PIECES),
  'an attribute': (dice, text) => {
    const { to } = place(dice, text, OPENING);
    return put(text, { from: to, to }, ` ${dice.one(ATTRIBUTES)}`);
  },
  'ten thousand attributes': (dice, text) => {
    const { to } = place(dice, text, OPENING);
    const many = Array.from({ length: dice.one([300, 10_000]) }, (_, i) => ` a${i}="${i}"`).join(
      '',
    );
    return dice.chance(0.2) ? put(text, { from: to, to }, many) : text.replace('"', "'");
  },
  'another namespace': (dice, text) =>
    text.replace(dice.one(NAMESPACES.slice(0, 6)), dice.one(NAMESPACES)),
  'namespaces swapped': (_dice, text) =>
    text.replace(/xsd:([12])"/g, (_all, n: string) => `xsd:${n === '1' ? 2 : 1}"`),
  'another name': (dice, text) =>
    put(
      text,
      place(dice, text, NAME),
      dice.one(['a', 'epcis:a', 'x:y', '__proto__', 'extension', 'epc', 'ObjectEvent', 'é']),
    ),
  'an element of another name': (dice, text) => {
    const span = place(dice, text, LEAF);
    const name = dice.one([
      'eventTime',
      'action',
      'unknown',
      'epcList',
      '__proto__',
      'reason',
      'bizStep',
    ]);
    const said = text.slice(span.from, span.to);
    return put(
      text,
      span,
      said.replace(/^<[\w:.-]+/, `<${name}`).replace(/<\/[\w:.-]+>$/, `</${name}>`),
    );
  },
  'an odd text': (dice, text) =>
    put(text, place(dice, text, CONTENT), escaped(dice.one(oddTexts)(dice))),
  'another odd text': (dice, text) =>
    put(text, place(dice, text, CONTENT), escaped(dice.one(oddTexts)(dice))),
  'an odd value': (dice, text) =>
    put(text, place(dice, text, VALUE), escaped(dice.one(oddTexts)(dice))),
  'a tag left out': (dice, text) => put(text, place(dice, text, TAG), ''),
  'an element left out': (dice, text) => put(text, place(dice, text, dice.one([LEAF, BLOCK])), ''),
  'an element twice': (dice, text) => {
    const span = place(dice, text, dice.one([LEAF, BLOCK]));
    return put(text, { from: span.to, to: span.to }, text.slice(span.from, span.to));
  },
  'elements in another order': (dice, text) => {
    const span = place(dice, text, LEAF);
    const { from } = place(
      dice,
      text,
      /<(?=action|bizStep|eventTimeZoneOffset|readPoint|extension|\/)/g,
    );
    const said = text.slice(span.from, span.to);
    return from > span.to
      ? put(put(text, { from, to: from }, said), span, '')
      : put(put(text, span, ''), { from, to: from }, said);
  },
  'a depth bomb': (dice, text) => put(text, place(dice, text, /(?<=>)(?=<)/g), bomb(dice)),
  'a long text': (dice, text) =>
    dice.chance(0.2)
      ? put(text, place(dice, text, CONTENT), 'ä'.repeat(dice.below(200_000)))
      : text.slice(1),
  'part of another document': (dice, text, other) => put(text, place(dice, text, TAG), other),
};
const KINDS = Object.keys(CHANGES);

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

/** An XML text, changed in one way. */
export function mutateXml(dice: Dice, text: string, other: string): TextChange {
  const how = dice.one(KINDS);
  return { how, text: CHANGES[how]?.(dice, text, other) ?? text };
}
