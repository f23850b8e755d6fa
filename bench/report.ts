import { median, quantile, say, show, spread, table, times } from './figures.js';
import type { Samples } from './figures.js';
import type { GrowthResult } from './growth.js';
import type { LiveResult } from './live.js';
import type { PartnersResult } from './partners.js';
import type { QueryResult } from './queries.js';
import type { Rival } from './questions.js';
import type { ReadResult } from './reads.js';
import type { SocketsResult } from './sockets.js';
import type { WriteResult } from './writes.js';

const verdict = (met: boolean): string => (met ? 'met' : 'MISSED');

/** What reading took, ours and that of the others. */
export interface Reads {
  readonly results: readonly ReadResult[];
  readonly rivals: readonly Rival[];
}

/** Prints the questions: what ours takes, and what the others take. */
export function reportReads({ results, rivals }: Reads): void {
  const ours = results.map(({ question, graphql, raw, floor }) => [
    question.name,
    spread(graphql),
    show(median(graphql) / median(floor)),
    spread(raw),
    times(median(raw), median(graphql)),
  ]);
  const head = ['question, ms: median (p95)', 'ours, GraphQL over HTTP', 'bolt round trips'];
  say(`\n${table([...head, 'its Cypher alone', 'GraphQL / its Cypher'], ours)}`);
  const theirs = results
    .filter(({ question }) => question.ask !== undefined)
    .map(({ question, graphql, rivals: all }) => [
      question.name,
      show(median(graphql)),
      ...all.map((samples) => `${spread(samples)}, ${times(median(graphql), median(samples))}`),
    ]);
  const names = rivals.map(({ name }) => name);
  say(`\n${table(['ms: median (p95), times ours', 'ours, median', ...names], theirs)}`);
}

/** A round trip to Neo4j in this run, ms. */
export function floorOf(results: readonly ReadResult[]): string {
  return `bolt round trip ${spread(results.flatMap(({ floor }) => floor))} ms`;
}

/** Prints how cost grows with the store. */
export function reportGrowth(results: readonly GrowthResult[]): void {
  const row = (name: string, cell: (result: GrowthResult) => string): string[] => [
    name,
    ...results.map(cell),
  ];
  const questions = results[0]?.reads.map(({ question }) => question.growth ?? '') ?? [];
  const asked = questions.map((name, i) =>
    row(`${name}, ms (bolt round trips)`, ({ reads }) => {
      const { graphql = [], floor = [] } = reads[i] ?? {};
      return `${show(median(graphql))} (${show(median(graphql) / median(floor))})`;
    }),
  );
  const rows = [
    ...asked,
    row('bolt round trip, ms', ({ reads }) => show(median(reads.flatMap(({ floor }) => floor)))),
    row('loaded, units/s', ({ units, loadMs }) => show((1000 * units) / loadMs)),
    row('single events captured, 64 clients, events/s', ({ captures }) => show(median(captures))),
    row('store, MB a million units', ({ units, storeMb }) => show((storeMb * 1e6) / units)),
    row('transaction logs, MB', ({ logsMb }) => show(logsMb)),
    row('from start to ready, s', ({ readyMs }) => show(readyMs / 1000)),
    row('rebuild, events/s', ({ rebuild }) => show(rebuild)),
    row('verify, events/s', ({ verify }) => show(verify)),
  ];
  say(`\n${table(['units', ...results.map(({ units }) => show(units))], rows)}`);
}

/** Prints the EPCIS queries. */
export function reportQueries(results: readonly QueryResult[], events: number): void {
  const rows = results.map(({ name, found, http, core, scan }) => [
    name,
    show(found),
    spread(http),
    spread(core),
    spread(scan),
    times(median(http), median(scan)),
  ]);
  const head = [`first page of 30 of ${show(events)} events, ms: median (p95)`, 'found'];
  const more = ['GET /epcis/events', 'findEvents', 'newest first, in Cypher', 'that / GET'];
  say(`\n${table([...head, ...more], rows)}`);
}

/** Prints what partners cost: what they ask beside the host, and writing and disk beside a service without them. */
export function reportPartners(result: PartnersResult): void {
  const { partner, reads, later, events, writes, storeMb, loadMs } = result;
  const row = (what: string, cells: readonly string[], found: number, goal: number | null) => [
    what,
    ...cells,
    `${show(found)}×`,
    goal === null ? '' : `${goal < 1 ? 'at least' : 'at most'} ${goal}×`,
    goal === null ? '' : verdict(goal < 1 ? found >= goal : found <= goal),
  ];
  const asked = [...reads, { ...later, name: `${later.name}, later` }].map((one) =>
    row(
      one.name,
      [spread(one.host), spread(one.partner)],
      median(one.partner) / median(one.host),
      one.goal,
    ),
  );
  const { lot, units, name } = partner;
  say(`\n${name} has ${show(units)} of the ${show(lot.units)} units of the lot.`);
  say(
    table(['question, ms: median (p95)', 'host', 'partner', 'partner / host', 'wanted', ''], asked),
  );
  const [first, last] = [reads.at(-1) ?? later, later].map(
    ({ partner: own, floor }) => median(own) / median(floor),
  ) as [number, number];
  say(
    `\nThe partner's page of events took ${show(first)} round trips, and ${show(last)} when others had made ${show(events[0])} events ${show(events[1])}: ${times(first, last)}.`,
  );
  const written = writes.map(({ name: what, unit, goal, without, own }) =>
    row(
      what,
      [`${show(median(without))} ${unit}`, `${show(median(own))} ${unit}`],
      // What the load of the machine did to a round, it did to both.
      median(own.map((rate, i) => rate / (without[i] ?? NaN))),
      goal,
    ),
  );
  const both = (list: readonly number[], unit: string): readonly string[] =>
    list.map((one) => `${show(one)} ${unit}`);
  const growth = ([without = NaN, own = NaN]: readonly number[]): number => own / without;
  const rows = [
    ...written,
    row(
      'loading the network',
      both(
        loadMs.map((ms) => ms / 1000),
        's',
      ),
      growth(loadMs),
      null,
    ),
    row('the store after all that', both(storeMb, 'MB'), growth(storeMb), 1.2),
  ];
  say(
    `\n${table(['writing: median of rounds', 'without partners', 'with', 'with / without', 'wanted', ''], rows)}`,
  );
}

