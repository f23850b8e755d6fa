import type { Parsed } from '../../../src/epcis/parse-document.js';
import { parseDocument, parseEvent } from '../../../src/epcis/parse-document.js';
import { COMMISSIONING, CONTEXT, documentOf, LIMITS, PACKING } from './fixtures.js';

function faultsOf(parsed: Parsed): string[] {
  return parsed.ok ? [] : parsed.issues.map(({ code, pointer }) => `${code} ${pointer}`);
}

const FIRST = '/epcisBody/eventList/0';
const faultsIn = (changes: object, base: object = COMMISSIONING): string[] =>
  faultsOf(parseDocument(documentOf({ ...base, ...changes }), LIMITS));

describe('a document that is right', () => {
  it('gives each event with its place, id, hash and time', () => {
    const parsed = parseDocument(
      documentOf(COMMISSIONING, {
        ...PACKING,
        eventID: 'urn:uuid:7d7a5a9c-0000-4000-8000-000000000001',
      }),
      LIMITS,
    );
    expect(parsed).toMatchObject({
      ok: true,
      document: {
        masterData: [],
        events: [
          {
            pointer: FIRST,
            givenId: false,
            id: expect.stringMatching(/^ni:\/\/\/sha-256;[0-9a-f]{64}\?ver=CBV2\.0$/) as string,
            eventTimeMs: 1_773_476_813_589,
          },
          {
            pointer: '/epcisBody/eventList/1',
            givenId: true,
            id: 'urn:uuid:7d7a5a9c-0000-4000-8000-000000000001',
          },
        ],
      },
    });
  });

  it('keeps the event as it came, extensions included', () => {
    const event = { ...COMMISSIONING, 'ours:note': { deep: [1, { 'ours:x': null }] } };
    const parsed = parseDocument(documentOf(event), LIMITS);
    expect(parsed.ok && parsed.document.events[0]?.event).toBe(event);
  });

  it('may be the result of a query', () => {
    const resultsBody = { eventList: [PACKING] };
    const document = {
      '@context': CONTEXT,
      type: 'EPCISQueryDocument',
      epcisBody: { queryResults: { queryName: 'SimpleEventQuery', resultsBody } },
    };
    const parsed = parseDocument(document, LIMITS);
    expect(parsed.ok && parsed.document.events[0]?.pointer).toBe(
      '/epcisBody/queryResults/resultsBody/eventList/0',
    );
  });

  it('may carry error declarations, read with bare reasons and instants', () => {
    const errorDeclaration = {
      declarationTime: '2026-03-15T00:00:00Z',
      reason: 'https://ref.gs1.org/cbv/ER-incorrect_data',
      correctiveEventIDs: ['urn:uuid:7d7a5a9c-0000-4000-8000-000000000002'],
    };
    const parsed = parseDocument(documentOf({ ...PACKING, errorDeclaration }), LIMITS);
    expect(parsed.ok && parsed.document.events[0]?.errorDeclaration).toEqual({
      declarationTimeMs: 1_773_532_800_000,
      reason: 'incorrect_data',
      correctiveEventIDs: ['urn:uuid:7d7a5a9c-0000-4000-8000-000000000002'],
    });
  });

  it('gives the master data of its header, by kind and key', () => {
    const vocabularyElementList = [
      {
        id: 'urn:epc:id:sgln:9506000.00001.0',
        attributes: [{ id: 'urn:epcglobal:cbv:mda#name', attribute: 'Depot North' }],
        children: ['urn:epc:id:sgln:9506000.00001.dock1'],
      },
    ];
    const vocabularyList = [
      { type: 'urn:epcglobal:epcis:vtype:BusinessLocation', vocabularyElementList },
    ];
    const parsed = parseDocument(
      { ...documentOf(), epcisHeader: { epcisMasterData: { vocabularyList } } },
      LIMITS,
    );
    expect(parsed.ok && parsed.document.masterData).toEqual([
      {
        type: 'site',
        vocabulary: 'urn:epcglobal:epcis:vtype:BusinessLocation',
        id: 'urn:epc:id:sgln:9506000.00001.0',
        key: '414/9506000000015',
        attributes: { name: 'Depot North' },
        children: ['414/9506000000015/254/dock1'],
        // As it came, so that nothing of it is lost.
        element: vocabularyList[0]?.vocabularyElementList[0],
      },
    ]);
  });

  it('may hold an event of somebody else’s type', () => {
    const parsed = parseDocument(
      documentOf({ ...COMMISSIONING, type: 'ours:Own', whatever: 1 }),
      LIMITS,
    );
    expect(parsed.ok).toBe(true);
  });
});

