import { diceFrom } from './dice.js';
import type { Dice } from './dice.js';

/** One thing, and every way of writing it: the first as events have it most. */
export interface Thing {
  readonly name: string;
  readonly forms: readonly string[];
}

const thing = (name: string, ...forms: string[]): Thing => ({ name, forms });

/** EPCs of two products, two pallets, and one URI that is no GS1 key. */
export const EPCS: readonly Thing[] = [
  ...['A1', 'A2', 'B%2F7'].map((serial) =>
    thing(
      `first ${serial}`,
      `urn:epc:id:sgtin:9506000.013435.${serial}`,
      `https://id.gs1.org/01/09506000134352/21/${serial}`,
      `https://shop.example.org/01/09506000134352/21/${serial}`,
    ),
  ),
  ...['A1', 'Z_9'].map((serial) =>
    thing(
      `second ${serial}`,
      `urn:epc:id:sgtin:9506000.113436.${serial}`,
      `https://id.gs1.org/01/19506000134366/21/${serial}`,
    ),
  ),
  thing(
    'pallet 1',
    'urn:epc:id:sscc:9506000.0000000001',
    'https://id.gs1.org/00/095060000000000015',
  ),
  thing(
    'pallet 2',
    'urn:epc:id:sscc:9506000.0000000002',
    'https://id.gs1.org/00/095060000000000022',
  ),
  thing('other', 'urn:example:thing:50%25_off'),
];

/** Patterns, with the names of what they stand for. */
export const EPC_PATTERNS: ReadonlyMap<string, RegExp> = new Map([
  ['urn:epc:idpat:sgtin:9506000.013435.*', /^first /],
  ['urn:epc:idpat:sgtin:9506000.*.*', /^(?:first|second) /],
  ['urn:epc:idpat:sgtin:*.*.*', /^(?:first|second) /],
  ['https://id.gs1.org/01/19506000134366', /^second /],
  ['urn:epc:idpat:sscc:9506000.*', /^pallet /],
  ['urn:example:thing:50%', /^nothing$/],
]);

export const CLASSES: readonly Thing[] = [
  thing(
    'lot L1',
    'urn:epc:class:lgtin:9506000.013435.L1',
    'https://id.gs1.org/01/09506000134352/10/L1',
  ),
  thing(
    'lot L_',
    'urn:epc:class:lgtin:9506000.013435.L_',
    'https://id.gs1.org/01/09506000134352/10/L_',
  ),
  thing(
    'product 1',
    'urn:epc:idpat:sgtin:9506000.013435.*',
    'https://id.gs1.org/01/09506000134352',
  ),
  thing(
    'product 2',
    'urn:epc:idpat:sgtin:9506000.113436.*',
    'https://id.gs1.org/01/19506000134366',
  ),
];
export const CLASS_PATTERNS: ReadonlyMap<string, RegExp> = new Map([
  ['urn:epc:class:lgtin:9506000.013435.*', /^lot /],
]);

export const SITES: readonly Thing[] = [
  thing('site 0', 'urn:epc:id:sgln:9506000.12345.0', 'https://id.gs1.org/414/9506000123455'),
  thing(
    'site 0 dock',
    'urn:epc:id:sgln:9506000.12345.dock',
    'https://id.gs1.org/414/9506000123455/254/dock',
  ),
  thing('site 1', 'urn:epc:id:sgln:9506000.12346.0', 'https://id.gs1.org/414/9506000123462'),
  thing('site 2', 'https://example.org/places/2'),
];
/** Site 0 holds the dock and site 2, which holds site 1. */
export const WITHIN: ReadonlyMap<string, readonly string[]> = new Map([
  ['site 0', ['site 0', 'site 0 dock', 'site 2', 'site 1']],
  ['site 2', ['site 2', 'site 1']],
]);
export const CITIES: ReadonlyMap<string, string> = new Map([
  ['site 0', 'Bonn'],
  ['site 1', 'Paris'],
  ['site 2', 'Bonn'],
]);

