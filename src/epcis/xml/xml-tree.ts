import type { SaxesTagNS } from 'saxes';
import { SaxesParser } from 'saxes';
import type { FaultCode } from '../fault-codes.js';
import type { Finding, Issue } from '../faults.js';
import { issueOf } from '../faults.js';
import { TextPlaces } from '../text-places.js';

/** An attribute that is not a namespace declaration. */
export interface XmlAttribute {
  /** As written, prefix and all. */
  readonly name: string;
  readonly prefix: string;
  readonly local: string;
  /** Namespace; empty for none. */
  readonly uri: string;
  readonly value: string;
}

/** An element with its texts and elements in order, without white space between elements. */
export interface XmlElement {
  /** As written, prefix and all. */
  readonly name: string;
  readonly prefix: string;
  readonly local: string;
  /** Namespace; empty for none. */
  readonly uri: string;
  readonly attributes: readonly XmlAttribute[];
  /** Prefixes this element binds. */
  readonly bound: Readonly<Record<string, string>>;
  /** Where its tag begins in the text. */
  readonly offset: number;
  content: (XmlElement | string)[];
}

/** Limits of an XML document. */
export interface XmlLimits {
  /** Levels of elements. */
  readonly depth: number;
  /** Attributes of one element, with its declarations of prefixes. */
  readonly attributes: number;
  /** Elements of the whole document. */
  readonly elements: number;
  /** Different namespaces that prefixes are bound to. */
  readonly namespaces: number;
  /** Characters of a name, and of a namespace. */
  readonly name: number;
}

/** The outcome of parsing. */
export type XmlParsed =
  { readonly ok: true; readonly root: XmlElement } | { readonly ok: false; readonly issue: Issue };

/** Called with an element and the elements around it, innermost last. */
export type OnElement = (element: XmlElement, around: readonly XmlElement[]) => void;

/** Called when an element begins and ends. It may empty an ended element or refuse the document. */
export interface Watcher {
  readonly opened?: OnElement;
  readonly closed?: OnElement;
}

const DTD: Finding = {
  code: 'XML_DTD',
  expected: 'no document type definition',
  remedy: 'Remove the DOCTYPE. It is not read, and entities are not expanded.',
};
const SYNTAX: Finding = {
  code: 'XML_SYNTAX',
  expected: 'well-formed XML with namespaces',
  remedy: 'Correct the document at this place.',
};

class Refused extends Error {
  constructor(
    readonly finding: Finding,
    readonly found: string,
    readonly offset: number,
  ) {
    super(finding.code);
  }
}

