/** 200 random histories as partners would tell them, the same ever after. Twenty share a store, each in a world of its own. */
import fc from 'fast-check';
import { withCheckDigit } from '../../../src/gs1/check-digit.js';
import { diceFrom } from '../../support/dice.js';
import type { Dice } from '../../support/dice.js';
import { dense, lawful, shuffle, wild } from '../../support/histories.js';
import type { History } from '../../support/histories.js';
import type { EpcisJson } from '../../support/history-document.js';
import { toEpcisEvent } from '../../support/history-document.js';
import { rawEvents } from '../../support/recall-events.js';
import { inWorld } from '../../support/worlds.js';

/** Of its own, not `CUSTODY_TEST_SEED`: the stored digests are of these histories. */
const SEED = 20_261_129;
export const IN_A_STORE = 20;
const KINDS = ['lawful', 'wild', 'lawful', 'wild', 'dense'] as const;

/** When all is asked. Later than any history, earlier than what is dated ahead. */
export const NOW = Date.UTC(2026, 0, 1);
const AHEAD = '2030-01-01T00:00:00.000Z';
const SITES = ['9506000134352', '9506000134369', '9506000134376', '9506000134383'];
const PARTIES = ['9506000000008', '9506000000015', '9506000000022'];

/** Who runs a site, since and until when. */
export interface Operator {
  readonly site: string;
  readonly party: string;
  readonly from: number | null;
  readonly to: number | null;
}

export interface World {
  readonly number: number;
  readonly kind: (typeof KINDS)[number];
  /** What arrives together: some, the rest and repeats, declarations of error. */
  readonly documents: readonly (readonly EpcisJson[])[];
  readonly sites: readonly string[];
  readonly parties: readonly string[];
  readonly operators: readonly Operator[];
  /** When its events happened, oldest first; what is dated ahead is not among them. */
  readonly times: readonly number[];
  readonly eventIds: readonly string[];
  readonly packages: readonly string[];
  /** Ids of lots that are named. */
  readonly lots: readonly string[];
}

export const uri = (key: string): string => `https://id.gs1.org/${key}`;

/** The first so many histories. */
export function randomWorlds(count: number): World[] {
  const kinds = { lawful, wild, dense };
  const of = (kind: keyof typeof kinds): History[] =>
    fc.sample(kinds[kind], { seed: SEED, numRuns: 80 });
  const made = { lawful: of('lawful'), wild: of('wild'), dense: of('dense') };
  return Array.from({ length: count }, (_, number) => {
    const kind = KINDS[number % KINDS.length]!;
    return world(number, kind, made[kind].shift()!);
  });
}

function world(number: number, kind: World['kind'], history: History): World {
  const dice = diceFrom(history.seed);
  // Half of them with an instant for each event, and with events by class and transformations.
  const plain =
    number % 2 === 0
      ? history.facts.map(toEpcisEvent)
      : rawEvents(history, dice).map(({ json }) => json);
  const events = [...plain, ...more(plain, dice)].map((event) => embellished(event, dice));
  const at = (i: number): EpcisJson => events[i % events.length]!;
  const arriving = dice.chance(0.5) ? events : shuffle(events, history.seed);
  const half = dice.below(arriving.length);
  const wrong = [...new Set(history.retract.map(at))].map(declaredInError);
  const times = [...new Set(events.map(({ eventTime }) => Date.parse(eventTime as string)))]
    .filter((t) => t < NOW)
    .sort((a, b) => a - b);
  const own = {
    documents: [
      arriving.slice(0, half),
      [...arriving.slice(half), ...history.duplicates.map(at)],
      wrong,
    ],
    sites: SITES.map((gln) => `414/${gln}`),
    parties: PARTIES.map((gln) => `417/${gln}`),
    operators: operators(dice, times),
  };
  const told = inOwnWorld(number % IN_A_STORE, own);
  return { number, kind, times, ...told, ...named(told.documents) };
}