const word = (urn: string, web: string, bare: string): Thing =>
  thing(bare, bare, `urn:epcglobal:cbv:${urn}:${bare}`, `https://ref.gs1.org/cbv/${web}-${bare}`);

export const BIZ_STEPS: readonly Thing[] = [
  ...['shipping', 'receiving', 'commissioning'].map((bare) => word('bizstep', 'BizStep', bare)),
  thing('own', 'https://example.org/steps/own'),
];
export const DISPOSITIONS: readonly Thing[] = [
  ...['in_transit', 'active', 'damaged'].map((bare) => word('disp', 'Disp', bare)),
];
export const TRANSACTION_TYPES: readonly Thing[] = [
  word('btt', 'BTT', 'po'),
  word('btt', 'BTT', 'desadv'),
];
export const TRANSACTIONS: readonly Thing[] = [
  thing('bt 1', 'urn:epcglobal:cbv:bt:9506000123455:1'),
  thing('bt 2', 'https://example.org/orders/2'),
];
export const END_TYPES: readonly Thing[] = [
  word('sdt', 'SDT', 'owning_party'),
  word('sdt', 'SDT', 'location'),
];
export const ENDS: readonly Thing[] = [
  thing('party', 'urn:epc:id:pgln:9506000.12345', 'https://id.gs1.org/417/9506000123455'),
  thing('end 1', 'urn:epc:id:sgln:9506000.12346.0', 'https://id.gs1.org/414/9506000123462'),
];
export const TIMES: readonly Thing[] = [
  thing('1000', '2026-03-01T10:00:00.000Z', '2026-03-01T11:00:00.000+01:00'),
  thing('2000', '2026-03-01T10:00:01.000Z', '2026-03-01T04:30:01-05:30'),
  thing('2500', '2026-03-01T10:00:01.500Z'),
  thing('3000', '2026-03-01T10:00:02Z'),
];
export const REASONS: readonly Thing[] = [
  word('er', 'ER', 'did_not_occur'),
  word('er', 'ER', 'incorrect_data'),
];
const TRANSFORMATIONS: readonly Thing[] = [
  thing('tf 1', 'urn:example:tf:1'),
  thing('tf 2', 'urn:example:tf:2'),
];
export const FIELD_VALUES: readonly (string | number)[] = ['red', 'RED', '10', 10, 10.5, 7];

export const NAMESPACE = 'https://example.org/ns/';
export type Event = Readonly<Record<string, unknown>>;

/** Random events in which every field that a query can ask for occurs. */
export class QueryEvents {
  private count = 0;
  private readonly random: Dice;

  constructor(private readonly seed: number) {
    this.random = diceFrom(seed);
  }

  /** One event; now and then it declares one made before to be an error. */
  next(before: readonly Event[]): Event {
    const { random } = this;
    const earlier = before.filter((event) => event['errorDeclaration'] === undefined);
    if (earlier.length > 0 && random.chance(0.12)) return this.declaration(random.one(earlier));
    const kind = random.one([
      'object',
      'object',
      'aggregation',
      'transformation',
      'transaction',
    ] as const);
    return { ...this.common(), ...this[kind]() };
  }

  private form(things: readonly Thing[]): string {
    return this.random.one(this.random.one(things).forms);
  }

  private forms(things: readonly Thing[], most = 2): string[] {
    const chosen = things.filter(() => this.random.chance(0.4)).slice(0, most);
    return (chosen.length === 0 ? things.slice(0, 1) : chosen).map(({ forms }) =>
      this.random.one(forms),
    );
  }

  /** Events are strict where queries are not: bare words in them. */
  private word(things: readonly Thing[]): string {
    return this.random.one(things).forms[0] ?? '';
  }

  private maybe(name: string, make: () => unknown, chance = 0.5): Event {
    return this.random.chance(chance) ? { [name]: make() } : {};
  }

