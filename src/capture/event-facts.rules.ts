import { HOST } from '../access/principal.js';
import type { EpcisEvent } from '../epcis/event.js';
import type { LotFacts, Parties } from '../epcis/readers.js';
import { namesOf, partiesOf, quantitiesOf, sitesOf } from '../epcis/readers.js';
import { bareWord } from '../epcis/vocabulary.js';
import { moveOf } from '../holdings/holding.js';
import type { Fact } from '../projection/index.js';

/** An event with what identifies and orders it. */
export interface IdentifiedEvent {
  readonly id: string;
  readonly hash: string;
  readonly eventTimeMs: number;
  readonly event: EpcisEvent;
  readonly lot: LotFacts;
  /** Key of the organisation that sent it; null, absent or `host` for the host. */
  readonly sentBy?: string | null;
}

/**
 * What the projection reads from an event: one fact, two for a TransformationEvent, none when the event names no package.
 *
 * An AggregationEvent DELETE that names no child, neither by EPC nor by class, empties its parent (EPCIS 2.0, 7.4.3).
 * An AssociationEvent is only a sighting here. Associations are read from the events.
 */
export function factsOf(source: IdentifiedEvent): readonly Fact[] {
  const { event } = source;
  if (event.type === 'TransformationEvent') return transformation(source);
  const packages = packagesOf(event);
  if (packages.kids.length === 0 && packages.parent === undefined) return [];
  const named = { ...commonOf(source), ...packages };
  if (event.type === 'ObjectEvent') return [objectFact(source, named)];
  if (event.type === 'AggregationEvent') return [aggregationFact(event, named)];
  return [{ ...named, act: 'see' }];
}

/** The packages that an event names. A parent that is a place is not a package. */
function packagesOf(event: EpcisEvent): Pick<Fact, 'kids' | 'parent'> {
  const { epcs, kids, parent } = namesOf(event);
  if (event.type === 'ObjectEvent') return { kids: epcs };
  const named = event.type === 'TransactionEvent' ? epcs : kids;
  if (parent === undefined || parent.startsWith('414/')) return { kids: named };
  return { kids: named, parent };
}

type Common = Omit<Fact, 'act' | 'kids'>;
type Named = Omit<Fact, 'act'>;

function commonOf({ id, hash, eventTimeMs, event, sentBy }: IdentifiedEvent): Common {
  const bizStep = wordOf('bizStep', event);
  const disposition = wordOf('disposition', event);
  const move = moveOf(bizStep);
  const site = sitesOf(event).bizLocation;
  return {
    id,
    eventId: id,
    hash,
    t: eventTimeMs,
    ...(move === undefined ? {} : { move }),
    ...(site === undefined ? {} : { site }),
    ...(disposition === undefined ? {} : { disposition }),
    ...transferOf(partiesOf(event)),
    ...(sentBy == null || sentBy === HOST.subject ? {} : { by: sentBy }),
  };
}

/** Who and where the sources and destinations name. Of several ends of one type, the first counts. */
function transferOf({
  sources,
  destinations,
}: Parties): Pick<Fact, 'dest' | 'giver' | 'taker' | 'parties'> {
  if (sources.length + destinations.length === 0) return {};
  const dest = keyOf(destinations, 'location');
  const [giver, taker] = [partiesAt(sources), partiesAt(destinations)];
  return {
    ...(dest === undefined ? {} : { dest }),
    ...(giver === undefined ? {} : { giver }),
    ...(taker === undefined ? {} : { taker }),
    parties: [...new Set([...sources, ...destinations].map(({ key }) => key))],
  };
}

function keyOf(ends: Parties['sources'], type: string): string | undefined {
  return ends.find((end) => end.type === type)?.key;
}

function partiesAt(ends: Parties['sources']): Fact['giver'] {
  const owner = keyOf(ends, 'owning_party');
  const possessor = keyOf(ends, 'possessing_party');
  if (owner === undefined && possessor === undefined) return undefined;
  return {
    ...(owner === undefined ? {} : { owner }),
    ...(possessor === undefined ? {} : { possessor }),
  };
}

/** The bare word of the CBV, or the URI as given. */
export function wordOf(field: 'bizStep' | 'disposition', event: EpcisEvent): string | undefined {
  const value = (event as { readonly bizStep?: unknown; readonly disposition?: unknown })[field];
  return typeof value === 'string' ? bareWord(field, value) : undefined;
}

function objectFact({ event, lot }: IdentifiedEvent, named: Named): Fact {
  const action = event.type === 'ObjectEvent' ? event.action : 'OBSERVE';
  if (action === 'ADD')
    return { ...named, act: 'commission', ...(lot.lot === undefined ? {} : { lot: lot.lot }) };
  const bizStep = wordOf('bizStep', event);
  const end = endOf(action === 'DELETE', bizStep, named.disposition);
  return end === undefined ? { ...named, act: 'see' } : { ...named, act: 'end', end };
}

function endOf(deleted: boolean, bizStep?: string, disposition?: string): string | undefined {
  const dispensed =
    bizStep === 'dispensing' && (disposition === undefined || disposition === 'dispensed');
  if (dispensed) return 'dispensed';
  if (!deleted) return undefined;
  if (bizStep === 'destroying' || disposition === 'destroyed') return 'destroyed';
  return disposition === 'dispensed' ? 'dispensed' : 'decommissioned';
}

function aggregationFact(event: EpcisEvent & { type: 'AggregationEvent' }, named: Named): Fact {
  if (named.parent === undefined || event.action === 'OBSERVE') return { ...named, act: 'see' };
  if (event.action === 'ADD') return { ...named, act: 'pack' };
  const empties = named.kids.length === 0 && quantitiesOf(event).length === 0;
  return { ...named, act: 'unpack', ...(empties ? { all: true } : {}) };
}

function transformation(source: IdentifiedEvent): readonly Fact[] {
  const { inputs, outputs } = namesOf(source.event);
  const { lot } = source.lot;
  const { disposition, ...common } = commonOf(source);
  const facts: Fact[] = [];
  if (outputs.length > 0)
    facts.push({
      ...common,
      act: 'commission',
      kids: outputs,
      ...(disposition === undefined ? {} : { disposition }), // holds for the outputs only
      ...(lot === undefined ? {} : { lot }),
      ...(inputs.length === 0 ? {} : { beside: inputs }),
    });
  if (inputs.length > 0)
    facts.push({
      ...common,
      id: `${source.id}~in`,
      act: 'see',
      kids: inputs,
      ...(outputs.length === 0 ? {} : { beside: outputs }),
    });
  return facts;
}
