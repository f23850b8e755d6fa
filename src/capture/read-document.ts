import type { CaptureLimits } from '../epcis/capture-limits.js';
import type { DocumentHeader } from '../epcis/document-header.js';
import type { Warnings } from '../epcis/faults.js';
import { NO_WARNINGS } from '../epcis/faults.js';
import type { MasterDataEntry } from '../epcis/master-data.js';
import { parseEventSource, parseSource } from '../epcis/parse-document.js';
import type { Parsed, ParsedDocument, ParsedEvent, ParsedOne } from '../epcis/parse-document.js';
import type { SourceDocument } from '../epcis/source-document.js';
import { readSource } from '../epcis/source-document.js';
import type { CaptureFault } from './capture-fault.js';
import { toFault } from './capture-fault.js';
import { lengthFaultsOf, masterDataFaultsOf } from './identifier-length.rules.js';

/** A document as it was received. */
export interface GivenDocument {
  readonly bytes: Uint8Array;
  readonly contentType: string;
  /** True for one event on its own, as in `POST /events`. */
  readonly alone: boolean;
}

/** What can be stored of a document, and what is wrong with the rest. */
export interface ReadDocument {
  readonly events: readonly ParsedEvent[];
  readonly masterData: readonly MasterDataEntry[];
  readonly header?: DocumentHeader;
  readonly faults: readonly CaptureFault[];
  readonly warnings: Warnings;
  readonly isJson: boolean;
}

/** Reads a document of any syntax, validates it and hashes its events. */
export function readDocument(given: GivenDocument, limits: CaptureLimits): ReadDocument {
  const read = readSource(given.bytes, given.contentType, limits);
  if (read.ok) return readFrom(read.source, limits, given.alone);
  const faults = read.issues.map(toFault);
  return { events: [], masterData: [], faults, warnings: NO_WARNINGS, isJson: false };
}

/** The same for a document that was parsed before. */
export function readFrom(
  source: SourceDocument,
  limits: CaptureLimits,
  alone: boolean,
): ReadDocument {
  const sound = alone
    ? soundEvent(parseEventSource(source, limits))
    : soundDocument(parseSource(source, limits));
  return withoutLongIds({ ...sound, isJson: source.syntax === 'JSON' });
}

type Sound = Omit<ReadDocument, 'isJson'>;

function soundEvent(parsed: ParsedOne): Sound {
  const { warnings } = parsed;
  return parsed.ok
    ? { events: [parsed.event], masterData: [], faults: [], warnings }
    : { events: [], masterData: [], faults: parsed.issues.map(toFault), warnings };
}

function soundDocument(parsed: Parsed): Sound {
  const { warnings } = parsed;
  if (parsed.ok) return { ...parsed.document, faults: [], warnings };
  const { good, masterData, header } = parsed.partial;
  const document: ParsedDocument = {
    events: good,
    masterData,
    ...(header === undefined ? {} : { header }),
  };
  return { ...document, faults: parsed.issues.map(toFault), warnings };
}

function withoutLongIds(read: ReadDocument): ReadDocument {
  const { events, masterData, faults } = read;
  const long = new Map(events.map((event) => [event, lengthFaultsOf(event)]));
  const longIds = masterDataFaultsOf(masterData);
  return {
    ...read,
    events: events.filter((event) => long.get(event)?.length === 0),
    masterData: longIds.length === 0 ? masterData : [],
    faults: [...faults, ...longIds, ...[...long.values()].flat()],
  };
}
