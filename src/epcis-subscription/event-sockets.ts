import type { View } from '../access/view.js';
import { randomUUID } from 'node:crypto';
import { writeFound } from '../epcis-query/index.js';
import type { EventQuery, QueryDeps } from '../epcis-query/index.js';
import type { Logger } from '../shared/logger.js';
import { Loop } from '../shared/loop.js';
import type { Metrics } from '../shared/metrics.js';
import type { Position } from './batch.rules.js';
import { deliverEvents } from './deliver-events.js';
import type { Receiver } from './deliver-events.js';
import { isDue, msUntilDue } from './due.rules.js';
import { EventReader } from './event-reader.js';
import type { PlacedEvent } from './event-reader.js';
import { readCreationTimes } from './named-query.read-model.js';
import { nextRunMs } from './next-run.js';
import type { NamedQuery, SubscriptionControls } from './subscription.js';
import { jsonForm } from './webhook-receiver.js';

/** The connection to the client of a socket. */
export interface SocketLink {
  /** Resolves when the text is on its way; rejects when the client is gone, or takes too long to read. */
  send(text: string): Promise<void>;
  close(code: number, reason: string): void;
}

/** What a socket subscribes to. */
export interface SocketSubscription {
  /** The graph, as whoever opened the socket may see it. */
  readonly view: View;
  readonly named: NamedQuery;
  readonly query: EventQuery;
  readonly controls: SubscriptionControls;
  readonly position: Position;
  /** First run, epoch ms; 0 for a stream. */
  readonly dueAt: number;
}

/** What all sockets share. */
export interface EventSocketDeps extends QueryDeps {
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'delivered'>;
  /** The newest committed log position, whichever process committed it. */
  readonly head: () => Promise<number>;
  readonly maxEvents: number;
  readonly maxBytes: number;
}

interface Open extends SocketSubscription {
  readonly id: string;
  readonly link: SocketLink;
  readonly receiver: Receiver;
  dueAt: number;
  isRunning: boolean;
}

const POLL_MS = 2000;

/**
 * The subscriptions of open sockets: each gets the documents of its query until it closes. Nothing is stored. Events are read from the
 * graph as fast as the socket takes them, so a slow socket has only one document in memory.
 */
export class EventSockets {
  readonly #deps: EventSocketDeps;
  readonly #open = new Map<string, Open>();
  readonly #stop = new AbortController();
  #lookedAt = performance.now();
  readonly #loop = new Loop({
    step: () => this.#step(),
    waitMs: () => this.#msUntilDue(),
    failed: (error) => {
      this.#deps.logger.error({ err: error }, 'The log cannot be read for sockets; trying again');
    },
  });

  constructor(deps: EventSocketDeps) {
    this.#deps = deps;
  }

  get size(): number {
    return this.#open.size;
  }

  /** Begins to send to a socket. Call the returned function when the socket has closed. */
  open(link: SocketLink, subscription: SocketSubscription): () => void {
    const id = randomUUID();
    const { query, position, controls } = subscription;
    const wanted = { query, sinceRecordTime: controls.initialRecordTime };
    const reader = new EventReader(subscription.view, wanted, position);
    const receiver: Receiver = {
      reader,
      ready: () => Promise.resolve(this.#open.has(id)),
      send: async (events) => {
        await link.send(await this.#write(id, subscription, events));
        this.#deps.metrics.delivered('ok', events.length);
        return { kind: 'taken' };
      },
      arrived: () => Promise.resolve(true),
    };
    this.#open.set(id, { ...subscription, id, link, receiver, isRunning: false });
    this.nudge();
    return () => {
      this.#open.delete(id);
    };
  }

  /** Call this when something was committed, or became due. */
  nudge(): void {
    if (this.#open.size > 0) this.#loop.nudge();
  }

  /** Closes the sockets of a deleted query. */
  endQuery(name: string): void {
    for (const open of this.#open.values())
      if (open.named.name === name) this.#end(open, 1000, 'The query was deleted');
  }

  /** Begins nothing new. */
  stop(): void {
    this.#stop.abort();
    void this.#loop.stop();
  }

  #write(
    id: string,
    { named, controls }: SocketSubscription,
    events: readonly PlacedEvent[],
  ): Promise<string> {
    return writeFound(this.#deps, events, jsonForm(controls.epcFormat, named.name, id));
  }

  async #step(): Promise<boolean> {
    await this.#dropDeleted();
    if (this.#open.size > 0) this.#runDue(await this.#deps.head());
    return false;
  }

  #runDue(head: number): void {
    const now = this.#deps.clock.now();
    for (const open of this.#open.values())
      if (!open.isRunning && isDue(this.#timingOf(open), now, head)) void this.#run(open, head);
  }

  #timingOf({ controls, dueAt, receiver }: Open): Parameters<typeof isDue>[0] {
    return { schedule: controls.schedule, dueAt, position: receiver.reader.position };
  }

  async #run(open: Open, head: number): Promise<void> {
    const { maxEvents, maxBytes, clock } = this.#deps;
    const { schedule, reportIfEmpty } = open.controls;
    const most = open.query.eventCountLimit ?? open.query.maxEventCount ?? Infinity;
    open.isRunning = true;
    try {
      await deliverEvents(open.receiver, {
        head,
        limits: { maxEvents: Math.min(maxEvents, most), maxBytes },
        retryEvents: null,
        reportIfEmpty: schedule !== null && reportIfEmpty,
        stop: this.#stop.signal,
      });
      if (schedule !== null)
        open.dueAt = nextRunMs(schedule, clock.now()) ?? Number.MAX_SAFE_INTEGER;
    } catch (error) {
      if (this.#open.has(open.id)) this.#broke(open, error);
    }
    open.isRunning = false;
    this.nudge();
  }

  #broke(open: Open, error: unknown): void {
    this.#deps.metrics.delivered('failed', 0);
    this.#deps.logger.warn({ err: error, socket: open.id }, 'A socket was closed');
    this.#end(open, 1011, 'The query could not be executed, or its answer could not be sent');
  }

  #end(open: Open, code: number, reason: string): void {
    this.#open.delete(open.id);
    open.link.close(code, reason);
  }

  /** Null when no socket is open. */
  #msUntilDue(): number | null {
    if (this.#open.size === 0) return null;
    const idle = [...this.#open.values()].filter(({ isRunning }) => !isRunning);
    // Counted from the last look and not from the last commit, because commits may come without a pause.
    const untilLookMs = Math.max(0, this.#lookedAt + POLL_MS - performance.now());
    return msUntilDue(idle, this.#deps.clock.now(), untilLookMs);
  }

  /** Closes the sockets of queries that another process deleted. */
  async #dropDeleted(): Promise<void> {
    if (performance.now() - this.#lookedAt < POLL_MS) return;
    this.#lookedAt = performance.now();
    const names = [...new Set([...this.#open.values()].map(({ named }) => named.name))];
    try {
      const known = await readCreationTimes(this.#deps.view, names);
      for (const open of this.#open.values())
        if (known.get(open.named.name) !== open.named.createdAt)
          this.#end(open, 1000, 'The query was deleted');
    } catch (error) {
      this.#deps.logger.warn({ err: error }, 'Queries of sockets cannot be read; trying again');
    }
  }
}