const XMLNS = 'http://www.w3.org/2000/xmlns/';
const BARE_DOCTYPE = /^\s*[^\s[\]"'<>]+\s*$/;

/** Builds elements from the parser's tokens, within limits. */
class Builder {
  private readonly parser = new SaxesParser({ xmlns: true });
  private readonly open: XmlElement[] = [];
  private root: XmlElement | undefined;
  private start = 0;
  private attributes = 0;
  private elements = 0;
  private readonly namespaces = new Set<string>();

  constructor(
    private readonly text: string,
    private readonly limits: XmlLimits,
    private readonly watcher: Watcher,
  ) {
    const { parser } = this;
    parser.on('error', (error) => {
      const found = error.message.replace(/^\d+:\d+: /, '').replace(/\.$/, '');
      throw new Refused(SYNTAX, found, Math.max(0, parser.position - 1));
    });
    parser.on('doctype', (doctype) => {
      this.doctype(doctype);
    });
    parser.on('opentagstart', ({ name }) => {
      this.start = this.text.lastIndexOf('<', parser.position - name.length);
      this.attributes = 0;
    });
    parser.on('attribute', ({ name }) => {
      this.countAttribute(name);
    });
    parser.on('opentag', (tag) => {
      this.opened(tag);
    });
    parser.on('closetag', () => {
      this.closed();
    });
    parser.on('text', (said) => {
      this.said(said);
    });
    parser.on('cdata', (said) => {
      this.said(said);
    });
  }

  build(): XmlElement {
    this.parser.write(this.text).close();
    if (this.root === undefined) throw new Refused(SYNTAX, 'no element', this.text.length);
    return this.root;
  }

  /** A bare `<!DOCTYPE name>`, as in the GS1 examples, declares nothing; any other is refused. */
  private doctype(doctype: string): void {
    if (BARE_DOCTYPE.test(doctype)) return;
    throw new Refused(DTD, 'a document type definition', this.text.indexOf('<!DOCTYPE'));
  }

  private countAttribute(name: string): void {
    this.attributes += 1;
    this.checkName(name);
    const { attributes: limit } = this.limits;
    if (this.attributes <= limit) return;
    const expected = `at most ${limit} attributes on an element`;
    this.refuse('LIMIT_ATTRIBUTES', expected, 'Write them as elements.');
  }

  private refuse(code: FaultCode, expected: string, remedy: string): never {
    throw new Refused({ code, expected, remedy }, 'more', this.start);
  }

  private countElement(name: string, bound: Readonly<Record<string, string>>): void {
    const { depth, elements } = this.limits;
    this.elements += 1;
    this.checkName(name);
    if (this.open.length >= depth)
      this.refuse('LIMIT_DEPTH', `at most ${depth} levels of elements`, 'Flatten the document.');
    if (this.elements > elements)
      this.refuse('LIMIT_ELEMENTS', `at most ${elements} elements`, 'Send several documents.');
    for (const uri of Object.values(bound)) this.countNamespace(uri);
  }

  private checkName(name: string): void {
    const { name: limit } = this.limits;
    if (name.length > limit)
      this.refuse('LIMIT_NAME', `at most ${limit} characters in a name`, 'Use a shorter name.');
  }

  private countNamespace(uri: string): void {
    const { namespaces } = this.limits;
    this.checkName(uri);
    this.namespaces.add(uri);
    if (this.namespaces.size > namespaces) {
      const expected = `at most ${namespaces} namespaces in a document`;
      this.refuse('LIMIT_NAMESPACES', expected, 'Use one namespace for what belongs together.');
    }
  }

  private opened({ name, prefix, local, uri, attributes, ns }: SaxesTagNS): void {
    this.countElement(name, ns);
    const element: XmlElement = {
      name,
      prefix,
      local,
      uri,
      attributes: Object.values(attributes).filter((one) => one.uri !== XMLNS),
      bound: ns,
      offset: this.start,
      content: [],
    };
    this.open.at(-1)?.content.push(element);
    this.root ??= element;
    this.watcher.opened?.(element, this.open);
    this.open.push(element);
  }

  private closed(): void {
    const element = this.open.pop();
    if (element === undefined) return;
    if (element.content.some((part) => typeof part !== 'string'))
      element.content = element.content.filter(
        (part) => typeof part !== 'string' || /\S/.test(part),
      );
    this.watcher.closed?.(element, this.open);
  }

  private said(text: string): void {
    const content = this.open.at(-1)?.content;
    const last = content?.at(-1);
    if (content === undefined) return;
    if (typeof last === 'string') content[content.length - 1] = last + text;
    else content.push(text);
  }
}

/**
 * Parses XML 1.0 with namespaces. It refuses a DTD, knows only the five entities of XML, and skips
 * comments and processing instructions. It stops at the first fault and gives its place.
 */
export function parseXml(text: string, limits: XmlLimits, watcher: Watcher = {}): XmlParsed {
  try {
    return { ok: true, root: new Builder(text, limits, watcher).build() };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const place = new TextPlaces(text).at(error.offset);
    return { ok: false, issue: issueOf(error.finding, '', error.found, place) };
  }
}

/** Stops the parsing at an element that is one too many. */
export function refuseAt(finding: Finding, { offset }: XmlElement): never {
  throw new Refused(finding, 'more', offset);
}

/** The elements inside an element. */
export function elementsOf({ content }: XmlElement): readonly XmlElement[] {
  return content.filter((part) => typeof part !== 'string');
}

/** The text of an element, without the text of its inner elements. */
export function textOfElement({ content }: XmlElement): string {
  return content.filter((part) => typeof part === 'string').join('');
}