/** Prints writing. */
export function reportWrites(results: readonly WriteResult[]): void {
  const rows = results.map(({ name, unit, ours, naive, latency, events, commits }) => [
    name,
    `${show(median(ours))} ${unit}`,
    `${show(median(naive))} ${unit}`,
    times(median(naive), median(ours)),
    spread(latency),
    show(events / commits),
  ]);
  const head = ['writing: median of rounds', 'ours, POST /epcis/capture', 'naive, Cypher'];
  const more = ['ours / naive', 'a request, ms: median (p95)', 'events a commit'];
  say(`\n${table([...head, ...more], rows)}`);
}

/** Prints how long a subscriber waits. */
export function reportLive(live: LiveResult): void {
  say(
    `\nsubscriber, from POST: ${spread(live.fromPost)} ms; from 202: ${spread(live.fromAccepted)} ms`,
  );
}

/** Prints what it is to be one of many subscribers. */
export function reportSockets(result: SocketsResult): void {
  const { sockets, organisations, fromRecord, fromAccepted, handing, kbEach, wrong } = result;
  say(
    `\n${sockets} sockets of ${organisations} organisations, ${show(fromRecord.length)} messages, ${wrong} too few or too many`,
  );
  const row = (what: string, samples: Samples, goal: number | null): string[] => {
    const p95 = quantile(samples, 0.95);
    const wanted = goal === null ? ['', ''] : [`p95 at most ${goal} ms`, verdict(p95 <= goal)];
    return [what, `${spread(samples)} ms`, ...wanted];
  };
  const rows = [
    row('record time to receipt', fromRecord, 50),
    row('202 to receipt', fromAccepted, null),
    row('handing a batch to all subscriptions', handing, 1),
    ['memory for each subscriber', `${show(kbEach)} KB`, '', ''],
  ];
  say(table(['median (p95)', 'found', 'wanted', ''], rows));
}

/** Prints what was wanted and whether it was met. */
export function reportGoals(reads: readonly ReadResult[], writes: readonly WriteResult[]): void {
  const rows: string[][] = [];
  for (const { question, graphql, floor } of reads) {
    const { name, goal } = question;
    if (goal === undefined) continue;
    const found = median(graphql) / (goal.unit === 'ms' ? 1 : median(floor));
    const judged = goal.applies ? verdict(found <= goal.most) : 'lot too small';
    const unit = goal.unit === 'ms' ? 'ms' : 'bolt round trips';
    rows.push([name, `within ${goal.most} ${unit}`, `${show(found)} ${unit}`, judged]);
  }
  for (const { name, unit, goal, ours } of writes) {
    if (goal === null) continue;
    const rate = median(ours);
    rows.push([name, `${show(goal)} ${unit}`, `${show(rate)} ${unit}`, verdict(rate >= goal)]);
  }
  say(`\n${table(['goal', 'wanted', 'found', ''], rows)}`);
}

/** Prints what the writer's statements cost, the dearest first. */
export function reportStatements(results: readonly WriteResult[]): void {
  for (const { name, unit, events, commits, statements, cpu, counts } of results) {
    const list = [...statements].sort((a, b) => b.ms - a.ms).slice(0, 16);
    const rows = list.map((one) => [
      one.name,
      show((1000 * one.ms) / events),
      show(one.ms / commits),
      show(one.runs / commits),
      show(one.rows / Math.max(1, one.runs)),
    ]);
    const head = ['statement', 'ms / 1,000 events', 'ms a commit', 'runs a commit', 'rows'];
    const per = 1000 / counts;
    const used = `CPU ms for 1,000 ${unit.split('/')[0] ?? ''}: service ${show(cpu.service * per)}, Neo4j ${show(cpu.neo4j * per)}`;
    say(`\n${name}: ${events} events in ${commits} commits\n${used}\n${table(head, rows)}`);
  }
}

/** A spread of rounds, to judge the noise by. */
export function noiseOf(results: readonly WriteResult[]): string {
  const shares = results.map(
    ({ ours }) => quantile(ours, 0.95) / Math.max(1e-9, quantile(ours, 0.05)),
  );
  return `rounds differ by up to ${show(Math.max(...shares))}×`;
}
