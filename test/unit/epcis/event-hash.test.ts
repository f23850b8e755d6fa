import type { EpcisEvent } from '../../../src/epcis/event.js';
import { eventHash, preHash } from '../../../src/epcis/event-hash.js';
import { canonicalNumber, canonicalTime } from '../../../src/epcis/prehash-values.js';
import { COMMISSIONING, CONTEXT, PACKING } from './fixtures.js';

const XML = 'http://www.w3.org/XML/1998/namespace';

const hash = (fields: object, context: unknown = CONTEXT): string =>
  eventHash({ ...PACKING, ...fields } as unknown as EpcisEvent, context);
const text = (fields: object, context: unknown = CONTEXT): string =>
  preHash({ ...COMMISSIONING, ...fields } as unknown as EpcisEvent, context);

describe('the event hash', () => {
  it('digests the fields in canonical order and form', () => {
    expect(text({})).toBe(
      'eventType=ObjectEventeventTime=2026-03-14T08:26:53.589ZeventTimeZoneOffset=+01:00' +
        'epcListepc=https://id.gs1.org/01/09506000134352/21/A1action=ADD' +
        'bizStep=https://ref.gs1.org/cbv/BizStep-commissioningdisposition=https://ref.gs1.org/cbv/Disp-active' +
        'readPointid=https://id.gs1.org/414/9506000000015',
    );
  });

  it.each([
    ['the order of a list', { childEPCs: [...PACKING.childEPCs].reverse() }],
    [
      'the form of an identifier',
      { parentID: 'https://resolver.example.com/00/095060001343520000' },
    ],
    ['the spelling of a word', { bizStep: 'https://ref.gs1.org/cbv/BizStep-packing' }],
    ['the offset a time is written in', { eventTime: '2026-03-14T08:26:53.589000Z' }],
    [
      'what a repository adds',
      {
        recordTime: '2026-03-14T09:00:00Z',
        eventID: 'urn:uuid:7d7a5a9c-0000-4000-8000-000000000001',
      },
    ],
    ['an error declaration', { errorDeclaration: { declarationTime: '2026-03-15T00:00:00Z' } }],
    ['a comment', { 'rdfs:comment': 'packed by hand' }],
    ['an empty list', { childQuantityList: [] }],
  ])('does not change with %s', (_what, fields) => {
    expect(hash(fields)).toBe(hash({}));
  });

  it('does not change with the prefix of an extension, but with its namespace', () => {
    const ours = hash({ 'ours:note': 'x' });
    expect(hash({ 'a:note': 'x' }, [{ a: 'https://ns.example.com/epcis/' }])).toBe(ours);
    expect(hash({ 'a:note': 'x' }, [{ a: 'https://ns.example.com/other/' }])).not.toBe(ours);
  });

  it.each([
    ['https://ns.example.com/epcis/note', 'ours:note'],
    ['urn:example:more:note', 'more:note'],
    ['gs1:note', 'https://gs1.org/voc/note'],
    ['cbv:note', 'https://ref.gs1.org/cbv/note'],
    ['@xml:lang', '@bound:lang'],
  ])('takes %s and %s for one name', (one, other) => {
    const context = [...CONTEXT, { more: 'urn:example:more:', bound: XML }];
    const inside = (name: string): object => ({ [name]: 'x', 'ours:box': { [name]: ['y', 'z'] } });
    expect(text(inside(one), context)).toBe(text(inside(other), context));
  });

  it.each([
    ['a child', { childEPCs: PACKING.childEPCs.slice(1) }],
    ['a time', { eventTime: '2026-03-14T09:26:53.590+01:00' }],
    ['an extension', { 'ours:note': 'x' }],
  ])('changes with %s', (_what, fields) => {
    expect(hash(fields)).not.toBe(hash({}));
  });

  it('sorts sensor readings, and keeps extensions with their element', () => {
    const sensorReport = [
      { type: 'Temperature', value: 26.0, 'ours:probe': 'p2' },
      { type: 'AbsoluteHumidity', value: 12.1, booleanValue: true },
    ];
    expect(
      text({
        sensorElementList: [{ sensorMetadata: { time: '2026-03-14T08:00:00Z' }, sensorReport }],
      }),
    ).toContain(
      'sensorElementListsensorElementsensorMetadatatime=2026-03-14T08:00:00.000Z' +
        'sensorReporttype=https://gs1.org/voc/AbsoluteHumidityvalue=12.1booleanValue=true' +
        'sensorReporttype=https://gs1.org/voc/Temperaturevalue=26{https://ns.example.com/epcis/}probe=p2',
    );
  });

  it('expands a CURIE of gs1 where a context declares it, and leaves it elsewhere, as the published vectors have it', () => {
    const report = { type: 'gs1:Angle', value: 42.698334, component: 'cbv:Comp-latitude' };
    const event = { sensorElementList: [{ sensorReport: [report] }] };
    const rest = 'value=42.698334component=https://ref.gs1.org/cbv/Comp-latitude';
    expect(text(event)).toContain(`sensorReporttype=gs1:Angle${rest}`);
    expect(text(event, [...CONTEXT, { gs1: 'https://gs1.org/voc/' }])).toContain(
      `sensorReporttype=https://gs1.org/voc/Angle${rest}`,
    );
  });

  it('sorts business transactions by type and value, and allows no type', () => {
    const bizTransactionList = [
      { bizTransaction: 'urn:x:2', type: 'po' },
      { bizTransaction: 'urn:x:1' },
      { type: 'inv', bizTransaction: 'urn:x:3' },
    ];
    expect(text({ bizTransactionList })).toContain(
      'bizTransactionListbizTransaction=urn:x:1type=https://ref.gs1.org/cbv/BTT-invbizTransaction=urn:x:3' +
        'type=https://ref.gs1.org/cbv/BTT-pobizTransaction=urn:x:2',
    );
  });

  it('reads ilmd and nested extensions, in any order of their fields', () => {
    const ilmd = {
      'ours:box': { 'ours:b': [2, '1.50'], 'ours:a': '007' },
      'ours:batchList': ['z', 'a'],
    };
    expect(text({ ilmd })).toContain(
      'ilmd{https://ns.example.com/epcis/}batchList{https://ns.example.com/epcis/}batch=a{https://ns.example.com/epcis/}batch=z' +
        '{https://ns.example.com/epcis/}box{https://ns.example.com/epcis/}a=7' +
        '{https://ns.example.com/epcis/}b=1.5{https://ns.example.com/epcis/}b=2',
    );
  });
});

