import type { ErrorDeclaration } from '../../src/epcis/event.js';
import { seen } from './events.js';
import type { GeneratedEvent } from './events.js';
import type { Network } from './network.js';
import type { GeneratorOptions } from './options.js';
import { randomFor } from './random.js';
import type { Random } from './random.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** A declaration and its correction come within so many events, however late others are. */
const CORRECTED_WITHIN = 100;

/** Which parts of the ids of generated events tell what is wrong about them. */
const MARKS = { elsewhere: '/elsewhere', undone: '/undone', wrong: '/wrong' } as const;

/**
 * Events as partners report them: some late, some twice, some wrong. Wrong are, in equal parts, a package seen where it cannot be;
 * the same, later declared as not having happened; and an event with the wrong place, later declared and corrected.
 *
 * Holds back at most what is late at one time.
 */
export function* disturbed(
  events: Iterable<GeneratedEvent>,
  network: Network,
  options: GeneratorOptions,
): Generator<GeneratedEvent> {
  const random = randomFor(options.seed, 'disturbance');
  const later = new Later();
  let position = 0;
  for (const event of events) {
    position++;
    const after = (most: number): number => position + random.between(1, most);
    for (const told of reported(event, network, options, random)) {
      if (told.corrects) later.add(after(CORRECTED_WITHIN), told.event);
      else if (random.chance(options.lateRate)) later.add(after(options.lateBy), told.event);
      else yield told.event;
      if (random.chance(options.duplicateRate)) later.add(after(options.lateBy), told.event);
    }
    yield* later.due(position);
  }
  yield* later.due(Infinity);
}

interface Told {
  readonly event: GeneratedEvent;
  readonly corrects: boolean;
}

function reported(
  event: GeneratedEvent,
  network: Network,
  options: GeneratorOptions,
  random: Random,
): readonly Told[] {
  const right = { event, corrects: false };
  const isWrong = random.chance(options.wrongRate);
  const thing = thingOf(event);
  if (!isWrong || thing === undefined) return [right];
  const kind = random.between(1, 3);
  if (kind === 3) return misplaced(event, network, random) ?? [right];
  const t = Date.parse(event.eventTime) + random.between(2, 50) * MINUTE;
  const mark = kind === 1 ? MARKS.elsewhere : MARKS.undone;
  // One of its packages, seen at a pharmacy a few minutes later.
  const bogus = seen({ id: idOf(event) + mark, t, by: random.pick(network.pharmacies) }, [thing]);
  const told = [right, { event: bogus, corrects: false }];
  return kind === 1
    ? told
    : [...told, { event: declared(bogus, { reason: 'did_not_occur' }), corrects: true }];
}

/** The event with another place, its declaration, and the right event; undefined where it states no place. */
function misplaced(
  event: GeneratedEvent,
  network: Network,
  random: Random,
): readonly Told[] | undefined {
  if (event.bizLocation === undefined) return undefined;
  const bizLocation = { id: random.pick(network.wholesalers).site.link };
  const wrong = { ...event, eventID: event.eventID + MARKS.wrong, bizLocation };
  const correctiveEventIDs = [event.eventID];
  return [
    { event: wrong, corrects: false },
    { event: declared(wrong, { reason: 'incorrect_data', correctiveEventIDs }), corrects: true },
    { event, corrects: true },
  ];
}

function declared(
  event: GeneratedEvent,
  declaration: Pick<ErrorDeclaration, 'reason' | 'correctiveEventIDs'>,
): GeneratedEvent {
  const declarationTime = new Date(Date.parse(event.eventTime) + DAY).toISOString();
  return { ...event, errorDeclaration: { declarationTime, ...declaration } };
}

function idOf({ eventID }: GeneratedEvent): string {
  return eventID.slice(eventID.indexOf('run-'));
}

function thingOf(event: GeneratedEvent): string | undefined {
  switch (event.type) {
    case 'AggregationEvent':
      return event.childEPCs?.[0] ?? event.parentID;
    case 'TransformationEvent':
      return event.outputEPCList?.[0];
    case 'ObjectEvent':
      return event.epcList?.[0];
  }
}

/** Events waiting for their position, the next one first. */
class Later {
  private readonly waiting: { readonly at: number; readonly event: GeneratedEvent }[] = [];

  add(at: number, event: GeneratedEvent): void {
    const before = this.waiting.findIndex((one) => one.at > at);
    this.waiting.splice(before < 0 ? this.waiting.length : before, 0, { at, event });
  }

  *due(position: number): Generator<GeneratedEvent> {
    for (
      let next = this.waiting[0];
      next !== undefined && next.at <= position;
      next = this.waiting[0]
    ) {
      this.waiting.shift();
      yield next.event;
    }
  }
}
