import type { MasterDataEntry } from '../epcis/master-data.js';
import type { ParsedEvent } from '../epcis/parse-document.js';
import { lotFactsOf } from './event-batch.rules.js';
import type { AnyFields } from '../epcis/readers.js';
import { EPC_LISTS, isStandard, QUANTITY_LISTS } from '../epcis/event.js';

/** Longest identifier, in characters. A Neo4j index takes 8 kB, and some of our keys join several identifiers. */
const MAX_IDENTIFIER = 1000;

/** An identifier over the limit, as a fault of the document. */
export interface LengthFault {
  readonly code: 'LIMIT_LENGTH';
  readonly pointer: string;
  readonly found: string;
  readonly expected: string;
  readonly remedy: string;
}

const TEXTS = ['eventID', 'bizStep', 'disposition', 'parentID', 'transformationID'] as const;

type Path = readonly (string | number)[];

/** Every identifier of an event that is too long for an index. */
export function lengthFaultsOf(parsed: ParsedEvent): readonly LengthFault[] {
  const faults: LengthFault[] = [];
  for (const [text, path] of [...singlesOf(parsed), ...listedIn(parsed)])
    if (text !== undefined && text.length > MAX_IDENTIFIER)
      faults.push(fault([parsed.pointer, ...path].join('/'), text.length));
  return faults;
}

function singlesOf(parsed: ParsedEvent): readonly (readonly [string | undefined, Path])[] {
  const { event } = parsed;
  if (!isStandard(event)) return [[event.eventID, ['eventID']]];
  const fields: AnyFields = event;
  const { readPoint, bizLocation, sourceList = [], destinationList = [] } = fields;
  return [
    ...TEXTS.map((name) => [fields[name], [name]] as const),
    [readPoint?.id, ['readPoint', 'id']],
    [bizLocation?.id, ['bizLocation', 'id']],
    ...sourceList.map(({ source }, i) => [source, ['sourceList', i, 'source']] as const),
    ...destinationList.map(
      ({ destination }, i) => [destination, ['destinationList', i, 'destination']] as const,
    ),
    ['ilmd' in event ? lotFactsOf(parsed).lot : undefined, ['ilmd']],
  ];
}

// The length is checked before a path is made, because an event may name twenty thousand EPCs.
function listedIn({ event }: ParsedEvent): readonly (readonly [string, Path])[] {
  if (!isStandard(event)) return [];
  const found: (readonly [string, Path])[] = [];
  const lists: AnyFields = event;
  for (const name of EPC_LISTS)
    lists[name]?.forEach((epc, i) => {
      if (epc.length > MAX_IDENTIFIER) found.push([epc, [name, i]]);
    });
  for (const name of QUANTITY_LISTS)
    lists[name]?.forEach(({ epcClass }, i) => {
      found.push([epcClass, [name, i, 'epcClass']]);
    });
  return found;
}

/** Master data of a header whose id is too long. Its place in the header is not known any more. */
export function masterDataFaultsOf(entries: readonly MasterDataEntry[]): readonly LengthFault[] {
  return entries
    .filter(({ id }) => id.length > MAX_IDENTIFIER)
    .map(({ id }) => fault('/epcisHeader/epcisMasterData/vocabularyList', id.length));
}

function fault(pointer: string, length: number): LengthFault {
  return {
    code: 'LIMIT_LENGTH',
    pointer,
    found: `${length} characters`,
    expected: `at most ${MAX_IDENTIFIER} characters`,
    remedy: 'Use a shorter identifier.',
  };
}