  private common(): Event {
    const field = (): unknown => this.random.one(FIELD_VALUES);
    return {
      eventID: `urn:uuid:${String(this.seed % 1e8).padStart(8, '0')}-0000-4000-8000-${String(++this.count).padStart(12, '0')}`,
      eventTime: this.form(TIMES),
      eventTimeZoneOffset: '+00:00',
      ...this.maybe('bizStep', () => this.word(BIZ_STEPS)),
      ...this.maybe('disposition', () => this.word(DISPOSITIONS)),
      ...this.maybe(
        'persistentDisposition',
        () => ({ [this.random.one(['set', 'unset'])]: [this.word(DISPOSITIONS)] }),
        0.2,
      ),
      ...this.maybe('readPoint', () => ({ id: this.form(SITES) })),
      ...this.maybe('bizLocation', () => ({ id: this.form(SITES) })),
      ...this.maybe('bizTransactionList', () => this.transactions(), 0.3),
      ...this.maybe(
        'sourceList',
        () => [{ type: this.word(END_TYPES), source: this.form(ENDS) }],
        0.3,
      ),
      ...this.maybe(
        'destinationList',
        () => [{ type: this.word(END_TYPES), destination: this.form(ENDS) }],
        0.3,
      ),
      ...this.maybe('ex:color', field, 0.4),
      ...this.maybe('ex:box', () => ({ 'ex:color': field(), 'ex:size': [field(), 3] }), 0.3),
    };
  }

  private transactions(): Event[] {
    return [0, 1]
      .slice(0, this.random.chance(0.4) ? 2 : 1)
      .map(() => ({ type: this.word(TRANSACTION_TYPES), bizTransaction: this.form(TRANSACTIONS) }));
  }

  private quantities(): Event[] {
    return this.forms(CLASSES)
      .map((epcClass) => ({
        epcClass,
        ...this.maybe('quantity', () => this.random.one([5, 10, 2500])),
        ...this.maybe('uom', () => this.random.one(['KGM', 'GRM'])),
      }))
      .map((one) => ('quantity' in one ? one : { epcClass: one.epcClass }));
  }

  private action(): string {
    return this.random.one(['ADD', 'OBSERVE', 'DELETE']);
  }

  private object(): Event {
    const action = this.action();
    return {
      type: 'ObjectEvent',
      action,
      epcList: this.forms(EPCS),
      ...this.maybe('quantityList', () => this.quantities(), 0.3),
      ...this.maybe(
        'ilmd',
        () => ({ 'ex:color': this.random.one(FIELD_VALUES), 'ex:box': { 'ex:color': 'red' } }),
        action === 'ADD' ? 0.6 : 0,
      ),
    };
  }

  private aggregation(): Event {
    return {
      type: 'AggregationEvent',
      action: this.action(),
      parentID: this.form(EPCS.slice(5, 7)),
      childEPCs: this.forms(EPCS.slice(0, 5)),
      ...this.maybe('childQuantityList', () => this.quantities(), 0.2),
    };
  }

  private transaction(): Event {
    return {
      type: 'TransactionEvent',
      action: this.action(),
      bizTransactionList: this.transactions(),
      epcList: this.forms(EPCS),
      ...this.maybe('parentID', () => this.form(EPCS.slice(5, 7))),
    };
  }

  private transformation(): Event {
    return {
      type: 'TransformationEvent',
      inputEPCList: this.forms(EPCS.slice(0, 3)),
      outputEPCList: this.forms(EPCS.slice(3, 5)),
      ...this.maybe('inputQuantityList', () => this.quantities(), 0.3),
      ...this.maybe('outputQuantityList', () => this.quantities(), 0.3),
      ...this.maybe('transformationID', () => this.form(TRANSFORMATIONS)),
    };
  }

  private declaration(of: Event): Event {
    return {
      ...of,
      errorDeclaration: {
        declarationTime: this.form(TIMES),
        ...this.maybe('reason', () => this.word(REASONS)),
        ...this.maybe('correctiveEventIDs', () => [
          `urn:example:correction:${this.random.one(['1', '2'])}`,
        ]),
      },
    };
  }
}
