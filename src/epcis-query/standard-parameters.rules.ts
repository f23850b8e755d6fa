import { EVENT_TYPES } from '../epcis/event.js';
import { isWord } from '../epcis/vocabulary.js';
import type { ClassRole, EpcRole } from '../event-terms/words.js';
import type { Filter, QueryInstant } from './event-query.js';
import { classPatternOf, epcPatternOf } from './epc-pattern.rules.js';
import { canonicalName } from '../event-terms/field-name.rules.js';
import type { Parameter } from './parameter-values.rules.js';
import {
  booleanOf,
  checkPrefix,
  keysIn,
  numbersOf,
  oneOf,
  refusal,
  saysYes,
  spellingsOf,
  textsOf,
  timeOf,
  wordsIn,
} from './parameter-values.rules.js';
import { sensorTexts } from './sensor-parameters.rules.js';

/** Makes the filter of one parameter; null when it asks for nothing. */
export type FilterMaker = (parameter: Parameter) => Filter | null;

const ACTIONS = ['ADD', 'OBSERVE', 'DELETE'];

function bounds(
  side: 'GE' | 'LT',
  at: QueryInstant,
): { from: QueryInstant } | { to: QueryInstant } {
  return side === 'GE' ? { from: at } : { to: at };
}

function time(
  kind: 'eventTime' | 'recordTime' | 'declarationTime',
  side: 'GE' | 'LT',
): FilterMaker {
  return (parameter) => ({ kind, ...bounds(side, timeOf(parameter)) });
}

function sensorTime(attribute: 'time' | 'startTime' | 'endTime', side: 'GE' | 'LT'): FilterMaker {
  return (parameter) => ({ kind: 'sensorTime', attribute, ...bounds(side, timeOf(parameter)) });
}

/** Names of event types: those of the standard, the QuantityEvent of EPCIS 1, or an extension type with its namespace. */
function eventTypes(parameter: Parameter): Filter {
  const values = textsOf(parameter).flatMap((text) => {
    if (EVENT_TYPES.includes(text) || text === 'QuantityEvent') return [text];
    checkPrefix(parameter, text);
    if (text.includes(':') || text.includes('#'))
      return [...new Set([canonicalName(text, parameter.namespaces), text])];
    throw refusal(
      parameter.name,
      text,
      `must be ${EVENT_TYPES.join(', ')}, or the name of an extension with its namespace.`,
      'Check the spelling.',
    );
  });
  return { kind: 'eventType', values };
}

/** `EQ_type` asks for the type of a sensor report. Values that are names of event types ask for the event type. */
function sensorOrEventType(parameter: Parameter): Filter {
  const isEventType = textsOf(parameter).every((text) => EVENT_TYPES.includes(text));
  return isEventType ? eventTypes(parameter) : sensorTexts('type', 'either')(parameter);
}

function words(field: 'bizStep' | 'disposition'): FilterMaker {
  return (parameter) => ({ kind: field, values: wordsIn(parameter, field) });
}

function persistent(part: 'set' | 'unset'): FilterMaker {
  return (parameter) => ({
    kind: 'persistentDisposition',
    part,
    values: wordsIn(parameter, 'disposition'),
  });
}

function place(field: 'readPoint' | 'bizLocation', descend: boolean): FilterMaker {
  return (parameter) => ({ kind: 'place', field, descend, values: keysIn(parameter, 'place') });
}

function identifiersIn(parameter: Parameter): readonly string[] {
  return textsOf(parameter).flatMap((text) => spellingsOf(parameter, text));
}

function epcs(...roles: EpcRole[]): FilterMaker {
  return (parameter) => ({
    kind: 'epc',
    roles,
    patterns: identifiersIn(parameter).map((text) => epcPatternOf(parameter.name, text)),
  });
}

function classes(...roles: ClassRole[]): FilterMaker {
  return (parameter) => ({
    kind: 'epcClass',
    roles,
    patterns: identifiersIn(parameter).map((text) => classPatternOf(parameter.name, text)),
  });
}

function texts(kind: 'eventID' | 'correctiveEventID'): FilterMaker {
  return (parameter) => ({
    kind,
    values: identifiersIn({ ...parameter, isLenient: true }),
  });
}

