import type { DocumentHeader } from '../epcis/document-header.js';
import type { ParsedEvent } from '../epcis/parse-document.js';
import type { Admission } from './capture.rules.js';
import type { Opening } from './capture.store.js';

/** Limits of one commit for several documents. */
export const MOST_EVENTS = 1000;
export const MOST_EPCS = 5000;

/** What is derived and written at once. It blocks other work for some tens of milliseconds. */
const PORTION = { events: 250, epcs: 1250 };

/** About how many EPCs an event names. This is the cost of writing it. */
export function epcsIn({ event }: ParsedEvent): number {
  const lists = event as unknown as Readonly<Record<string, readonly unknown[] | undefined>>;
  return ['epcList', 'childEPCs', 'inputEPCList', 'outputEPCList'].reduce(
    (sum, name) => sum + (lists[name]?.length ?? 0),
    0,
  );
}

/** What is written at once. */
export interface Portion {
  readonly seq: number;
  readonly now: number;
  readonly judgesSerials: boolean;
  readonly hasPartners: boolean;
  readonly admission: Admission;
  /** Ids of events that this portion names and that were stored before it. */
  readonly known: readonly string[];
  readonly headers: readonly DocumentHeader[];
}

/** Everything that is to be written. */
interface Whole {
  readonly submissions: readonly { readonly header?: DocumentHeader }[];
  readonly opening: Opening;
  readonly admission: Admission;
  /** Epoch ms. */
  readonly now: number;
}

/** New events in their order, in portions. All else comes with the first portion, which exists even if no event is new. */
export function* portionsOf({ submissions, opening, admission, now }: Whole): Generator<Portion> {
  const { seq, judgesSerials, hasPartners } = opening;
  const known = opening.events.map(({ id }) => id);
  const headers = headersOf(submissions, admission);
  for (const [i, events] of sizedPortions(admission.events).entries()) {
    const part = { seq: seq + i, now, judgesSerials, hasPartners };
    yield i === 0
      ? { ...part, admission: { ...admission, events }, known, headers }
      : {
          ...part,
          admission: { ...admission, events, declarations: [], takenOut: [] },
          known: [],
          headers: [],
        };
  }
}

function sizedPortions<E extends ParsedEvent>(events: readonly E[]): readonly (readonly E[])[] {
  let portion: E[] = [];
  const portions = [portion];
  let epcs = 0;
  for (const event of events) {
    const weight = epcsIn(event);
    const isFull = portion.length >= PORTION.events || epcs + weight > PORTION.epcs;
    if (portion.length > 0 && isFull) {
      portions.push((portion = []));
      epcs = 0;
    }
    portion.push(event);
    epcs += weight;
  }
  return portions;
}

/** The headers that stored events and declarations came under, each once. */
function headersOf(
  submissions: Whole['submissions'],
  { events, declarations }: Admission,
): readonly DocumentHeader[] {
  const headers = submissions.flatMap(({ header }) => header ?? []);
  if (headers.length === 0) return headers;
  const stored = [...events, ...declarations.map(({ event }) => event)];
  const used = new Set(stored.map(({ header }) => header));
  return [...new Map(headers.map((one) => [one.id, one])).values()].filter(({ id }) =>
    used.has(id),
  );
}
