import type { JsonObject } from '../checks.js';
import type { VocabularyElementOut, VocabularyOut } from '../write-json.js';
import { XML_NAMESPACES } from './layout.js';
import type { XmlVersion } from './write-event.js';
import type { NameScope } from './write-scope.js';
import { attribute, escapedText } from './write-text.js';
import { elementText, valueElements } from './write-values.js';

const SBDH = 'StandardBusinessDocumentHeader';

function childrenOf({ children = [] }: VocabularyElementOut): string {
  if (children.length === 0) return '';
  const ids = children.map((id) => elementText('id', '', escapedText(id)));
  return elementText('children', '', ids.join(''));
}

function vocabularyElement(element: VocabularyElementOut, scope: NameScope): string {
  const attributes = (element.attributes ?? []).map(({ id, attribute: value = '' }) =>
    valueElements('attribute', value, scope, new Map([['id', id]])),
  );
  const inside = attributes.join('') + childrenOf(element);
  return elementText('VocabularyElement', attribute('id', element.id), inside);
}

/** The `VocabularyList` of master data (EPCIS 2.0 section 9.4). */
export function vocabularyList(vocabularies: readonly VocabularyOut[], scope: NameScope): string {
  const written = vocabularies.map(({ type, vocabularyElementList = [] }) => {
    const elements = vocabularyElementList.map((element) => vocabularyElement(element, scope));
    const list =
      elements.length === 0 ? '' : elementText('VocabularyElementList', '', elements.join(''));
    return elementText('Vocabulary', attribute('type', type), list);
  });
  return elementText('VocabularyList', '', written.join(''));
}

/** The parts of a header: EPCISHeader, and what follows EPCISBody instead. */
export interface HeaderElements {
  readonly before: string;
  readonly after: string;
}

/**
 * Writes header fields and master data. 1.2 requires the standard business document header first,
 * so without one nothing is written before the body. In 2.0 EPCISHeader cannot hold elements of
 * other namespaces, so they follow the body.
 */
export function headerElements(
  fields: JsonObject,
  masterData: readonly VocabularyOut[],
  scope: NameScope,
  version: XmlVersion,
): HeaderElements {
  const named = Object.keys(fields).filter((key) => key.includes(':'));
  const isSbdh = (key: string): boolean =>
    key.endsWith(`:${SBDH}`) && scope.name(key) === scope.nameIn(XML_NAMESPACES.sbdh, SBDH, 'sbdh');
  const write = (keys: readonly string[]): string =>
    keys.map((key) => valueElements(scope.name(key), fields[key], scope)).join('');
  const sbdh = write(named.filter(isSbdh));
  const others = write(named.filter((key) => !isSbdh(key)));
  const vocabularies =
    masterData.length === 0
      ? ''
      : elementText(
          'extension',
          '',
          elementText('EPCISMasterData', '', vocabularyList(masterData, scope)),
        );
  const inside = sbdh + vocabularies;
  if (version === '2.0')
    return { before: inside === '' ? '' : elementText('EPCISHeader', '', inside), after: others };
  return sbdh === ''
    ? { before: '', after: others }
    : { before: elementText('EPCISHeader', '', inside + others), after: '' };
}
