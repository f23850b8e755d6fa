import type { NewMessage } from '../feed/index.js';
import type { Changes, Effect, Fact } from '../projection/index.js';
import type { ExceptionChange, FactsOf, MoveTold } from './feed-messages.rules.js';
import { factsByName, messagesOfMoves, viewOf } from './feed-messages.rules.js';
import type { Moved } from './moves.rules.js';
import { looksOf, seersOf } from './moves.rules.js';
import type { Seers } from './seers.rules.js';
import { seesPackage } from './seers.rules.js';

/** What a batch changed, and who saw its events before and sees them now. */
export interface Happened {
  readonly moves: readonly Moved[];
  /** Those that the batch takes out first, then those that it adds. */
  readonly facts: readonly Fact[];
  readonly receipts: Changes['receipts'];
  readonly exceptions: readonly ExceptionChange[];
  /** Ids of the events that the batch judged. */
  readonly judged: readonly string[];
  /** Ids of events that are declared in error. */
  readonly retracted: ReadonlySet<string>;
  /** Ids of the shippings whose handoff the batch opens. */
  readonly shippings: readonly string[];
  readonly before: Seers;
  readonly after: Seers;
}

/**
 * The messages of a batch for each organisation: what became visible to it, moved in its sight or left it. Nothing in them is told by an
 * event that it does not see.
 */
export function partnerMessages(happened: Happened): Map<string, NewMessage[]> {
  const told = new Map<string, NewMessage[]>();
  const facts = factsByName(happened.facts);
  for (const one of audienceOf(happened)) {
    const messages = new ForOne(one, happened, facts).all();
    if (messages.length > 0) told.set(one, messages);
  }
  return told;
}

function audienceOf({ moves, before, after }: Happened): ReadonlySet<string> {
  const all = new Set<string>();
  for (const { from, to, lotsSeen } of moves)
    for (const one of [...seersOf(from), ...seersOf(to), ...lotsSeen.keys()]) all.add(one);
  for (const seers of [before, after])
    for (const { names } of seers.values()) for (const one of names.keys()) all.add(one);
  return all;
}

type Looks = Pick<MoveTold, 'to' | 'status'>;
type Received = Changes['receipts'][number]['list'][number];

/** The messages for one organisation. */
class ForOne {
  constructor(
    private readonly organisation: string,
    private readonly happened: Happened,
    private readonly facts: FactsOf,
  ) {}

  all(): NewMessage[] {
    return [...this.moves(), ...this.handoffs(), ...this.events(), ...this.exceptions()];
  }

  private moves(): readonly NewMessage[] {
    return messagesOfMoves(this.happened.moves, (moved) => {
      const cause = this.facts
        .get(moved.key)
        ?.findLast((fact) => this.sees(fact.eventId, moved.key));
      return this.tell(moved, cause ?? { eventId: null, t: null });
    });
  }

  private tell(moved: Moved, cause: MoveTold['cause']): MoveTold | null {
    const told = this.placeTold(moved, cause);
    if (told === null) return null;
    const { chain, wasApart, lotsSeen } = moved;
    const { from } = moved.told;
    const saw = this.isSeen(from);
    return {
      ...told,
      from: saw && from !== undefined ? viewOf(from) : null,
      lots: lotsSeen.get(this.organisation) ?? new Map<string, number>(),
      chain: saw && !wasApart ? chain : [],
      cause,
    };
  }

  private placeTold(moved: Moved, cause: MoveTold['cause']): Looks | null {
    const { container, lotsSeen } = moved;
    const { from, to } = moved.told;
    const [saw, sees] = [this.isSeen(from), this.isSeen(to)];
    if (saw && !sees) return PASSED_ON;
    // Who has only something inside is told of the container: no event that it sees says where its own is.
    const isConcerned = sees || (container && lotsSeen.has(this.organisation));
    const isNew = saw !== sees || isNews(moved, cause);
    return isConcerned && isNew ? { to: viewOf(to), status: to.status } : null;
  }

