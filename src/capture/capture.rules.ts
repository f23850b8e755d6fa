import type { ParsedEvent } from '../epcis/parse-document.js';
import { declarationIdOf } from './declaration-id.js';
import type { KnownDeclaration, KnownEvent } from './capture.store.js';
import { append } from '../shared/append.js';

/** What the writer is asked to store of one document. */
export interface CaptureRequest {
  readonly jobId: string;
  readonly errorBehaviour: 'ROLLBACK' | 'PROCEED';
  /** Key of the organisation that sent it, null for the host; each of its events has it too. */
  readonly sentBy: string | null;
  readonly events: readonly NewEvent[];
}

/** An event id that is already used for other content. */
export interface Conflict {
  readonly pointer: string;
  readonly id: string;
  /** Null when somebody else sent the stored one, who is not told of. */
  readonly storedHash: string | null;
  readonly hash: string;
}

/** An error declaration of an event that its sender did not send, or that is not known. */
export interface NotYours {
  readonly pointer: string;
  readonly id: string;
}

/** What becomes of one document. */
export interface Verdict {
  readonly jobId: string;
  readonly captured: number;
  readonly repeated: number;
  readonly conflicts: readonly Conflict[];
  readonly notYours: readonly NotYours[];
  /** True when nothing of the document is stored. */
  readonly refused: boolean;
}

/** An event to be stored, with its sender. */
export interface NewEvent extends ParsedEvent {
  readonly sentBy: string | null;
}

/** An error declaration to be stored. Its `id` is made from the id of the declared event and a hash of what it says. */
export interface NewDeclaration {
  readonly id: string;
  readonly event: NewEvent;
}

/** What a batch of documents stores. */
export interface Admission {
  readonly verdicts: readonly Verdict[];
  readonly events: readonly NewEvent[];
  readonly declarations: readonly NewDeclaration[];
  /** Ids that were declared in error, by this batch or before. */
  readonly inError: ReadonlySet<string>;
  /** Stored events that were active until now and that this batch declares in error. */
  readonly takenOut: readonly KnownEvent[];
}

/**
 * Decides which events of a batch of documents are new, which are repeated and which are refused (same id, other content).
 *
 * Documents are judged in the order they came: the first one that uses an id keeps it. A document with ROLLBACK is stored whole or
 * not at all. An error declaration is not an event: it takes its event out, whether that event came before, comes with it or comes later.
 */
export function admit(
  requests: readonly CaptureRequest[],
  known: readonly KnownEvent[],
  declared: readonly KnownDeclaration[],
): Admission {
  const stored = new Map(known.map((event) => [event.id, event]));
  const hashes = new Map<string, Held>(known.map((event) => [event.id, event]));
  const declarations = new Set(declared.map(({ id }) => id));
  const inError = new Set(declared.map(({ of }) => of));
  const admitted: NewEvent[] = [];
  const newDeclarations: NewDeclaration[] = [];
  const verdicts = requests.map((request): Verdict => {
    const staged = stage(request, hashes, declarations);
    const { jobId } = request;
    const { conflicts, notYours, repeated } = staged;
    const faults = conflicts.length + notYours.length;
    const refused = request.errorBehaviour === 'ROLLBACK' && faults > 0;
    if (refused) return { jobId, captured: 0, repeated: 0, conflicts, notYours, refused };
    for (const event of staged.events) hashes.set(event.id, event);
    for (const { id, event } of staged.declarations) {
      declarations.add(id);
      inError.add(event.id);
    }
    append(admitted, staged.events);
    append(newDeclarations, staged.declarations);
    const captured = staged.events.length + staged.declarations.length;
    return { jobId, captured, repeated, conflicts, notYours, refused };
  });
  const declaredNow = new Set(newDeclarations.map(({ event }) => event.id));
  const takenOut = [...declaredNow].flatMap((id) => {
    const event = stored.get(id);
    return event === undefined || event.retracted ? [] : [event];
  });
  return { verdicts, events: admitted, declarations: newDeclarations, inError, takenOut };
}

/** What is known under an id. */
type Held = Pick<KnownEvent, 'hash' | 'sentBy'>;

interface Staged {
  readonly events: NewEvent[];
  readonly declarations: NewDeclaration[];
  readonly conflicts: Conflict[];
  readonly notYours: NotYours[];
  repeated: number;
}

function stage(
  { events, sentBy }: CaptureRequest,
  hashes: ReadonlyMap<string, Held>,
  declarations: ReadonlySet<string>,
): Staged {
  const staged: Staged = {
    ...{ events: [], declarations: [], conflicts: [], notYours: [] },
    repeated: 0,
  };
  const mine = new Map<string, Held>();
  for (const event of events.filter((one) => one.errorDeclaration === undefined)) {
    const held = mine.get(event.id) ?? hashes.get(event.id);
    if (held === undefined) {
      mine.set(event.id, event);
      staged.events.push(event);
    } else if (isRepeated(event, held)) staged.repeated++;
    else staged.conflicts.push(conflictOf(event, held));
  }
  const declaredHere = new Set<string>();
  for (const event of events.filter((one) => one.errorDeclaration !== undefined)) {
    const id = declarationIdOf(event);
    if (!mayDeclare(sentBy, hashes.get(event.id) ?? mine.get(event.id)))
      staged.notYours.push({ pointer: event.pointer, id: event.id });
    else if (declarations.has(id) || declaredHere.has(id)) staged.repeated++;
    else staged.declarations.push({ id, event });
    declaredHere.add(id);
  }
  return staged;
}

function isRepeated({ hash, sentBy }: NewEvent, held: Held): boolean {
  return hash === held.hash && mayKnow(sentBy, held);
}

/** A partner is not told that somebody else sent the same. */
function mayKnow(sentBy: string | null, held: Held): boolean {
  return sentBy === null || sentBy === held.sentBy;
}

/** Whoever could declare an event of others, or one that is still to come, would decide what they see. */
function mayDeclare(sentBy: string | null, event: Held | undefined): boolean {
  return sentBy === null || event?.sentBy === sentBy;
}

function conflictOf({ pointer, id, hash, sentBy }: NewEvent, held: Held): Conflict {
  return { pointer, id, hash, storedHash: mayKnow(sentBy, held) ? held.hash : null };
}
