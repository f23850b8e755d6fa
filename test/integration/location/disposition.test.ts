import { startApp } from '../../support/app-for-tests.js';
import type { TestApp } from '../../support/app-for-tests.js';
import { epcisDocument } from '../../support/history-document.js';

const unit = (serial: string): string => `https://id.gs1.org/01/09506000134352/21/${serial}`;
const CASE = 'https://id.gs1.org/00/095060001343520017';
const commissioning = (serial: string, more: object = {}): object => ({
  type: 'ObjectEvent',
  action: 'ADD',
  bizStep: 'commissioning',
  epcList: [unit(serial)],
  ...more,
});
const ACTIVE = { disposition: 'active' };

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

/** Captures events an hour apart. */
async function capture(...events: readonly object[]): Promise<void> {
  const whole = events.map((event, i) => ({
    eventTime: `2026-03-14T0${i}:00:00Z`,
    eventTimeZoneOffset: '+00:00',
    ...event,
  }));
  const { status } = await app.capture(epcisDocument(whole));
  expect(status).toBe(202);
}

async function dispositionOf(serial: string): Promise<unknown> {
  const query = 'query ($id: ID!) { package: packageById(id: $id) { status disposition } }';
  return (await app.graphql(query, { id: unit(serial) })).data['package'];
}

describe('the disposition of a loose unit', () => {
  test('is active when its commissioning said so, and null when nobody said anything', async () => {
    await capture(commissioning('SAID', ACTIVE), commissioning('UNSAID'));

    expect(await dispositionOf('SAID')).toEqual({ status: 'active', disposition: 'active' });
    expect(await dispositionOf('UNSAID')).toEqual({ status: 'active', disposition: null });
  });

  test('is what its container was told to be before it was emptied', async () => {
    const pack = { type: 'AggregationEvent', parentID: CASE, childEPCs: [unit('FREED')] };
    await capture(
      commissioning('FREED'),
      { ...pack, action: 'ADD' },
      { type: 'ObjectEvent', action: 'OBSERVE', epcList: [CASE], ...ACTIVE },
      { type: 'AggregationEvent', parentID: CASE, action: 'DELETE' },
    );

    expect(await dispositionOf('FREED')).toEqual({ status: 'active', disposition: 'active' });
  });

  test('is null again once the event that said so is declared in error', async () => {
    const said = { ...commissioning('WRONG', ACTIVE), eventID: 'urn:x:disposition:wrong' };
    await capture({ type: 'ObjectEvent', action: 'OBSERVE', epcList: [unit('WRONG')] }, said);
    expect(await dispositionOf('WRONG')).toMatchObject({ disposition: 'active' });
    const errorDeclaration = { declarationTime: '2026-03-15T00:00:00Z' };
    await capture({ ...said, eventTime: '2026-03-14T01:00:00Z', errorDeclaration });

    expect(await dispositionOf('WRONG')).toEqual({ status: 'active', disposition: null });
  });

  test('is null when it was commissioned again after its end and nothing was said since', async () => {
    const dispensed = { type: 'ObjectEvent', action: 'OBSERVE', bizStep: 'dispensing' };
    const seen = { type: 'ObjectEvent', action: 'OBSERVE', bizStep: 'inspecting' };
    const epcList = [unit('AGAIN')];
    await capture(
      commissioning('AGAIN', ACTIVE),
      { ...dispensed, epcList },
      commissioning('AGAIN'),
    );
    expect(await dispositionOf('AGAIN')).toEqual({ status: 'active', disposition: null });

    await capture({ ...seen, epcList, eventTime: '2026-03-14T05:00:00Z', ...ACTIVE });
    expect(await dispositionOf('AGAIN')).toEqual({ status: 'active', disposition: 'active' });
  });

  test('of a transformation is stated of what came out, not of what went in', async () => {
    await capture(commissioning('IN'), {
      type: 'TransformationEvent',
      inputEPCList: [unit('IN')],
      outputEPCList: [unit('OUT')],
      ...ACTIVE,
    });

    expect(await dispositionOf('OUT')).toMatchObject({ disposition: 'active' });
    expect(await dispositionOf('IN')).toMatchObject({ disposition: null });
  });
});
