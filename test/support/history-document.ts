/** A history as partners would send it: EPCIS 2.0 JSON that the product's reading turns back into the same facts (hash apart). */
import type { Fact } from '../../src/projection/fact.js';
import type { Message } from './histories.js';

export type EpcisJson = Readonly<Record<string, unknown>>;

const uri = (key: string): string => `https://id.gs1.org/${key}`;
const iso = (t: number): string => new Date(t).toISOString();
const has = (name: string, value: unknown): EpcisJson =>
  value === undefined ? {} : { [name]: value };

const ENDS: Readonly<Record<string, { action: string; bizStep: string }>> = {
  decommissioned: { action: 'DELETE', bizStep: 'decommissioning' },
  destroyed: { action: 'DELETE', bizStep: 'destroying' },
  dispensed: { action: 'OBSERVE', bizStep: 'dispensing' },
};
const ACTIONS = { commission: 'ADD', pack: 'ADD', unpack: 'DELETE', see: 'OBSERVE' } as const;
const STEPS = {
  commission: 'commissioning',
  pack: 'packing',
  unpack: 'unpacking',
  see: 'inspecting',
} as const;
const MOVES = { ship: 'shipping', receive: 'receiving', void: 'void_shipping' } as const;

/** Children nobody counted one by one: an empty list would mean all of them. */
const SOMETHING = [{ epcClass: uri('01/09506000134352/10/L1'), quantity: 5 }];

function what(f: Fact): EpcisJson {
  if (f.parent === undefined) return { type: 'ObjectEvent', epcList: f.kids.map(uri) };
  const named = f.kids.length > 0 || f.all === true;
  return {
    type: 'AggregationEvent',
    parentID: uri(f.parent),
    childEPCs: f.kids.map(uri),
    ...(named ? {} : { childQuantityList: SOMETHING }),
  };
}

function why(f: Fact): EpcisJson {
  if (f.act === 'end') return ENDS[f.end!]!;
  return {
    action: ACTIONS[f.act],
    bizStep: f.move === undefined ? STEPS[f.act] : MOVES[f.move],
  };
}

const READ_POINT = { id: uri('414/9506000134352') };

function ends(what: string, parties: Fact['giver'], location?: string): EpcisJson[] | undefined {
  const { owner, possessor } = parties ?? {};
  const list = Object.entries({ owning_party: owner, possessing_party: possessor, location });
  const told = list.flatMap(([type, key]) =>
    key === undefined ? [] : [{ type, [what]: uri(key) }],
  );
  return told.length === 0 ? undefined : told;
}

export function toEpcisEvent(f: Fact): EpcisJson {
  return {
    eventID: f.eventId,
    eventTime: iso(f.t),
    eventTimeZoneOffset: '+00:00',
    ...what(f),
    ...why(f),
    ...has('disposition', f.disposition),
    // Read somewhere, and that must not be taken for where it is afterwards.
    ...has('readPoint', f.act === 'see' ? READ_POINT : undefined),
    ...has('bizLocation', f.site && { id: uri(f.site) }),
    ...has('sourceList', ends('source', f.giver)),
    ...has('destinationList', ends('destination', f.taker, f.dest)),
    ...has('ilmd', f.lot && { 'cbvmda:lotNumber': f.lot }),
  };
}

/** The same event again, declared in error an hour later. */
function toErrorDeclaration(f: Fact): EpcisJson {
  const errorDeclaration = { declarationTime: iso(f.t + 3_600_000), reason: 'did_not_occur' };
  return { ...toEpcisEvent(f), errorDeclaration };
}

/** One event a message, in the order of the messages; `facts` tells what a declaration repeats. */
export function toEpcisEvents(messages: readonly Message[], facts: readonly Fact[]): EpcisJson[] {
  return messages.map((m) =>
    m.kind === 'fact'
      ? toEpcisEvent(m.fact)
      : toErrorDeclaration(facts.find((f) => f.eventId === m.eventId)!),
  );
}

export function epcisDocument(eventList: readonly EpcisJson[]): EpcisJson {
  return {
    '@context': ['https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld'],
    type: 'EPCISDocument',
    schemaVersion: '2.0',
    creationDate: '2025-01-02T00:00:00.000Z',
    epcisBody: { eventList },
  };
}

/** All facts in one document, then the declarations of those retracted. */
export function toEpcisDocument(
  facts: readonly Fact[],
  retracted: readonly string[] = [],
): EpcisJson {
  const declared = facts.filter((f) => retracted.includes(f.eventId));
  return epcisDocument([...facts.map(toEpcisEvent), ...declared.map(toErrorDeclaration)]);
}
