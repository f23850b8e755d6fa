import type { EpcisEvent } from '../epcis/event.js';
import type { Fact, StoredEvent } from '../projection/index.js';
import { factsOf } from './event-facts.rules.js';

/** The facts of a stored event: its text was judged when it came, so it is not judged again. */
export function readFacts({ id, hash, eventTime, text, ilmdLot }: StoredEvent): readonly Fact[] {
  const event = JSON.parse(text) as EpcisEvent;
  const lot = ilmdLot === null ? {} : { lot: ilmdLot };
  return factsOf({ id, hash, event, eventTimeMs: eventTime, lot });
}
