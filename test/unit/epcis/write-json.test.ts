import type { EpcisEvent } from '../../../src/epcis/event.js';
import type { OutputOptions } from '../../../src/epcis/write-json.js';
import { writeJsonDocument } from '../../../src/epcis/write-json.js';

const STANDARD = 'https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld';
const OPTIONS: OutputOptions = { kind: 'EPCISDocument', creationDateMs: 0 };

function event(fields: Readonly<Record<string, unknown>>): EpcisEvent {
  return {
    type: 'ObjectEvent',
    eventTime: '2026-03-14T09:26:53Z',
    ...fields,
  } as unknown as EpcisEvent;
}

function contextsOf(text: string): unknown {
  const document = JSON.parse(text) as Record<string, unknown>;
  const { eventList } = document['epcisBody'] as { eventList: Record<string, unknown>[] };
  return [document['@context'], ...eventList.map((one) => one['@context'])];
}

it('an EPCISQueryDocument has the events in queryResults, with recordTime after eventTime', () => {
  const text = writeJsonDocument([{ event: event({ recordTime: 'ignored' }), recordTimeMs: 1 }], {
    ...OPTIONS,
    kind: 'EPCISQueryDocument',
    subscriptionID: 's1',
  });
  expect(text).toBe(
    `{"@context":["${STANDARD}"],"type":"EPCISQueryDocument","schemaVersion":"2.0","creationDate":"1970-01-01T00:00:00.000Z",` +
      '"epcisBody":{"queryResults":{"queryName":"SimpleEventQuery","subscriptionID":"s1","resultsBody":{"eventList":[' +
      '{"type":"ObjectEvent","eventTime":"2026-03-14T09:26:53Z","recordTime":"1970-01-01T00:00:00.001Z"}]}}}}',
  );
});

it('numbers are written as they came, also where identifiers were translated since', () => {
  const text =
    '{"type":"ObjectEvent","a:n":[1.50,{"a:n":12345678901234567890}],"epcList":["urn:x:1"]}';
  const translated = { ...(JSON.parse(text) as EpcisEvent), epcList: ['https://example.com/1'] };
  const written = writeJsonDocument([{ event: translated, text }], OPTIONS);
  expect(written).toContain(
    '"a:n":[1.50,{"a:n":12345678901234567890}],"epcList":["https://example.com/1"]',
  );
});

it('24:00:00 is written as the beginning of the next day, wherever a time stands', () => {
  const late = '2026-03-14T24:00:00+01:00';
  const sensorMetadata = { time: late, startTime: '2026-03-14T23:00:00Z' };
  const sensorElementList = [
    { sensorMetadata, sensorReport: [{ type: 'Temperature', time: late }] },
  ];
  const errorDeclaration = { declarationTime: late };
  const given = event({ eventTime: late, errorDeclaration, sensorElementList });
  const text = writeJsonDocument([{ event: given }], OPTIONS);
  expect(text).not.toContain('T24:');
  expect(text.match(/2026-03-14T23:00:00.000Z/g)).toHaveLength(4);
  expect(text).toContain('"startTime":"2026-03-14T23:00:00Z"');
});

it('a number that was changed since is written as it is now', () => {
  const text = '{"a:n":1.50}';
  expect(writeJsonDocument([{ event: event({ 'a:n': 2 }), text }], OPTIONS)).toContain('"a:n":2}');
});

it('prefixes stand in the context of the document, and on an event where they mean something else', () => {
  const both = 'urn:both:';
  const events = [
    { event: event({ 'ours:a': 1 }), context: { ours: 'urn:one:', both } },
    {
      event: event({ 'ours:a': 1, '@context': { own: 'urn:own:' } }),
      context: { ours: 'urn:two:', both },
    },
    {
      event: event({ '@context': ['https://example.com/c'] }),
      context: { ours: 'urn:two:', both },
    },
  ];
  expect(contextsOf(writeJsonDocument(events, OPTIONS))).toEqual([
    [STANDARD, { both }],
    { ours: 'urn:one:' },
    [{ ours: 'urn:two:' }, { own: 'urn:own:' }],
    [{ ours: 'urn:two:' }, 'https://example.com/c'],
  ]);
});

it('a prefix that another event uses undeclared is not declared for it', () => {
  const events = [
    { event: event({ 'gs1:a': 1 }), context: { gs1: 'urn:not-gs1:', fine: 'urn:fine:' } },
    { event: event({ 'ours:type': 'gs1:Temperature' }) },
  ];
  expect(contextsOf(writeJsonDocument(events, OPTIONS))).toEqual([
    [STANDARD, { fine: 'urn:fine:' }],
    { gs1: 'urn:not-gs1:' },
    undefined,
  ]);
});

describe('the header of the documents that events came in', () => {
  const header = {
    '@context': { epcis: 'https://ref.gs1.org/epcis/', x: 'urn:x:' },
    'epcis:sender': 'urn:epc:id:pgln:9506000.00001',
    'x:statement': { 'x:affirm': 'true' },
  };
  const masterData = [{ type: 'urn:epcglobal:epcis:vtype:ReadPoint' }];

  it('is that of an EPCISDocument', () => {
    const text = writeJsonDocument([], { ...OPTIONS, headers: [header, header], masterData });
    expect(JSON.parse(text)).toMatchObject({
      '@context': [STANDARD, header['@context']],
      sender: 'urn:epc:id:pgln:9506000.00001',
      epcisHeader: {
        epcisMasterData: { vocabularyList: masterData },
        'x:statement': { 'x:affirm': 'true' },
      },
    });
  });

  it('stands in the EPCISQueryDocument itself, which has none', () => {
    const options = {
      ...OPTIONS,
      kind: 'EPCISQueryDocument' as const,
      headers: [header],
      masterData,
    };
    const document = JSON.parse(writeJsonDocument([], options)) as Record<string, unknown>;
    expect(document).toMatchObject({
      'epcis:sender': header['epcis:sender'],
      'x:statement': { 'x:affirm': 'true' },
    });
    expect(document).toMatchObject({
      epcisBody: { queryResults: { resultsBody: { eventList: [], vocabularyList: masterData } } },
    });
  });

  it('has only what all of them say', () => {
    const other = { ...header, 'x:statement': { 'x:affirm': 'false' } };
    const text = writeJsonDocument([], { ...OPTIONS, headers: [header, other] });
    expect(text).toContain('"sender"');
    expect(text).not.toContain('statement');
    expect(writeJsonDocument([], { ...OPTIONS, headers: [header, {}] })).not.toContain('sender');
  });
});