/** As `inWorld`, lots, sites and parties too. Products are those of all. */
function inOwnWorld<T>(n: number, told: T): T {
  const text = JSON.stringify(inWorld(n, told))
    .replaceAll(/(\/10\/|"cbvmda:lotNumber":")/g, `$1W${n}`)
    .replaceAll(/(41[47])\/9506000(\d{5})\d/g, (_, ai: string, reference: string) => {
      const place = String(Number(reference) + 10 * n).padStart(5, '0');
      return `${ai}/${withCheckDigit(`9506000${place}`)}`;
    });
  return JSON.parse(text) as T;
}

/** What the other tests' histories do not have: things attached, amounts of a lot without a container, sales. */
function more(events: readonly EpcisJson[], dice: Dice): EpcisJson[] {
  return Array.from({ length: 3 }, (_, n) => {
    const { eventTime } = dice.one(events);
    const event = { eventID: `urn:uuid:more-${n}`, eventTime, eventTimeZoneOffset: '+02:00' };
    const bizLocation = { id: uri(`414/${dice.one(SITES)}`) };
    const [thing, action] = [uri('8003/09506000134352T1'), dice.one(['ADD', 'ADD', 'DELETE'])];
    const unit = uri(`01/09506000134352/21/U${2 * dice.below(3)}`);
    const lot = { epcClass: uri('01/09506000134352/10/L1'), quantity: 1 + dice.below(9) };
    return dice.one<EpcisJson>([
      { ...event, type: 'AssociationEvent', action, parentID: thing, childEPCs: [unit] },
      {
        ...{ ...event, type: 'ObjectEvent', action, bizStep: 'commissioning', bizLocation },
        quantityList: [{ ...lot, uom: 'KGM' }],
      },
      {
        ...{ ...event, type: 'TransactionEvent', action: 'ADD', epcList: [unit] },
        ...{ quantityList: [lot], bizLocation },
        bizTransactionList: [{ type: 'inv', bizTransaction: 'urn:x:invoice:1' }],
      },
    ]);
  });
}

/** Docks, parties by one key or another, documents, expiry, standing dispositions; a few are dated ahead of the clock. */
function embellished(event: EpcisJson, dice: Dice): EpcisJson {
  const { bizLocation, destinationList, bizStep, ilmd } = event;
  const moves = bizStep === 'shipping' || bizStep === 'receiving';
  const party = (): string => uri(`${dice.one(['417', '417', '414'])}/${dice.one(PARTIES)}`);
  const type = dice.one(['owning_party', 'possessing_party']);
  const added: readonly [number, EpcisJson][] = [
    [0.05, { eventTime: AHEAD }],
    [0.1, { persistentDisposition: { set: ['completeness_verified'] } }],
    [
      moves ? 0.6 : 0,
      {
        sourceList: [{ type, source: party() }],
        destinationList: [...((destinationList ?? []) as object[]), { type, destination: party() }],
      },
    ],
    [moves ? 0.4 : 0, { bizTransactionList: [{ type: 'po', bizTransaction: 'urn:x:order:1' }] }],
    [moves ? 0.2 : 0, { 'ex:expectedArrival': '2026-02-01T00:00:00Z' }],
    [
      bizLocation === undefined ? 0 : 0.3,
      JSON.parse(
        JSON.stringify({ bizLocation }).replace(/(\/414\/\d{13})/, '$1/254/DOCK1'),
      ) as EpcisJson,
    ],
    [
      ilmd === undefined ? 0 : 0.6,
      {
        ilmd: {
          ...(ilmd as object),
          'cbvmda:itemExpirationDate': `2027-0${1 + dice.below(2)}-28`,
        },
      },
    ],
  ];
  return added.reduce(
    (all, [share, one]) => (dice.chance(share) ? { ...all, ...one } : all),
    event,
  );
}

function declaredInError(event: EpcisJson): EpcisJson {
  const errorDeclaration = { declarationTime: '2025-06-01T00:00:00Z', reason: 'did_not_occur' };
  return { ...event, errorDeclaration };
}

/** Some sites are run by nobody, some by one party after the other. */
function operators(dice: Dice, times: readonly number[]): Operator[] {
  return [...SITES, `${SITES[0]!}/254/DOCK1`].flatMap((gln) => {
    if (dice.chance(0.3)) return [];
    const change = dice.chance(0.4) ? dice.one(times) : null;
    const one = (): { site: string; party: string } => ({
      site: `414/${gln}`,
      party: `417/${dice.one(PARTIES)}`,
    });
    const first = { ...one(), from: null, to: change };
    return change === null ? [first] : [first, { ...one(), from: change, to: null }];
  });
}

/** What the documents name. */
function named(documents: World['documents']): Pick<World, 'eventIds' | 'packages' | 'lots'> {
  const all = (pattern: RegExp, from: unknown = documents): string[] => {
    const found = [...JSON.stringify(from).matchAll(pattern)].map(([, one]) => one!);
    return [...new Set(found)].sort();
  };
  const stated = documents.flat().flatMap((event) => {
    const [lot] = all(/"cbvmda:lotNumber":"(.*?)"/g, event);
    return lot === undefined
      ? []
      : all(/(01\/\d{14})\/21\//g, event).map((gtin) => `${gtin}/10/${lot}`);
  });
  return {
    eventIds: all(/"eventID":"(.*?)"/g),
    packages: all(/id\.gs1\.org\/((?:01\/\d{14}\/21|00|8003)\/[^"]+)"/g),
    lots: [...new Set([...stated, ...all(/(01\/\d{14}\/10\/[^"]+)"/g)])].sort(),
  };
}
