/** Documents that never end, the clients who send them, and what must hold of the store whatever happened meanwhile. */
import fc from 'fast-check';
import { setTimeout as sleep } from 'node:timers/promises';
import { cypher } from '../../src/graph/cypher.js';
import type { Graph } from '../../src/graph/graph.js';
import type { EpcisJson } from './history-document.js';
import { epcisDocument, toEpcisEvents } from './history-document.js';
import type { History } from './histories.js';
import { arrivalOrders, lawful, shuffle } from './histories.js';
import { inWorld } from './worlds.js';

/** A document to send. */
export interface Sendable {
  readonly name: string;
  readonly document: EpcisJson;
  /** Ids of its events and of the events it declares wrong. */
  readonly ids: readonly string[];
  /** Ids that only this document has: its first event and its last. */
  readonly marks: readonly [string, string];
}

const HOUR = 3_600_000;

/** The events in a world of their own, and at hours of its own: histories meet in the log alone. */
function inHoursOf(n: number, events: readonly EpcisJson[]): EpcisJson[] {
  const text = JSON.stringify(inWorld(n, events)).replaceAll(/2025-01-01T[\d:.]+Z/g, (time) =>
    new Date(Date.parse(time) + n * HOUR).toISOString(),
  );
  return JSON.parse(text) as EpcisJson[];
}

let minutes = 0;

function mark(name: string): EpcisJson {
  minutes++;
  return {
    eventID: `urn:x:mark:${name}`,
    type: 'ObjectEvent',
    action: 'OBSERVE',
    eventTime: new Date(Date.UTC(2024, 0, 1, 0, minutes)).toISOString(),
    eventTimeZoneOffset: '+00:00',
    epcList: [`https://id.gs1.org/01/09506000134352/21/MARK${name}`],
  };
}

function sendable(name: string, events: readonly EpcisJson[]): Sendable {
  const all = [mark(`${name}a`), ...events, mark(`${name}z`)];
  return {
    name,
    document: epcisDocument(all),
    ids: [...new Set(all.map((event) => event['eventID'] as string))],
    marks: [`urn:x:mark:${name}a`, `urn:x:mark:${name}z`],
  };
}

/** Documents without end: lawful histories in random order, declarations and repeats among them, four histories at a time. */
function* documents(seed: number): Generator<Sendable, never> {
  for (let round = 0; ; round++) {
    const worlds = fc
      .sample(lawful, { seed: seed + round, numRuns: 4 })
      .map((history, i) => shareOut(4 * round + i, history, seed));
    while (worlds.some((shares) => shares.length > 0))
      for (const shares of worlds) yield* shares.splice(0, 1);
  }
}

function shareOut(n: number, history: History, seed: number): Sendable[] {
  const messages = shuffle(arrivalOrders(history)[0]!, seed);
  const events = inHoursOf(n, toEpcisEvents(messages, history.facts));
  return Array.from({ length: Math.ceil(events.length / 4) }, (_, i) =>
    sendable(`${n}-${i}`, events.slice(4 * i, 4 * i + 4)),
  );
}

/** What clients were told. */
export interface Told {
  /** 202. */
  readonly acknowledged: Sendable[];
  /** 503: not taken. */
  readonly refused: Sendable[];
  /** No answer: taken or not. */
  readonly unanswered: Sendable[];
  /** Any other answer; there must be none. */
  readonly others: unknown[];
}

/** Clients that send documents to whatever address is given, each the next when it has an answer, until stopped. */
export class CaptureLoad {
  readonly told: Told = { acknowledged: [], refused: [], unanswered: [], others: [] };
  /** When what has no answer yet was sent, by `performance.now()`. */
  readonly inFlight = new Map<Sendable, number>();
  private readonly again: Sendable[] = [];
  private readonly source: Generator<Sendable, never>;
  private running = false;
  private clients: Promise<unknown> = Promise.resolve();

  constructor(seed: number) {
    this.source = documents(seed);
  }

  /** @param many how many more clients; what had no answer, or 503, is sent again first */
  start(url: string, many: number): void {
    const { refused, unanswered } = this.told;
    this.again.push(...refused.splice(0), ...unanswered.splice(0));
    this.running = true;
    const more = Array.from({ length: many }, () => this.client(url));
    this.clients = Promise.all([this.clients, ...more]);
  }

