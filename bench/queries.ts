import { hostView } from '../src/access/view.js';
import { findEvents, parametersOfUrl, parseEventQuery } from '../src/epcis-query/index.js';
import type { EventQuery } from '../src/epcis-query/index.js';
import { cypher, int } from '../src/graph/cypher.js';
import type { Graph } from '../src/graph/graph.js';
import { milestone, progress, show } from './figures.js';
import type { Samples } from './figures.js';
import { HttpClient, inParallel } from './http-client.js';
import { SITES } from './network.js';
import {
  containerUri,
  declarationOf,
  instantOf,
  queryDocument,
  queryEvent,
  RARE_CLASS,
  RARE_EVERY,
  RARE_SITE,
} from './query-events.js';

/** One query, measured: ms. */
export interface QueryResult {
  readonly name: string;
  /** Events on the first page. */
  readonly found: number;
  /** GET /epcis/events, first page of 30. */
  readonly http: Samples;
  /** The same without HTTP and without writing the document. */
  readonly core: Samples;
  /** The same filter on every event, newest first, until thirty match. */
  readonly scan: Samples;
}

// Concatenation keeps the planner off the index of the value: events are read newest first and filtered until thirty match. Quick for what
// is frequent; for what is rare it reads them all.
const SCAN_PROPERTY = cypher<{ text: string }>('bench.scanProperty')`
MATCH (e:Event) WHERE e[$property] + '' = $value AND e.eventTime < $before
RETURN e.text AS text ORDER BY e.eventTime DESC LIMIT 30`;

const SCAN_TEXT = cypher<{ text: string }>('bench.scanText')`
MATCH (e:Event) WHERE e.text CONTAINS $needle AND e.eventTime < $before
RETURN e.text AS text ORDER BY e.eventTime DESC LIMIT 30`;

type Baseline = { readonly property: string; readonly value: string } | { readonly needle: string };

interface Question {
  readonly name: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly scan: Baseline;
}

const ask = (
  name: string,
  parameters: Readonly<Record<string, string>>,
  scan: Baseline,
): Question => ({ name, parameters, scan });
const word = (property: string, value: string): Baseline => ({ property, value });
const text = (needle: string): Baseline => ({ needle });

const SITE = SITES[14] ?? '';
const SITE_URI = `https://id.gs1.org/${SITE}`;
const ORDER = 'urn:epcglobal:cbv:bt:9506000134352:77';

function questions(events: number): readonly Question[] {
  return [...questionsOnFields(events), ...questionsOnLists(), ...questionsTogether()];
}

function questionsOnFields(events: number): readonly Question[] {
  const rareId = `urn:uuid:00000000-0000-4000-8000-${String(RARE_EVERY + 7).padStart(12, '0')}`;
  const half = Math.floor(events / 2);
  const range = { GE_eventTime: instantOf(half), LT_eventTime: instantOf(half + 20) };
  const rareSite = word('readPoint', RARE_SITE.slice('https://id.gs1.org/'.length));
  return [
    ask('no parameter', {}, word('action', 'OBSERVE')),
    ask('eventType', { eventType: 'AggregationEvent' }, word('type', 'AggregationEvent')),
    ask('eventTime range', range, text(instantOf(half))),
    ask('EQ_bizStep, frequent', { EQ_bizStep: 'shipping' }, word('bizStep', 'shipping')),
    ask('EQ_bizStep, rare', { EQ_bizStep: 'destroying' }, word('bizStep', 'destroying')),
    ask(
      'EQ_disposition, frequent',
      { EQ_disposition: 'in_transit' },
      word('disposition', 'in_transit'),
    ),
    ask('EQ_disposition, rare', { EQ_disposition: 'destroyed' }, word('disposition', 'destroyed')),
    ask('EQ_readPoint, frequent', { EQ_readPoint: SITE_URI }, word('readPoint', SITE)),
    ask('EQ_readPoint, rare', { EQ_readPoint: RARE_SITE }, rareSite),
    ask('EQ_bizLocation, frequent', { EQ_bizLocation: SITE_URI }, word('bizLocation', SITE)),
    ask('EQ_eventID', { EQ_eventID: rareId }, word('id', rareId)),
  ];
}

function questionsOnLists(): readonly Question[] {
  const container = containerUri(1234);
  const hot = { EQ_type: 'Temperature', GE_value_FAH: '80' };
  const set = { EQ_persistentDisposition_set: 'damaged' };
  const pattern = { MATCH_anyEPC: 'urn:epc:idpat:sscc:9506000.*' };
  return [
    ask('MATCH_epc', { MATCH_epc: container }, text(container)),
    ask('MATCH_anyEPC, pattern, frequent', pattern, text('/00/0950600')),
    ask('MATCH_epcClass, rare', { MATCH_epcClass: RARE_CLASS }, text(RARE_CLASS)),
    ask('EQ_bizTransaction_po, rare', { EQ_bizTransaction_po: ORDER }, text(`${ORDER}"`)),
    ask('EQ_persistentDisposition_set, rare', set, text('"set":["damaged"')),
    ask('EQ_ex:colour, frequent', { 'EQ_ex:colour': 'red' }, text('"ex:colour":"red"')),
    ask('EQ_ex:colour, rare', { 'EQ_ex:colour': 'green' }, text('"ex:colour":"green"')),
    ask('GE_ex:weight', { 'GE_ex:weight': '990' }, text('"ex:weight":99')),
    ask('GE_value_FAH, rare', hot, text('"value":31')),
    ask('EXISTS_errorDeclaration', { EXISTS_errorDeclaration: 'true' }, text('errorDeclaration')),
  ];
}

