import {
  parentOf,
  persistentDispositionOf,
  transferPartiesOf,
} from '../../../src/location/event-text.rules.js';

describe('the parties of an event', () => {
  test('are read in any form of type and identifier, locations left out', () => {
    const text = JSON.stringify({
      type: 'ObjectEvent',
      sourceList: [
        { type: 'owning_party', source: 'urn:epc:id:pgln:9506000.13435' },
        { type: 'location', source: 'urn:epc:id:sgln:9506000.13435.0' },
      ],
      destinationList: [
        {
          type: 'https://ref.gs1.org/cbv/SDT-possessing_party',
          destination: 'https://id.gs1.org/417/9506000134369',
        },
        { type: 'urn:epcglobal:cbv:sdt:owning_party', destination: 'https://example.com/party/7' },
      ],
    });

    expect(transferPartiesOf(text)).toEqual({
      source: { owner: '417/9506000134352' },
      destination: { possessor: '417/9506000134369', owner: 'https://example.com/party/7' },
    });
  });

  test('are none where the event names none', () => {
    expect(transferPartiesOf('{"type":"ObjectEvent"}')).toEqual({ source: {}, destination: {} });
  });
});

test('persistent dispositions come as bare words', () => {
  const text =
    '{"persistentDisposition":{"set":["https://ref.gs1.org/cbv/Disp-completeness_verified"],"unset":["damaged"]}}';

  expect(persistentDispositionOf(text)).toEqual({
    set: ['completeness_verified'],
    unset: ['damaged'],
  });
  for (const said of ['', '"persistentDisposition":null', '"persistentDisposition":{"set":[5]}'])
    expect(persistentDispositionOf(`{${said}}`)).toEqual({ set: [], unset: [] });
});

test('the parent may be a place', () => {
  expect(parentOf('{"type":"AssociationEvent","parentID":"urn:epc:id:sgln:9506000.13435.0"}')).toBe(
    '414/9506000134352',
  );
  expect(parentOf('{"type":"AssociationEvent"}')).toBeNull();
});
