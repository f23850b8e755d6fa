import type { Finding, Warnings } from '../epcis/faults.js';
import { WarningList, issueOf } from '../epcis/faults.js';
import type { ParsedEvent } from '../epcis/parsed.js';
import type { CaptureRequest, NewDeclaration } from './capture.rules.js';

/** A warning of a batch: a finding, what was found in words, and its place in the event, such as `/eventTime`. */
export interface EventWarning extends Finding {
  readonly found: string;
  readonly path: string;
}

interface Owner {
  readonly jobId: string;
  readonly event: ParsedEvent;
}

/**
 * The warnings of one run of a batch, by document. The answer and the job show them beside those of parsing.
 *
 * `about` may be called by anything that sees the batch, until the batch is closed. A repeated run begins without warnings.
 */
export class BatchWarnings {
  private readonly owners = new Map<string, Owner>();
  private readonly lists = new Map<string, WarningList>();

  /**
   * @param admitted the events that the batch stores
   * @param declarations the error declarations that the batch stores; each has an id of its own
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

  /** Warns of an event or declaration that this batch stores, by its id. Any other id is ignored: no sender here waits for it. */
  about(eventId: string, { path, found, ...finding }: EventWarning): void {
    const owner = this.owners.get(eventId);
    if (owner === undefined) return;
    const { jobId, event } = owner;
    const list = this.lists.get(jobId) ?? new WarningList();
    this.lists.set(jobId, list);
    list.add(issueOf(finding, `${event.pointer}${path}`, found, event.place));
  }

  /** The warnings of a document: first those of parsing, then those of the batch. */
  of(jobId: string, parsed: Warnings): Warnings {
    const list = new WarningList();
    list.take(parsed);
    const own = this.lists.get(jobId);
    if (own !== undefined) list.take(own);
    return list;
  }
}