describe('canonical values', () => {
  it.each([
    [26.0, '26'],
    [-0, '0'],
    [0.5, '0.5'],
    [0.00001234, '1.234e-05'],
    [1e-7, '1e-07'],
    [1e21, '1000000000000000000000'],
  ])('write the number %d as %s', (value, written) => {
    expect(canonicalNumber(value)).toBe(written);
  });

  it.each([
    ['2022-06-06T06:06:06.0005Z', '2022-06-06T06:06:06.000Z'],
    ['2022-06-06T06:06:06.0015Z', '2022-06-06T06:06:06.002Z'],
    ['2022-12-31T23:59:59.9996Z', '2023-01-01T00:00:00.000Z'],
    ['2022-06-06T06:06:06+05:30', '2022-06-06T00:36:06.000Z'],
    ['sometime', 'sometime'],
  ])('write the time %s as %s', (value, written) => {
    expect(canonicalTime(value)).toBe(written);
  });

  it.each([
    ['urn:epc:id:sgtin:9506000.013435.a!b', 'https://id.gs1.org/01/09506000134352/21/a%21b'],
    ['urn:epc:id:sgtin:9506000.013435.a%2Fb', 'https://id.gs1.org/01/09506000134352/21/a%2Fb'],
    [
      'https://id.gs1.org/01/09506000134352/21/a%2Fb',
      'https://id.gs1.org/01/09506000134352/21/a%2Fb',
    ],
    ['urn:epc:class:lgtin:9506000.013435.L7', 'https://id.gs1.org/01/09506000134352/10/L7'],
    [
      'https://example.com/gtin/9506000134352/lot/L7/ser/A1?x=1',
      'https://id.gs1.org/01/09506000134352/21/A1',
    ],
    [
      'https://example.com/01/09506000134352/22/V2/10/L7',
      'https://id.gs1.org/01/09506000134352/10/L7',
    ],
    ['https://example.com/things/1', 'https://example.com/things/1'],
    ['urn:epc:id:sgtin:9506000.13435.short', 'urn:epc:id:sgtin:9506000.13435.short'],
  ])('write the identifier %s as %s', (given, written) => {
    expect(text({ epcList: [given] })).toContain(`epc=${written}action`);
  });
});

it('an extension of more values than the stack has room for arguments is hashed', () => {
  const long = Array.from({ length: 150_000 }, (_, i) => i);
  const event = { ...PACKING, 'e:long': long } as unknown as EpcisEvent;

  expect(eventHash(event, { e: 'urn:e:' })).toMatch(/^ni:/);
});
