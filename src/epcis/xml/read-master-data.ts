import { pointerTo } from '../faults.js';
import { attributeOf, readChildren, readOwnAttributes } from './read-children.js';
import type { JsonRecord } from './read-extension.js';
import { addExtension, setField } from './read-extension.js';
import type { Reading } from './reading.js';
import type { XmlElement } from './xml-tree.js';
import { elementsOf, textOfElement } from './xml-tree.js';

/** Reads `VocabularyList`, with hierarchy and nested attributes (EPCIS 2.0 sections 9.4 and 10). */
export function readVocabularyList(
  element: XmlElement,
  at: string,
  reading: Reading,
): readonly JsonRecord[] {
  const list: JsonRecord[] = [];
  const Vocabulary = (child: XmlElement): void => {
    list.push(readVocabulary(child, pointerTo(at, list.length), reading));
  };
  readChildren(element, { at, handlers: { Vocabulary }, repeated: true }, reading);
  return list;
}

function readVocabulary(element: XmlElement, at: string, reading: Reading): JsonRecord {
  reading.mark(at, element);
  const vocabulary: JsonRecord = { type: attributeOf(element, 'type') };
  const elements: JsonRecord[] = [];
  readOwnAttributes(element, vocabulary, reading);
  const VocabularyElement = (child: XmlElement): void => {
    const inside = `${at}/vocabularyElementList/${elements.length}`;
    elements.push(readVocabularyElement(child, inside, reading));
  };
  const handlers = {
    VocabularyElementList: (child: XmlElement) => {
      readChildren(child, { at, handlers: { VocabularyElement }, repeated: true }, reading);
    },
    extension: (child: XmlElement) => {
      readChildren(child, { at, handlers: {}, into: vocabulary }, reading);
    },
  };
  readChildren(element, { at, handlers, into: vocabulary }, reading);
  vocabulary['vocabularyElementList'] = elements;
  return vocabulary;
}

function readVocabularyElement(element: XmlElement, at: string, reading: Reading): JsonRecord {
  reading.mark(at, element);
  const one: JsonRecord = { id: attributeOf(element, 'id') };
  const attributes: JsonRecord[] = [];
  readOwnAttributes(element, one, reading);
  const handlers = {
    attribute: (child: XmlElement) => {
      attributes.push(readAttribute(child, `${at}/attributes/${attributes.length}`, reading));
    },
    children: (child: XmlElement) => {
      const ids = elementsOf(child).filter(({ local }) => local === 'id');
      if (ids.length > 0) one['children'] = ids.map((id) => textOfElement(id).trim());
    },
    extension: (child: XmlElement) => {
      readChildren(child, { at, handlers: {}, into: one }, reading);
    },
  };
  readChildren(element, { at, handlers, into: one, repeated: true }, reading);
  if (attributes.length > 0) one['attributes'] = attributes;
  return one;
}

/** Reads a text or nested value in the form of an extension element. */
function readAttribute(element: XmlElement, at: string, reading: Reading): JsonRecord {
  reading.mark(at, element);
  const id = attributeOf(element, 'id');
  const others = element.attributes.filter(({ uri, local }) => uri !== '' || local !== 'id');
  const holder: JsonRecord = {};
  const bare = { ...element, prefix: '', uri: '', local: 'attribute', attributes: others };
  addExtension(holder, bare, at, reading);
  const attribute: JsonRecord = { id };
  setField(attribute, 'attribute', holder['attribute']);
  reading.numbers.move(holder, 'attribute', attribute, 'attribute');
  return attribute;
}
