import { EVENT_FIELDS } from '../epcis/xml/layout.js';
import { bareWord } from '../epcis/vocabulary.js';
import { expandValue } from '../epcis/namespaces.js';
import { localName } from '../epcis/master-data.js';
import type { FieldScope } from '../event-terms/words.js';
import type { Comparison, Filter, MasterDataField } from './event-query.js';
import { canonicalName } from '../event-terms/field-name.rules.js';
import type { Parameter } from './parameter-values.rules.js';
import {
  checkPrefix,
  equalValuesOf,
  keyIn,
  numbersOf,
  orderedValueOf,
  refusal,
  saysYes,
  spellingsOf,
  textsOf,
} from './parameter-values.rules.js';

const SCOPES: Readonly<Record<string, FieldScope>> = {
  ILMD: 'ilmd',
  ERROR_DECLARATION: 'errorDeclaration',
  SENSORELEMENT: 'sensorElement',
  SENSORMETADATA: 'sensorMetadata',
  SENSORREPORT: 'sensorReport',
  readPoint: 'readPoint',
  bizLocation: 'bizLocation',
};
const FIELD =
  /^(EQ|GT|GE|LT|LE|EXISTS)_(INNER_)?(?:(ILMD|ERROR_DECLARATION|SENSORELEMENT|SENSORMETADATA|SENSORREPORT|readPoint|bizLocation)_)?((?=.[^:#/]*[:#/].).+)$/s;

/**
 * The filter of `EQ_ext:field`, `GE_INNER_ILMD_ext:field`, `EXISTS_SENSORREPORT_ext:field`, `EQ_readPoint_ext:field` and the like. The
 * field may also be named by its URI (`EQ_http://example.org/ns#field`). Null when the name is none of these; undefined when the parameter
 * asks for nothing.
 */
export function fieldFilter(parameter: Parameter): Filter | null | undefined {
  const [, op = '', inner, scope = '', field = ''] = FIELD.exec(parameter.name) ?? [];
  if (field === '') return null;
  checkPrefix(parameter, field);
  const place = {
    scope: SCOPES[scope] ?? ('event' as const),
    inner: inner !== undefined,
    name: canonicalName(field, parameter.namespaces),
  };
  if (op === 'EXISTS')
    return saysYes(parameter) ? { kind: 'field', op, ...place, values: [] } : undefined;
  const values = op === 'EQ' ? equalValuesOf(parameter) : [orderedValueOf(parameter)];
  return { kind: 'field', op: op as Comparison, ...place, values };
}

const NOT_ASKED_FOR =
  /^(?:type|@context|epcClass|quantity|eventTime\w*|recordTime|errorDeclaration)$/;

/** Standard fields that EXISTS_ may name: those that only some events have. */
const FIELDS: ReadonlySet<string> = new Set(
  [...EVENT_FIELDS].filter((name) => !NOT_ASKED_FOR.test(name)),
);

/**
 * The filter of `EXISTS_sensorElementList` and other standard fields. Null when the name is not one; undefined when it asks for nothing.
 */
export function standardFieldFilter(parameter: Parameter): Filter | null | undefined {
  const name = /^EXISTS_(\w+)$/.exec(parameter.name)?.[1] ?? '';
  if (!FIELDS.has(name)) return null;
  return saysYes(parameter) ? { kind: 'standardField', name } : undefined;
}

const TYPED = /^EQ_(bizTransaction|source|destination)_(.+)$/s;

/** The filter of `EQ_bizTransaction_<type>`, `EQ_source_<type>`, `EQ_destination_<type>`: type and value of one list element. */
export function typedFilter(parameter: Parameter): Filter | null {
  const [, list, type = ''] = TYPED.exec(parameter.name) ?? [];
  if (list === undefined) return null;
  const kind = list === 'bizTransaction' ? 'bizTransactionType' : 'sourceDestType';
  return {
    kind: 'typed',
    list: list as 'bizTransaction' | 'source' | 'destination',
    types: spellingsOf(parameter, type).map((said) => bareWord(kind, said)),
    values: textsOf(parameter).flatMap((text) =>
      [...new Set([text, expandValue(text, parameter.namespaces)])].map((said) =>
        transferKey(parameter.name, said),
      ),
    ),
  };
}

/** In EPCIS 1, numbers of purchase orders are often not URIs. They are compared as they are. */
function transferKey(name: string, text: string): string {
  return name.startsWith('EQ_bizTransaction_') && !text.includes(':')
    ? text
    : keyIn(name, text, 'place');
}

const QUANTITY = /^(EQ|GT|GE|LT|LE)_quantity_([A-Z0-9]{2,4})$/;

/** The filter of `GE_quantity_KGM`: a quantity after conversion to that unit. */
export function quantityFilter(parameter: Parameter): Filter | null {
  const [, op, uom] = QUANTITY.exec(parameter.name) ?? [];
  if (op === undefined || uom === undefined) return null;
  return { kind: 'quantity', op: op as Comparison, values: numbersOf(parameter), uom };
}

const KNOWN_FIELDS = ['readPoint', 'bizLocation', 'epcClass', 'source', 'destination'] as const;
/** Vocabulary fields without master data here: nothing can match. */
const OTHER_FIELDS = ['bizStep', 'disposition', 'bizTransaction'];

/**
 * The filter of `HASATTR_bizLocation`, `EQATTR_bizLocation_city` (also spelt EQ_ATTR_): what master data says about the value of a field.
 */
export function attributeFilter(parameter: Parameter): Filter | null {
  const [, kind = '', rest = ''] = /^(HASATTR|EQATTR|EQ_ATTR)_(.+)$/s.exec(parameter.name) ?? [];
  if (kind === '') return null;
  if (kind === 'HASATTR')
    return {
      kind: 'attribute',
      field: masterDataField(parameter, rest),
      names: textsOf(parameter).map(localName),
    };
  const [field, attribute] = fieldAndAttribute(rest);
  return {
    kind: 'attribute',
    field: masterDataField(parameter, field),
    names: [localName(attribute)],
    values: textsOf(parameter),
  };
}

/**
 * Field and attribute may both contain underscores. A standard field is tried first; otherwise the last underscore separates them (EPCIS
 * 1.2 section 8.2.7.1).
 */
function fieldAndAttribute(rest: string): readonly [string, string] {
  const known = [...KNOWN_FIELDS, ...OTHER_FIELDS].find((field) => rest.startsWith(`${field}_`));
  const at = known?.length ?? rest.lastIndexOf('_');
  return at < 1 ? [rest, ''] : [rest.slice(0, at), rest.slice(at + 1)];
}

function masterDataField(parameter: Parameter, field: string): MasterDataField {
  const known = KNOWN_FIELDS.find((one) => one === field);
  if (known !== undefined) return known;
  if (OTHER_FIELDS.includes(field) || /[:#]/.test(field)) {
    checkPrefix(parameter, field);
    return { name: canonicalName(field, parameter.namespaces) };
  }
  throw refusal(
    parameter.name,
    field,
    `must name ${KNOWN_FIELDS.join(', ')} or an extension field with its namespace.`,
    'Write HASATTR_bizLocation=name, or EQATTR_bizLocation_name=<value>.',
  );
}