function questionsTogether(): readonly Question[] {
  const step = { EQ_bizStep: 'shipping' };
  const byRecord = { orderBy: 'recordTime' };
  const rare = { EQ_bizStep: 'destroying', ...byRecord };
  const ordered = { ...step, EQ_bizTransaction_po: ORDER };
  return [
    ask(
      'frequent step and site, never together',
      { ...step, EQ_readPoint: SITE_URI },
      word('readPoint', SITE),
    ),
    ask('frequent step and rare order', ordered, text(`${ORDER}"`)),
    ask(
      'EQ_bizStep, frequent, by recordTime',
      { ...step, ...byRecord },
      word('bizStep', 'shipping'),
    ),
    ask('EQ_bizStep, rare, by recordTime', rare, word('bizStep', 'destroying')),
  ];
}

/** Loads the events through the front door; every thousandth is declared in error. */
export async function loadQueryEvents(url: string, events: number): Promise<void> {
  const http = new HttpClient(url, 4);
  const began = performance.now();
  const size = 500;
  let done = 0;
  const starts = Array.from({ length: Math.ceil(events / size) }, (_, i) => i * size);
  await inParallel(4, starts, async (start) => {
    const numbers = Array.from({ length: Math.min(size, events - start) }, (_, i) => start + i);
    const declared = numbers.filter((n) => n % 1000 === 500);
    await http.capture(queryDocument([...numbers.map(queryEvent), ...declared.map(declarationOf)]));
    done += numbers.length;
    progress(`${show(done)} of ${show(events)} events`);
  });
  await http.close();
  milestone(`${show(events)} events loaded in ${show((performance.now() - began) / 1000)} s`);
}

/** Measures every question: over HTTP, without it, and by a scan, taking turns. */
export async function measureQueries(
  {
    url,
    graph,
    events,
    filter,
  }: {
    readonly url: string;
    readonly graph: Graph;
    readonly events: number;
    readonly filter: string;
  },
  rounds: number,
): Promise<readonly QueryResult[]> {
  const results: QueryResult[] = [];
  for (const question of questions(events).filter(({ name }) => name.includes(filter)))
    results.push(
      await measure({ url, graph, before: Date.parse(instantOf(events * 2)) }, question, rounds),
    );
  return results;
}

async function measure(
  { url, graph, before }: { readonly url: string; readonly graph: Graph; readonly before: number },
  { name, parameters, scan }: Question,
  rounds: number,
): Promise<QueryResult> {
  const search = new URLSearchParams(parameters);
  const query = parseEventQuery(parametersOfUrl(search), { ex: 'https://example.org/ns/' });
  const [http, core, scans]: [number[], number[], number[]] = [[], [], []];
  let found = 0;
  const turns: readonly (readonly [number[], () => Promise<unknown>])[] = [
    [http, () => get(`${url}/epcis/events?perPage=30&${String(search)}`)],
    [core, async () => (found = await coreOf(graph, query))],
    [scans, () => scanOnce(graph, scan, before)],
  ];
  for (let n = -3; n < rounds; n++) {
    progress(`${name}: ${n} of ${rounds}`);
    for (const [samples, run] of turns) {
      // A scan of everything is slow enough to be sure of it sooner.
      if (samples === scans && n >= 5) continue;
      const started = performance.now();
      await run();
      if (n >= 0) samples.push(performance.now() - started);
    }
  }
  return { name, found, http, core, scan: scans };
}

async function get(url: string): Promise<void> {
  const response = await fetch(url, {
    headers: { 'GS1-Extensions': 'ex=https://example.org/ns/', 'GS1-EPC-Format': 'No_Preference' },
  });
  const text = await response.text();
  if (response.status !== 200)
    throw new Error(`${url} answered ${response.status}: ${text.slice(0, 300)}`);
}

async function coreOf(graph: Graph, query: EventQuery): Promise<number> {
  const { events } = await findEvents(hostView(graph), query, { perPage: 30, nowMs: 0 });
  return events.length;
}

async function scanOnce(graph: Graph, scan: Baseline, before: number): Promise<void> {
  const options = { timeoutMs: 600_000 };
  if ('needle' in scan) await graph.read(SCAN_TEXT, { ...scan, before: int(before) }, options);
  else await graph.read(SCAN_PROPERTY, { ...scan, before: int(before) }, options);
}
