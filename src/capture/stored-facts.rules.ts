import type { EpcisEvent } from '../epcis/event.js';
import type { Fact, StoredEvent } from '../projection/index.js';
import type { AdmittedEvent } from './event-batch.rules.js';
import { factsOf } from './event-facts.rules.js';

/** The facts of a stored event. Its text was validated at capture, so it is not validated again. */
export function readFacts(stored: StoredEvent): readonly Fact[] {
  const { id, hash, eventTime, text, ilmdLot, sentBy } = stored;
  const event = JSON.parse(text) as EpcisEvent;
  const lot = ilmdLot === null ? {} : { lot: ilmdLot };
  return factsOf({ id, hash, event, eventTimeMs: eventTime, lot, sentBy });
}

/** A stored event in the form that the writer uses, with only the lot number of its lot facts. */
export function toAdmitted(stored: StoredEvent): AdmittedEvent {
  const { id, hash, eventTime, text } = stored;
  const event = JSON.parse(text) as EpcisEvent;
  const parsed = {
    pointer: '',
    id,
    hash,
    givenId: true,
    event,
    eventTimeMs: eventTime,
    prefixes: new Map(),
  };
  return { parsed, lot: {}, facts: readFacts(stored) };
}
