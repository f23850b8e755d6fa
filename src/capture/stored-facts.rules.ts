import type { EpcisEvent } from '../epcis/event.js';
import type { Fact, StoredEvent } from '../projection/index.js';
import type { AdmittedEvent } from './event-batch.rules.js';
import { factsOf } from './event-facts.rules.js';

/** The facts of a stored event: its text was judged when it came, so it is not judged again. */
export function readFacts({ id, hash, eventTime, text, ilmdLot }: StoredEvent): readonly Fact[] {
  const event = JSON.parse(text) as EpcisEvent;
  const lot = ilmdLot === null ? {} : { lot: ilmdLot };
  return factsOf({ id, hash, event, eventTimeMs: eventTime, lot });
}

/** A stored event as the writer has one, apart from what its lot facts said. */
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
