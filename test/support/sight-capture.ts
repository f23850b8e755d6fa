/** Histories with several senders, captured as their partners would send them, but past the door, which refuses false claims. */
import { HOST } from '../../src/access/principal.js';
import { hostView } from '../../src/access/view.js';
import type { CaptureDeps } from '../../src/capture/index.js';
import { Writer, captureDocument } from '../../src/capture/index.js';
import { jsonSource } from '../../src/epcis/source-document.js';
import { cypher } from '../../src/graph/cypher.js';
import type { Graph } from '../../src/graph/graph.js';
import type { Organisations } from '../../src/projection/sight.js';
import type { Clock } from '../../src/shared/clock.js';
import { silentLogger } from '../../src/shared/logger.js';
import { noMetrics } from '../../src/shared/metrics.js';
import type { History, Message } from './histories.js';
import { epcisDocument, toEpcisEvents } from './history-document.js';
import { OPERATORS, PARTNERS } from './sight-histories.js';

export interface SightCapture extends CaptureDeps {
  readonly writer: Writer;
}

export function sightCapture(graph: Graph, clock: Clock): SightCapture {
  const writer = new Writer({
    ...{ graph, clock, logger: silentLogger, metrics: noMetrics },
    queueLimitEvents: 10_000,
    retention: { batches: 10_000, toldMs: 86_400_000 },
    onCommit: () => undefined,
  });
  return {
    ...{ writer, clock, metrics: noMetrics, view: hostView(graph), partnerBackdateDays: 30 },
    limits: { maxEvents: 1000, maxEpcsPerEvent: 1000, maxDepth: 64, digitalLinkDomains: [] },
  };
}

// Each site is run by a daughter of its organisation.
const REGISTER = cypher('test.registerPartners')`
MERGE (l:Log {id: 'log'}) ON CREATE SET l.seq = 0
SET l.hasPartners = true
WITH l
CALL () {
  UNWIND $sites AS row
  MERGE (s:Site {k: row.site})
  MERGE (d:Party {k: row.party + '-daughter'})
  MERGE (p:Party {k: row.party})
  MERGE (d)-[:WITHIN]->(p)
  MERGE (s)-[:OPERATED_BY]->(d)
}
UNWIND $partners AS row
MERGE (o:Organisation {k: row.k})
SET o.prefixes = row.prefixes`;

const PREFIXES = [['950600013435'], ['950600013436'], ['9506000'], ['9506000']];

/** Registers the partners of {@link PARTNERS}, and that they run the sites of {@link OPERATORS}. */
export async function registerPartners(graph: Graph): Promise<void> {
  const sites = [...OPERATORS].map(([site, party]) => ({ site, party }));
  const partners = PARTNERS.map((k, i) => ({ k, prefixes: PREFIXES[i] ?? [] }));
  await graph.write((tx) => tx.run(REGISTER, { sites, partners }));
}

/** The partners as they are registered. */
export const REGISTERED: Organisations = {
  of: (key) => (key.startsWith('417/') ? key : (OPERATORS.get(key) ?? null)),
  mayBegin: (key, sender) => {
    const digits = key.replace(/^(01|00|8003)\/\d/, '');
    return PREFIXES[PARTNERS.indexOf(sender)]?.some((start) => digits.startsWith(start)) === true;
  },
};

/** Captures one message in the name of who sent its event. */
export async function captureSent(
  deps: SightCapture,
  message: Message,
  { facts }: Pick<History, 'facts'>,
): Promise<void> {
  const id = message.kind === 'fact' ? message.fact.eventId : message.eventId;
  const by = message.kind === 'fact' ? facts.find(({ eventId }) => eventId === id)?.by : undefined;
  const source = jsonSource(epcisDocument(toEpcisEvents([message], facts)));
  const sender = { ...HOST, organisation: by ?? null };
  const { success, faults } = await captureDocument(deps, source, {
    errorBehaviour: 'ROLLBACK',
    sender,
  });
  if (!success) throw new Error(JSON.stringify(faults));
}