describe('a document that is not right', () => {
  it('says every fault with its place, what was found, what is expected and what to do', () => {
    const parsed = parseDocument(
      documentOf(
        { ...COMMISSIONING, eventTime: 'yesterday', bizStep: 'shiping' },
        { ...PACKING, parentID: 'here' },
      ),
      LIMITS,
    );
    expect(faultsOf(parsed)).toEqual([
      `TIME_INVALID ${FIRST}/eventTime`,
      `WORD_UNKNOWN ${FIRST}/bizStep`,
      'URI_INVALID /epcisBody/eventList/1/parentID',
    ]);
    expect(!parsed.ok && parsed.issues[0]).toMatchObject({
      found: '"yesterday"',
      expected: 'a date and time with an offset, such as 2026-03-14T09:26:53.589+01:00',
      remedy: 'Write ISO 8601 with seconds and an offset (Z or ±hh:mm).',
      message: expect.stringContaining(
        `${FIRST}/eventTime: found "yesterday", expected a date`,
      ) as string,
    });
  });

  it('gives the good events and the bad ones apart, for a sender that wants to proceed', () => {
    const parsed = parseDocument(
      documentOf(COMMISSIONING, { ...PACKING, action: 'PUT' }, PACKING),
      LIMITS,
    );
    const partial = parsed.ok ? null : parsed.partial;
    expect(partial?.good.map(({ pointer }) => pointer)).toEqual([FIRST, '/epcisBody/eventList/2']);
    expect(
      partial?.bad.map(({ pointer, issues }) => [pointer, issues.map(({ code }) => code)]),
    ).toEqual([['/epcisBody/eventList/1', ['ACTION_INVALID']]]);
  });

  it('gives no events when the fault is around them', () => {
    const parsed = parseDocument({ ...documentOf(COMMISSIONING), creationDate: 'today' }, LIMITS);
    expect(!parsed.ok && parsed.partial.good).toEqual([]);
    expect(faultsOf(parsed)).toEqual(['TIME_INVALID /creationDate']);
  });

  it.each([
    ['a field without a namespace', { colour: 'red' }, `FIELD_UNKNOWN ${FIRST}/colour`],
    [
      'a CBV URN where JSON has a bare word',
      { bizStep: 'urn:epcglobal:cbv:bizstep:packing' },
      `WORD_UNKNOWN ${FIRST}/bizStep`,
    ],
    [
      'a wrong check digit',
      { epcList: ['https://id.gs1.org/01/09506000134353/21/A'] },
      `GS1_ID_INVALID ${FIRST}/epcList/0`,
    ],
    [
      'an unknown unit',
      { quantityList: [{ epcClass: 'urn:x:1', uom: 'kilo' }] },
      `UOM_INVALID ${FIRST}/quantityList/0/uom`,
    ],
    [
      'a quantity that is no number',
      { quantityList: [{ epcClass: 'urn:x:1', quantity: NaN }] },
      `NUMBER_INVALID ${FIRST}/quantityList/0/quantity`,
    ],
    [
      'an offset of 15 hours',
      { eventTimeZoneOffset: '+15:00' },
      `OFFSET_INVALID ${FIRST}/eventTimeZoneOffset`,
    ],
    ['ilmd on an observation', { action: 'OBSERVE', ilmd: {} }, `ILMD_NOT_ALLOWED ${FIRST}/ilmd`],
    ['a field name that needs escaping', { 'a/b~c': 1 }, `FIELD_UNKNOWN ${FIRST}/a~1b~0c`],
    ['nothing to be about', { epcList: undefined }, `WHAT_MISSING ${FIRST}`],
    [
      'an empty set of dispositions',
      { persistentDisposition: {} },
      `FIELD_MISSING ${FIRST}/persistentDisposition`,
    ],
  ])('is refused for %s', (_what, changes, fault) => {
    expect(faultsIn(changes)).toEqual([fault]);
  });

  it('says the word when a CBV URI is given for it', () => {
    const parsed = parseDocument(
      documentOf({ ...COMMISSIONING, bizStep: 'urn:epcglobal:cbv:bizstep:packing' }),
      LIMITS,
    );
    expect(!parsed.ok && parsed.issues[0]?.remedy).toBe('Write "packing".');
  });

  it.each(['ADD', 'DELETE'])(
    'is refused for an aggregation that does not say the parent of an %s',
    (action) => {
      expect(faultsIn({ action, parentID: undefined }, PACKING)).toEqual([
        `PARENT_MISSING ${FIRST}`,
      ]);
    },
  );

  it('lets an aggregation leave the parent out to observe, and the children to empty the parent', () => {
    expect(faultsIn({ action: 'OBSERVE', parentID: undefined }, PACKING)).toEqual([]);
    expect(faultsIn({ action: 'DELETE', childEPCs: [] }, PACKING)).toEqual([]);
    expect(faultsIn({ childEPCs: [] }, PACKING)).toEqual([`WHAT_MISSING ${FIRST}`]);
  });

  it('is refused for a transformation without outputs, unless a transformationID joins it to others', () => {
    const { eventTime, eventTimeZoneOffset } = COMMISSIONING;
    const used = {
      type: 'TransformationEvent',
      eventTime,
      eventTimeZoneOffset,
      inputEPCList: ['urn:x:1'],
    };
    expect(faultsIn({}, used)).toEqual([`WHAT_MISSING ${FIRST}`]);
    expect(faultsIn({ transformationID: 'urn:x:job' }, used)).toEqual([]);
  });
});