function reasons(parameter: Parameter): Filter {
  const values = wordsIn(parameter, 'errorReason');
  return {
    kind: 'errorReason',
    values: values.filter((word) => word.includes(':') || isWord('errorReason', word)),
  };
}

/** A truth value of a sensor report; `true` and `1` are the same. */
function booleanValue(parameter: Parameter): Filter {
  const values = [String(booleanOf(parameter))];
  return { kind: 'sensorText', attribute: 'booleanValue', in: 'report', values };
}

function quantities(op: 'EQ' | 'GT' | 'GE' | 'LT' | 'LE'): FilterMaker {
  return (parameter) => ({ kind: 'quantity', op, values: numbersOf(parameter) });
}

/** The parameters with a fixed name (EPCIS 2.0 section 8.2.7.1), including names of EPCIS 1.2 and of the errata. */
export const STANDARD_PARAMETERS: ReadonlyMap<string, FilterMaker> = new Map<string, FilterMaker>([
  ['eventType', eventTypes],
  ['EQ_eventType', eventTypes],
  ['GE_eventTime', time('eventTime', 'GE')],
  ['LT_eventTime', time('eventTime', 'LT')],
  ['GE_recordTime', time('recordTime', 'GE')],
  ['LT_recordTime', time('recordTime', 'LT')],
  ['EQ_action', (parameter) => ({ kind: 'action', values: oneOf(parameter, ACTIONS) })],
  ['EQ_bizStep', words('bizStep')],
  ['EQ_disposition', words('disposition')],
  ['EQ_persistentDisposition_set', persistent('set')],
  ['EQ_persistentDisposition_unset', persistent('unset')],
  ['EQ_readPoint', place('readPoint', false)],
  ['WD_readPoint', place('readPoint', true)],
  ['EQ_bizLocation', place('bizLocation', false)],
  ['WD_bizLocation', place('bizLocation', true)],
  ['EQ_transformationID', (parameter) => ({ kind: 'transformationID', values: keysIn(parameter) })],
  ['MATCH_epc', epcs('epc', 'child')],
  ['MATCH_parentID', epcs('parent')],
  ['MATCH_inputEPC', epcs('input')],
  ['MATCH_outputEPC', epcs('output')],
  ['MATCH_anyEPC', epcs('epc', 'child', 'parent', 'input', 'output')],
  ['MATCH_epcClass', classes('any')],
  ['MATCH_inputEPCClass', classes('input')],
  ['MATCH_outputEPCClass', classes('output')],
  ['MATCH_anyEPCClass', classes('any', 'input', 'output')],
  ['WD_epcClass', (parameter) => ({ kind: 'classWithin', values: keysIn(parameter) })],
  ['EQ_quantity', quantities('EQ')],
  ['GT_quantity', quantities('GT')],
  ['GE_quantity', quantities('GE')],
  ['LT_quantity', quantities('LT')],
  ['LE_quantity', quantities('LE')],
  ['EQ_eventID', texts('eventID')],
  [
    'EXISTS_errorDeclaration',
    (parameter) => (saysYes(parameter) ? { kind: 'errorDeclaration' } : null),
  ],
  ['GE_errorDeclarationTime', time('declarationTime', 'GE')],
  ['LT_errorDeclarationTime', time('declarationTime', 'LT')],
  ['GE_errorDeclaration_Time', time('declarationTime', 'GE')],
  ['LT_errorDeclaration_Time', time('declarationTime', 'LT')],
  ['EQ_errorReason', reasons],
  ['EQ_correctiveEventID', texts('correctiveEventID')],
  ['EQ_type', sensorOrEventType],
  ['EQ_booleanValue', booleanValue],
  ['GE_time', sensorTime('time', 'GE')],
  ['LT_time', sensorTime('time', 'LT')],
  ['GE_startTime', sensorTime('startTime', 'GE')],
  ['LT_startTime', sensorTime('startTime', 'LT')],
  ['GE_endTime', sensorTime('endTime', 'GE')],
  ['LT_endTime', sensorTime('endTime', 'LT')],
]);
