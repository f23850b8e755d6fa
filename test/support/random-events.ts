import fc from 'fast-check';
import { LosslessNumber, stringify } from 'lossless-json';

/** An event of the JSON binding, made at random, that is right by the schema. */
export interface RandomEvent {
  /** JSON text, with numbers as somebody may write them: `1.0`, `1.5e-7`, more digits than a double holds. */
  readonly text: string;
  /** Prefixes that the document around it has to declare. */
  readonly context: Readonly<Record<string, string>>;
}

type Fields = Record<string, unknown>;

/** A prefix may stand for either namespace, so that events of one document disagree. */
const NAMESPACES: Readonly<Record<string, readonly string[]>> = {
  ext: ['https://ns.example.com/epcis/', 'urn:example:other'],
  acme: ['http://ns.acme.example/v1#', 'https://ns.example.com/epcis/more'],
};

const serial = fc.stringMatching(/^[0-9A-Za-z_.-]{1,12}$/);

const epc = fc.oneof(
  serial.map((s) => `urn:epc:id:sgtin:9506000.013435.${s}`),
  serial.map((s) => `https://id.gs1.org/01/09506000134352/21/${s}`),
  fc.stringMatching(/^[0-9]{10}$/).map((s) => `urn:epc:id:sscc:9506000.${s}`),
  serial.map((s) => `https://example.com/objects/${s}`),
);
const epcClass = fc.oneof(
  serial.map((s) => `urn:epc:class:lgtin:9506000.013435.${s}`),
  fc.constant('urn:epc:idpat:sgtin:9506000.013435.*'),
  fc.constant('https://id.gs1.org/01/09506000134352'),
);
const place = fc.oneof(
  serial.map((s) => `urn:epc:id:sgln:9506000.00001.${s}`),
  serial.map((s) => `https://example.com/places/${s}`),
  serial.map((s) => `acme:${s}`),
);
const uri = fc.oneof(
  serial.map((s) => `https://example.com/some?q=a&b=%20#${s}`),
  serial.map((s) => `ext:${s}`),
);

const pad = (n: number): string => String(n).padStart(2, '0');
const time = fc
  .record({
    day: fc.integer({ min: 1, max: 28 }),
    hour: fc.integer({ min: 0, max: 23 }),
    fraction: fc.constantFrom('', '.5', '.123', '.123456789'),
    offset: fc.constantFrom('Z', '+01:00', '-06:30', '+14:00'),
  })
  .map((t) => `2026-02-${pad(t.day)}T${pad(t.hour)}:05:09${t.fraction}${t.offset}`);

const numberText = fc.oneof(
  fc.constantFrom('0', '1.0', '-0.50', '12345678901234567890', '0.1000', '100'),
  fc.integer().map(String),
  fc.tuple(fc.nat(999), fc.nat(999)).map(([a, b]) => `${a}.${b}`),
);
const decimal = numberText.map((n) => new LosslessNumber(n));
const double = fc
  .oneof(numberText, fc.constantFrom('1.5e-7', '2e10', '-3.25e+2'))
  .map((n) => new LosslessNumber(n));

const word = fc.oneof(
  fc
    .string({ unit: 'binary', maxLength: 20 })
    .filter((s) => !/[\p{Cc}\p{Cs}\ufffe\uffff]/u.test(s)),
  fc.constantFrom(
    '',
    ' ',
    '  padded\t',
    'two\nlines',
    '\r\n',
    ']]>',
    '<a b="c">&amp;</a>',
    '😀',
    '0012',
    'true',
    'ext:said',
    ' acme:said',
    'nobody:said',
  ),
);

const localName = fc.constantFrom('a', 'b', 'deep-er', 'c.d', 'wasteList', '1st');

/** Names of fields with a namespace. */
function extensionName(prefixes: readonly string[]): fc.Arbitrary<string> {
  return fc.tuple(fc.constantFrom(...prefixes), localName).map(([p, n]) => `${p}:${n}`);
}