  private isSeen(effect: Effect | undefined): boolean {
    return seersOf(effect).includes(this.organisation);
  }

  private sees(eventId: string, key: string): boolean {
    const { before, after } = this.happened;
    const asked = { eventId, key, organisation: this.organisation };
    return seesPackage(after, asked) || seesPackage(before, asked);
  }

  /** What it sees that an event names. */
  private namesIn(seers: Seers, id: string): ReadonlySet<string> | null | undefined {
    return seers.get(id)?.names.get(this.organisation);
  }

  private seesEvent(id: string): boolean {
    return this.namesIn(this.happened.after, id) !== undefined;
  }

  /** How it sees a handoff is read when the message is given. A receipt of what it does not see shipped is a handoff of its own. */
  private handoffs(): readonly NewMessage[] {
    const { shippings, receipts, after } = this.happened;
    const causes = new Map<string, { readonly eventId: string; readonly t: number }>();
    for (const id of shippings)
      if (this.seesEvent(id)) causes.set(id, { eventId: id, t: after.get(id)?.t ?? 0 });
    for (const { key, t, list } of receipts)
      for (const receipt of list) {
        const id = this.handoffOf(key, receipt);
        if (id !== null) causes.set(id, { eventId: receipt.eventId, t });
      }
    return [...causes].map(([handoffId, cause]) => ({ kind: 'handoff', handoffId, ...cause }));
  }

  private handoffOf(key: string, { eventId, kind, by }: Received): string | null {
    if (!this.sees(eventId, key)) return null;
    if (by !== null && this.seesEvent(by)) return by;
    return kind === 'received' ? `over:${eventId}|${key}` : null;
  }

  private events(): readonly NewMessage[] {
    const { judged, before, after } = this.happened;
    return judged.flatMap((eventId) => {
      const change = this.changeOf(eventId);
      const { t = 0 } = after.get(eventId) ?? before.get(eventId) ?? {};
      return change === null ? [] : [{ kind: 'event' as const, change, eventId, t }];
    });
  }

  private changeOf(id: string): 'VISIBLE' | 'WITHDRAWN' | 'RETRACTED' | null {
    const { before, after, retracted } = this.happened;
    const was = this.namesIn(before, id);
    const is = this.namesIn(after, id);
    if (is === undefined) return was === undefined ? null : 'WITHDRAWN';
    if (retracted.has(id)) return 'RETRACTED';
    const [sawWhole, seesWhole] = [before, after].map((seers) =>
      seers.get(id)?.whole.has(this.organisation),
    );
    const isSame = was !== undefined && sameNames(was, is) && sawWhole === seesWhole;
    return isSame ? null : 'VISIBLE';
  }

  private exceptions(): readonly NewMessage[] {
    return this.happened.exceptions.flatMap((one) => {
      const { key, eventId } = one;
      const was = one.before.includes(this.organisation);
      const asked = { eventId, key, organisation: this.organisation };
      const is = one.after.includes(this.organisation) && seesPackage(this.happened.after, asked);
      if (was === is) return [];
      const change = is ? ('RAISED' as const) : ('CLEARED' as const);
      return [{ kind: 'exception' as const, change, ...toldOf(one) }];
    });
  }
}

function toldOf({ key, t, code, eventId }: ExceptionChange): {
  k: string;
  t: number;
  code: string;
  eventId: string;
} {
  return { k: key, t, code, eventId };
}

/** It went into or out of a container, of which no event tells who sees it, or it looks another. */
function isNews(
  { told: { from, to }, changedBox }: Moved,
  { eventId }: MoveTold['cause'],
): boolean {
  return looksOf(from) !== looksOf(to) || (changedBox && eventId === null);
}

const PASSED_ON = {
  to: { mode: 'PASSED_ON', site: null, origin: null },
  status: null,
} as const;

function sameNames(a: ReadonlySet<string> | null, b: ReadonlySet<string> | null): boolean {
  if (a === null || b === null) return a === b;
  return a.size === b.size && [...a].every((key) => b.has(key));
}
