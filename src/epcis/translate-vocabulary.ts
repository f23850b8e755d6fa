import { isObject } from './checks.js';
import type { JsonObject } from './checks.js';
import type { EpcisEvent } from './event.js';
import { webWord } from './prehash-values.js';
import type { WordKind } from './vocabulary.js';
import { bareWord, isWord } from './vocabulary.js';
import type { FieldForm, FieldLayout, ObjectLayout } from './xml/layout.js';
import { layoutOf } from './xml/layout.js';

/** Spelling of a word of the CBV: `shipping`, its URN, or its Web URI (CBV 2.0 section 7). */
export type VocabularyForm = 'BARE' | 'URN' | 'WEB_URI';

const FORMATS = {
  No_Preference: null,
  Always_Web_URI: 'WEB_URI',
  Always_URN: 'URN',
  Never_Translates: null,
} as const;

/** The values of the header `GS1-CBV-XML-Format` (EPCIS 2.0 section 12.7). */
export type CbvXmlFormat = keyof typeof FORMATS;

/** True for a value that `GS1-CBV-XML-Format` may have. */
export function isCbvXmlFormat(value: string): value is CbvXmlFormat {
  return Object.hasOwn(FORMATS, value);
}

/** The requested spelling; null keeps words as they came, and XML gets URNs for bare words. */
export function vocabularyFormOf(format: CbvXmlFormat): VocabularyForm | null {
  return FORMATS[format];
}

const URN_PARTS: Readonly<Partial<Record<WordKind, string>>> = {
  bizStep: 'bizstep',
  disposition: 'disp',
  bizTransactionType: 'btt',
  sourceDestType: 'sdt',
  errorReason: 'er',
  component: 'comp',
};

const NO_PREFIXES: ReadonlyMap<string, string> = new Map();

/**
 * A word of a closed vocabulary in the requested form; any other text stays as it is. Measurement
 * types and alerts of sensors have no URN, so they become the Web URI instead.
 */
export function wordIn(form: VocabularyForm, kind: WordKind, value: string): string {
  const word = bareWord(kind, value);
  if (form === 'BARE' || !isWord(kind, word)) return word;
  const part = URN_PARTS[kind];
  return form === 'URN' && part !== undefined
    ? `urn:epcglobal:cbv:${part}:${word}`
    : webWord(kind, word, NO_PREFIXES);
}

type Spell = (kind: WordKind, value: string) => string;

function spelledValue(value: unknown, is: FieldForm, spell: Spell): unknown {
  if (is.form === 'list')
    return Array.isArray(value)
      ? value.map((item: unknown) => spelledValue(item, is.of, spell))
      : spelledValue(value, is.of, spell);
  if (is.form === 'object') return isObject(value) ? spelledObject(value, is.layout, spell) : value;
  return is.word !== undefined && typeof value === 'string' ? spell(is.word, value) : value;
}

const fieldsOf = new Map<ObjectLayout, readonly FieldLayout[]>();

/** Fields of a layout that are words or contain words. */
function fieldsWithWords(layout: ObjectLayout): readonly FieldLayout[] {
  const known = fieldsOf.get(layout);
  if (known !== undefined) return known;
  const found = [...layout.attributes, ...layout.elements].filter(({ is }) => holdsWords(is));
  fieldsOf.set(layout, found);
  return found;
}

function holdsWords(is: FieldForm): boolean {
  if (is.form === 'list') return holdsWords(is.of);
  return is.form === 'object' ? fieldsWithWords(is.layout).length > 0 : is.word !== undefined;
}

function spelledObject(object: JsonObject, layout: ObjectLayout, spell: Spell): JsonObject {
  const changed: Record<string, unknown> = {};
  for (const { name, is } of fieldsWithWords(layout)) {
    if (!Object.hasOwn(object, name)) continue;
    const spelled = spelledValue(object[name], is, spell);
    if (spelled !== object[name]) changed[name] = spelled;
  }
  return Object.keys(changed).length === 0 ? object : { ...object, ...changed };
}

/** The event with its CBV words in one form; everything else stays as it came. */
export function withVocabularyForm(event: EpcisEvent, form: VocabularyForm): EpcisEvent {
  const object = event as unknown as JsonObject;
  return spelledObject(object, layoutOf(event.type), (kind, value) =>
    wordIn(form, kind, value),
  ) as unknown as EpcisEvent;
}
