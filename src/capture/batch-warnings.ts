import type { Finding, Warnings } from '../epcis/faults.js';
import { WarningList, issueOf } from '../epcis/faults.js';
import type { ParsedEvent } from '../epcis/parsed.js';
import type { CaptureRequest, NewDeclaration } from './capture.rules.js';

/** What a batch warns of: a finding, what was found in words, and where in its event, such as `/eventTime`. */
export interface EventWarning extends Finding {
  readonly found: string;
  readonly path: string;
}

interface Owner {
  readonly jobId: string;
  readonly event: ParsedEvent;
}

/**
 * The warnings of one run of a batch, by document; told in the answer and on the job as those of parsing are.
 *
 * `about` may be called from anything that sees the batch until it is closed. A run that is repeated begins with none.
 */
export class BatchWarnings {
  private readonly owners = new Map<string, Owner>();
  private readonly lists = new Map<string, WarningList>();

  /**
   * @param admitted the events that the batch stores
   * @param declarations the declarations of error that it stores: events too, with ids of their own
   */
  constructor(
    requests: readonly CaptureRequest[],
    admitted: readonly ParsedEvent[],
    declarations: readonly NewDeclaration[] = [],
  ) {
    const stored = new Map(admitted.map((event) => [event, event.id]));
    for (const { id, event } of declarations) stored.set(event, id);
    for (const { jobId, events } of requests)
      for (const event of events) {
        const id = stored.get(event);
        if (id !== undefined) this.owners.set(id, { jobId, event });
      }
  }

  /** Warns of an event or declaration that this batch stores, by its id; of any other there is nobody to tell. */
  about(eventId: string, { path, found, ...finding }: EventWarning): void {
    const owner = this.owners.get(eventId);
    if (owner === undefined) return;
    const { jobId, event } = owner;
    const list = this.lists.get(jobId) ?? new WarningList();
    this.lists.set(jobId, list);
    list.add(issueOf(finding, `${event.pointer}${path}`, found, event.place));
  }

  /** Those of a document: what parsing found, then what the batch did. */
  of(jobId: string, parsed: Warnings): Warnings {
    const list = new WarningList();
    list.take(parsed);
    const own = this.lists.get(jobId);
    if (own !== undefined) list.take(own);
    return list;
  }
}