  /** No more documents; resolves when all that were sent have an answer or none. */
  async stop(): Promise<void> {
    this.running = false;
    await this.clients;
  }

  /** Resolves when so many more documents are acknowledged; a Neo4j just started takes its time for the first. */
  async progress(many: number): Promise<void> {
    const target = this.told.acknowledged.length + many;
    for (let i = 0; this.told.acknowledged.length < target; i++) {
      if (i === 12_000) throw new Error('No progress within four minutes');
      await sleep(20);
    }
  }

  private async client(url: string): Promise<void> {
    while (this.running) await this.send(url, this.again.shift() ?? this.source.next().value);
  }

  private async send(url: string, one: Sendable): Promise<void> {
    this.inFlight.set(one, performance.now());
    try {
      const response = await fetch(`${url}/epcis/capture`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(one.document),
      });
      const body = await response.text();
      if (response.status === 202) this.told.acknowledged.push(one);
      else if (response.status === 503) this.told.refused.push(one);
      else this.told.others.push([response.status, body, one.name]);
      if (response.status === 503) await sleep(50);
    } catch {
      this.told.unanswered.push(one);
      await sleep(50);
    } finally {
      this.inFlight.delete(one);
    }
  }
}

const STORED = cypher<{ id: string; stored: boolean }>('test.storedIds')`
UNWIND $ids AS id
OPTIONAL MATCH (e:Event {id: id})
OPTIONAL MATCH (d:ErrorDeclaration {of: id})
RETURN DISTINCT id, e IS NOT NULL OR d IS NOT NULL AS stored`;

const SUMS = cypher<{
  stored: number;
  captured: number;
  seq: number;
  batches: number;
}>('test.sums', { mayScan: 'counts a small graph' })`
RETURN COUNT { (:Event) } + COUNT { (:ErrorDeclaration) } AS stored,
  COLLECT { MATCH (j:CaptureJob) RETURN sum(j.captured) }[0] AS captured,
  coalesce(COLLECT { MATCH (l:Log) RETURN l.seq }[0], 0) AS seq, COUNT { (:Batch) } AS batches`;

/** Names of those documents that are stored, as their marks tell. */
export async function storedAmong(graph: Graph, sent: readonly Sendable[]): Promise<string[]> {
  const rows = await graph.read(STORED, { ids: sent.flatMap((one) => one.marks) });
  const stored = new Set(rows.flatMap((row) => (row.stored ? [row.id] : [])));
  return sent.flatMap(({ name, marks }) => (marks.some((id) => stored.has(id)) ? [name] : []));
}

/** What is wrong with the store after what clients were told; empty when nothing is. */
export async function faultsIn(graph: Graph, { told }: CaptureLoad): Promise<string[]> {
  const { acknowledged, refused, unanswered, others } = told;
  const sent = [...acknowledged, ...refused, ...unanswered];
  const ids = [...new Set(sent.flatMap((one) => one.ids))];
  const rows = await graph.read(STORED, { ids });
  const stored = new Set(rows.flatMap((row) => (row.stored ? [row.id] : [])));
  const lost = acknowledged.flatMap((one) => one.ids.filter((id) => !stored.has(id)));
  const half = [...refused, ...unanswered].filter(
    ({ marks: [first, last] }) => stored.has(first) !== stored.has(last),
  );
  return [
    ...others.map((other) => `unforeseen answer ${JSON.stringify(other)}`),
    ...lost.map((id) => `acknowledged and lost: ${id}`),
    ...half.map(({ name }) => `half stored: ${name}`),
    ...(await faultsInSums(graph)),
  ];
}

/** What is stored is what the jobs say, each once; every position of the log has its batch. */
async function faultsInSums(graph: Graph): Promise<string[]> {
  const [sums] = await graph.read(SUMS);
  if (sums === undefined) return ['no sums'];
  const { stored, captured, seq, batches } = sums;
  return [
    ...(stored === captured ? [] : [`${stored} stored, ${captured} by the jobs`]),
    ...(seq === batches ? [] : [`${batches} batches up to ${seq}`]),
  ];
}