/** Any value of an extension that XML can tell from every other: no list of fewer than two, no object in which nothing is said. */
function extensionValue(prefixes: readonly string[]): fc.Arbitrary<unknown> {
  const name = fc.oneof(
    extensionName(prefixes),
    fc.constantFrom('quantity', 'two words', '', '_x0041_', 'ext:größe', 'acme:a/b?c', 'ext:😀'),
  );
  return fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      word,
      double,
      fc.boolean(),
      fc.constant(null),
      uri,
      tie('object'),
      fc.array(fc.oneof(word, double, fc.boolean(), tie('object')), { minLength: 2, maxLength: 3 }),
      word.map((said) => ({ '@unit': 'KGM', '#text': `${said}x` })),
    ),
    object: fc
      .dictionary(name, tie('value'), { minKeys: 1, maxKeys: 3 })
      .filter((fields) => Object.values(fields).some((value) => value !== null)),
  })).value;
}

function extensions(prefixes: readonly string[]): fc.Arbitrary<Fields> {
  return fc.dictionary(extensionName(prefixes), extensionValue(prefixes), { maxKeys: 2 });
}

/** Fields, each there or not. */
function some(fields: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<Fields> {
  return fc.record(fields, { requiredKeys: [] });
}

function joined(...parts: readonly fc.Arbitrary<Fields>[]): fc.Arbitrary<Fields> {
  return fc.tuple(...parts).map((all) => Object.assign({}, ...all) as Fields);
}

const list = <T>(item: fc.Arbitrary<T>, min = 1): fc.Arbitrary<T[]> =>
  fc.array(item, { minLength: min, maxLength: 3 });
const distinct = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
  fc.uniqueArray(item, { minLength: 1, maxLength: 3 });

const quantities = list(
  fc.record(
    { epcClass, quantity: decimal, uom: fc.constantFrom('KGM', 'EA') },
    { requiredKeys: ['epcClass'] },
  ),
);
const disposition = fc.constantFrom(
  'active',
  'in_transit',
  'https://example.com/disp/odd',
  'ext:odd',
);

const SENSOR_WORDS = {
  type: fc.constantFrom('Temperature', 'Speed', 'https://example.com/types/own', 'acme:own'),
  exception: fc.constantFrom('ALARM_CONDITION', 'ERROR_CONDITION'),
  component: fc.constantFrom('latitude', 'x'),
};
const DEVICE = {
  deviceID: epc,
  deviceMetadata: uri,
  rawData: uri,
  dataProcessingMethod: uri,
  bizRules: uri,
};

/** In XML these are attributes: text only. */
function attributes(prefixes: readonly string[]): fc.Arbitrary<Fields> {
  return fc.dictionary(extensionName(prefixes), word, { maxKeys: 2 });
}

function sensorElement(prefixes: readonly string[]): fc.Arbitrary<Fields> {
  const report = joined(
    fc.record({ type: SENSOR_WORDS.type }),
    some({
      ...SENSOR_WORDS,
      ...DEVICE,
      time,
      microorganism: uri,
      chemicalSubstance: uri,
      coordinateReferenceSystem: uri,
      value: double,
      stringValue: word,
      booleanValue: fc.boolean(),
      hexBinaryValue: fc.constantFrom('f0f0', '0A'),
      uriValue: uri,
      minValue: double,
      maxValue: double,
      meanValue: double,
      sDev: double,
      percRank: double,
      percValue: double,
      uom: fc.constantFrom('CEL', 'KMH'),
    }),
    attributes(prefixes),
  );
  const metadata = joined(
    some({ ...DEVICE, time, startTime: time, endTime: time }),
    attributes(prefixes),
  );
  return joined(
    fc.record({ sensorReport: list(report) }),
    some({ sensorMetadata: metadata }),
    extensions(prefixes),
  );
}

function errorDeclaration(prefixes: readonly string[]): fc.Arbitrary<Fields> {
  return joined(
    fc.record({ declarationTime: time }),
    some({
      reason: fc.constantFrom('did_not_occur', 'incorrect_data', 'https://example.com/reasons/1'),
      correctiveEventIDs: list(uri),
    }),
    extensions(prefixes),
  );
}

function located(prefixes: readonly string[]): fc.Arbitrary<Fields> {
  return joined(fc.record({ id: place }), extensions(prefixes));
}

const bizTransactions = list(
  fc.record(
    {
      type: fc.constantFrom('po', 'inv', 'https://example.com/btt/x', 'ext:x'),
      bizTransaction: uri,
    },
    { requiredKeys: ['bizTransaction'] },
  ),
);
const partyType = fc.constantFrom('owning_party', 'location', 'https://example.com/sdt/x');

function everyEvent(prefixes: readonly string[]): fc.Arbitrary<Fields> {
  return joined(
    fc.record({
      eventTime: time,
      eventTimeZoneOffset: fc.constantFrom('+00:00', '-06:30', '+14:00'),
    }),
    some({
      recordTime: time,
      eventID: fc.uuid().map((id) => `urn:uuid:${id}`),
      certificationInfo: fc.oneof(uri, list(epcClass, 2)),
      errorDeclaration: errorDeclaration(prefixes),
      bizStep: fc.constantFrom('shipping', 'packing', 'https://example.com/steps/odd', 'acme:odd'),
      disposition,
      persistentDisposition: fc.record({
        set: distinct(disposition),
        unset: distinct(disposition),
      }),
      readPoint: located(prefixes),
      bizLocation: located(prefixes),
      bizTransactionList: bizTransactions,
      sourceList: list(fc.record({ type: partyType, source: place })),
      destinationList: list(fc.record({ type: partyType, destination: place })),
      sensorElementList: list(sensorElement(prefixes)),
    }),
    extensions(prefixes),
  );
}

const action = fc.constantFrom('ADD', 'OBSERVE', 'DELETE');
const children = some({ childQuantityList: quantities });

/** What each type adds. */
function ownFields(prefixes: readonly string[]): readonly fc.Arbitrary<Fields>[] {
  const ilmd = some({ ilmd: extensions(prefixes) });
  return [
    joined(
      fc.record({
        type: fc.constant('ObjectEvent'),
        action: fc.constant('ADD'),
        epcList: distinct(epc),
      }),
      some({ quantityList: quantities }),
      ilmd,
    ),
    joined(fc.record({ type: fc.constant('ObjectEvent'), action, quantityList: quantities })),
    joined(
      fc.record({
        type: fc.constantFrom('AggregationEvent', 'AssociationEvent'),
        action,
        parentID: epc,
        childEPCs: list(epc),
      }),
      children,
    ),
    fc.record({
      type: fc.constantFrom('AggregationEvent', 'AssociationEvent'),
      action: fc.constant('DELETE'),
      parentID: epc,
    }),
    joined(
      fc.record({
        type: fc.constant('TransactionEvent'),
        action,
        bizTransactionList: bizTransactions,
        epcList: list(epc),
      }),
      some({ parentID: epc, quantityList: quantities }),
    ),
    joined(
      fc.record({
        type: fc.constant('TransformationEvent'),
        inputEPCList: distinct(epc),
        outputQuantityList: quantities,
      }),
      some({ outputEPCList: distinct(epc), inputQuantityList: quantities, transformationID: uri }),
      ilmd,
    ),
  ];
}

/** Random events of all five types and with every field of the standard. */
export const randomEvent: fc.Arbitrary<RandomEvent> = fc
  .record({
    ext: fc.constantFrom(...(NAMESPACES['ext'] ?? [])),
    acme: fc.constantFrom(...(NAMESPACES['acme'] ?? [])),
  })
  .chain((context) => {
    const prefixes = Object.keys(context);
    const event = joined(everyEvent(prefixes), fc.oneof(...ownFields(prefixes)));
    return event.map((fields) => ({ text: stringify(fields) ?? '', context }));
  });
