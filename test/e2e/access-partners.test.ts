/** What a partner may send and read. */
import {
  DEPOT,
  MAKER,
  PLANT,
  REGISTER,
  codeOf,
  now,
  startWithKeys,
} from '../support/access-client.js';
import type { AccessClient } from '../support/access-client.js';
import type { TestApp } from '../support/app-for-tests.js';

let app: TestApp;
let client: AccessClient;
beforeAll(async () => {
  ({ app, client } = await startWithKeys());
});
afterAll(() => app.stop());

describe('a partner', () => {
  it('is refused what tells of everybody, by path as by field (test/visibility asks every field)', async () => {
    const { secret } = await client.partner();
    for (const path of ['/epcis/queries', '/metrics', '/epcis/bizSteps'])
      expect((await client.get(secret, path)).status).toBe(403);
    expect(codeOf(await client.ask(secret, '{ unregistered { sites { nodes { key } } } }'))).toBe(
      'FORBIDDEN',
    );
  });

  it('captures at its own sites, and sees its own jobs only', async () => {
    const { secret } = await client.partner();
    const mine = await client.capture(secret, client.event({ readPoint: PLANT }));
    const theirs = await client.capture(client.administrator, client.event({}));
    const job = (id: string): Promise<Response> => client.get(secret, `/epcis/capture/${id}`);
    const jobs = (await (await client.get(secret, '/epcis/capture')).json()) as {
      captureID: string;
    }[];

    const { data } = await client.ask(
      client.administrator,
      '{ events(first: 1000) { nodes { sentBy { name } } } }',
    );
    const senders = (data!['events']!['nodes'] as { sentBy: { name: string } | null }[]).map(
      ({ sentBy }) => sentBy?.name ?? null,
    );

    expect(senders).toEqual(expect.arrayContaining(['Alder', null]));
    expect([mine.status, theirs.status]).toEqual([202, 202]);
    expect([(await job(mine.id)).status, (await job(theirs.id)).status]).toEqual([200, 404]);
    expect(jobs.map(({ captureID }) => captureID)).toEqual([mine.id]);
  });

  it.each([
    ['at the read point of another', { readPoint: DEPOT }, '/readPoint'],
    ['at the business location of another', { bizLocation: DEPOT }, '/bizLocation'],
    ['at a site nobody is registered to run', { readPoint: '9506000199993' }, '/readPoint'],
    ['at no place', { disposition: 'damaged' }, '/readPoint'],
    ['of long ago', { readPoint: PLANT, eventTime: '2020-01-01T00:00:00Z' }, '/eventTime'],
  ])('may not capture %s', async (_what, told, pointer) => {
    const { secret } = await client.partner();
    const refused = await client.capture(secret, client.event(told));

    expect([refused.status, refused.body]).toEqual([
      403,
      expect.objectContaining({
        type: 'epcisException:SecurityException',
        faults: [
          expect.objectContaining({
            code: 'NOT_ALLOWED',
            pointer: `/epcisBody/eventList/0${pointer}`,
          }),
        ],
      }),
    ]);
  });

  it('with a key for one site captures only there', async () => {
    const { secret } = await client.partner({ sites: [MAKER] });

    expect((await client.capture(secret, client.event({ readPoint: PLANT }))).status).toBe(403);
    expect((await client.capture(secret, client.event({ readPoint: MAKER }))).status).toBe(202);
  });

  it('declares only its own events in error, and is told the same of others as of none', async () => {
    const { secret } = await client.partner();
    const [own, host] = [client.event({ readPoint: PLANT }), client.event({})];
    await client.capture(secret, own);
    await client.capture(client.administrator, host);
    const declare = (of: object): ReturnType<AccessClient['capture']> =>
      client.capture(secret, {
        ...of,
        errorDeclaration: { declarationTime: now(), reason: 'did_not_occur' },
      });
    const [foreign, unknown] = [await declare(host), await declare(client.event({}))];
    const faultOf = ({ body }: typeof foreign): unknown =>
      (body['faults'] as { found: string }[]).map((fault) => ({ ...fault, found: '' }));

    expect((await declare(own)).status).toBe(202);
    expect([foreign.status, unknown.status]).toEqual([403, 403]);
    expect(faultOf(foreign)).toEqual(faultOf(unknown));
  });

  it('that uses the eventID of another is told nothing of what is stored', async () => {
    const { secret } = await client.partner();
    const host = client.event({ readPoint: PLANT });
    await client.capture(client.administrator, host);
    const refused = await client.capture(secret, { ...host, disposition: 'damaged' });

    expect(refused.status).toBe(409);
    expect(JSON.stringify(refused.body)).toContain('an eventID that is free');
  });

  it('says nothing of who runs a site or what it is a part of', async () => {
    const { secret } = await client.partner();
    const vocabulary = (gln: string): object => ({
      id: `https://id.gs1.org/414/${gln}`,
      attributes: [
        { id: 'urn:epcglobal:cbv:mda#name', attribute: 'Taken' },
        { id: 'urn:epcglobal:cbv:mda#owning_party', attribute: `urn:epc:id:pgln:950600.013435` },
      ],
      children: [`https://id.gs1.org/414/${DEPOT}`],
    });
    const answer = await client.capture(secret, client.event({ readPoint: PLANT }), {
      epcisMasterData: {
        vocabularyList: [
          {
            type: 'urn:epcglobal:epcis:vtype:BusinessLocation',
            vocabularyElementList: [DEPOT, PLANT].map(vocabulary),
          },
        ],
      },
    });
    const { data } = await client.ask(
      client.administrator,
      '{ depot: site(gln: "9506000140018") { name operator { name } } plant: site(gln: "9506000134369") { name operator { name } } }',
    );

    expect(answer.body['warnings']).toEqual([
      expect.objectContaining({ code: 'MASTER_DATA_NOT_TAKEN' }),
    ]);
    expect(data).toEqual({
      depot: { name: 'Depot', operator: { name: 'Birch' } },
      plant: { name: 'Taken', operator: { name: 'Alder' } },
    });
  });

  it('registers nothing', async () => {
    const { secret } = await client.partner();

    expect(codeOf(await client.ask(secret, REGISTER))).toBe('FORBIDDEN');
  });
});