describe('limits', () => {
  it('stop too many events before looking at any', () => {
    const events = Array.from({ length: 101 }, () => null);
    expect(faultsOf(parseDocument(documentOf(...events), LIMITS))).toEqual([
      'LIMIT_EVENTS /epcisBody/eventList',
    ]);
  });

  it('stop an event with too many EPCs and quantities, all lists together', () => {
    const childEPCs = Array.from({ length: 30 }, (_, i) => `urn:x:${i}`);
    const childQuantityList = Array.from({ length: 21 }, (_, i) => ({ epcClass: `urn:x:${i}` }));
    expect(faultsIn({ childEPCs, childQuantityList }, PACKING)).toEqual([`LIMIT_EPCS ${FIRST}`]);
  });

  it('stop nesting, in events and around them, without falling over', () => {
    let deep: unknown = 1;
    for (let i = 0; i < 100_000; i += 1) deep = i % 2 ? [deep] : { 'ours:in': deep };
    expect(faultsIn({ 'ours:deep': deep })).toEqual([
      expect.stringMatching(/^LIMIT_DEPTH \/epcisBody\/eventList\/0\/ours:deep\//),
    ]);
    expect(faultsOf(parseDocument({ ...documentOf(), 'ours:deep': deep }, LIMITS))).toEqual([
      expect.stringMatching(/^LIMIT_DEPTH \/ours:deep\//),
    ]);
  });

  it('keep the list of faults short enough to send', () => {
    const correctiveEventIDs = Array.from({ length: 20_000 }, () => 'x');
    const errorDeclaration = { declarationTime: '2026-03-15T00:00:00Z', correctiveEventIDs };
    const parsed = parseDocument(
      documentOf({ ...PACKING, errorDeclaration }, { ...PACKING, action: 'PUT' }),
      LIMITS,
    );
    const issues = parsed.ok ? [] : parsed.issues;
    expect([issues.length, issues.at(-1)?.code]).toEqual([10_000, 'MORE_FAULTS']);
    expect(!parsed.ok && parsed.partial.bad).toHaveLength(2);
  });
});

describe('anything at all', () => {
  const cyclic: Record<string, unknown> = { type: 'EPCISDocument' };
  cyclic['epcisBody'] = cyclic;
  it.each([
    [undefined],
    [null],
    [NaN],
    [''],
    [[]],
    [{}],
    [12n],
    [() => 1],
    [Symbol('x')],
    [cyclic],
    [JSON.parse('{"type":"EPCISDocument","__proto__":{"a":1},"constructor":{"prototype":1}}')],
    [{ type: 'EPCISDocument', epcisBody: 7 }],
    [{ type: 'EPCISQueryDocument', epcisBody: { queryResults: [] } }],
    [{ ...documentOf(), '@context': [12n, { a: 1n }, { a: 1n }] }],
    [documentOf(null, 7, [], 'x', { type: {} }, { type: '__proto__' }, { type: 'constructor' })],
    [documentOf({ ...COMMISSIONING, eventTime: '0000-01-01T00:00:00-23:59', eventID: '\ud800' })],
  ])('is read without throwing: %#', (document) => {
    expect(parseDocument(document, LIMITS).ok).toBe(false);
  });

  it.each(['__proto__', 'constructor', 'toString'])('has no field named %s', (name) => {
    const event: unknown = JSON.parse(
      JSON.stringify(COMMISSIONING).replace('{', `{"${name}":{"x":1},`),
    );
    expect(faultsOf(parseDocument(documentOf(event), LIMITS))).toEqual([
      `FIELD_UNKNOWN ${FIRST}/${name}`,
    ]);
  });
});

describe('one event on its own', () => {
  it('is read like one in a document, with the same hash', () => {
    const alone = parseEvent({ ...COMMISSIONING, '@context': CONTEXT }, LIMITS);
    const inDocument = parseDocument(documentOf(COMMISSIONING), LIMITS);
    expect(alone.ok && alone.event.hash).toBe(inDocument.ok && inDocument.document.events[0]?.hash);
  });

  it('needs its @context', () => {
    const parsed = parseEvent(COMMISSIONING, LIMITS);
    expect(!parsed.ok && parsed.issues.map(({ code, expected }) => [code, expected])).toEqual([
      ['FIELD_MISSING', 'the field @context'],
    ]);
  });
});
