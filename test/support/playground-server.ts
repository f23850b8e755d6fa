import { readdirSync } from 'node:fs';
import { playgroundBundle } from './playground-bundle.js';
import { startApp } from './app-for-tests.js';
import type { TestApp } from './app-for-tests.js';
import { capturedStory } from './stories.js';

/** A pack of the demo. */
export const MOVED_PACK = '01/09506000134352/21/U0004';

const SITES = ['urn:epc:id:sgln:0614141.40001.0', 'urn:epc:id:sgln:0614141.41001.0'];

/** The real service with the playground on `${url}/graphql`, and an empty store or the demo. */
export async function startPlayground(
  store: 'demo' | 'empty',
  options: Parameters<typeof startApp>[0] = {},
): Promise<TestApp> {
  await playgroundBundle();
  const app = await startApp(options);
  const stories = store === 'demo' ? readdirSync('seeds/scenarios').sort() : [];
  for (const story of stories) await capturedStory(app, story);
  return app;
}

let moves = 0;

/** Moves {@link MOVED_PACK} from one pharmacy to another. */
export async function movePack(app: TestApp): Promise<void> {
  moves++;
  const place = { id: SITES[moves % 2] };
  const { status, body } = await app.capture({
    '@context': ['https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld'],
    type: 'EPCISDocument',
    schemaVersion: '2.0',
    creationDate: '2026-11-01T00:00:00Z',
    epcisBody: {
      eventList: [
        {
          type: 'ObjectEvent',
          eventTime: new Date(Date.UTC(2026, 10, 1) + moves * 1000).toISOString(),
          eventTimeZoneOffset: '+00:00',
          action: 'OBSERVE',
          bizStep: 'inspecting',
          epcList: [`https://id.gs1.org/${MOVED_PACK}`],
          readPoint: place,
          bizLocation: place,
        },
      ],
    },
  });
  if (status !== 202) throw new Error(JSON.stringify(body));
}
