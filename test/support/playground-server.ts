import { playgroundBundle } from './playground-bundle.js';
import { startApp } from './app-for-tests.js';
import { capturedStory } from './stories.js';

/** A server with the playground on `${origin}/graphql`, and what a test must know of its data. */
export interface ServerForPlayground {
  origin: string;
  /** What the first tab (locate, with its own variables) is answered with, somewhere in the answer. */
  located: string;
  /** Moves a package the last tab (watch locations, with its own variables) asks about; may be called again. */
  movePackage: () => Promise<void>;
  /** What the subscriber then sees, somewhere in the message. */
  moved: string;
  stop: () => Promise<void>;
}

const SITES = ['urn:epc:id:sgln:0614141.40001.0', 'urn:epc:id:sgln:0614141.41001.0'];

/** The real service with the first story of the demo. */
export async function startServerForPlayground(): Promise<ServerForPlayground> {
  await playgroundBundle();
  const app = await startApp();
  await capturedStory(app, '01-bottle-to-pharmacy');
  let moves = 0;
  return {
    origin: app.url,
    located: 'Dogwood Pharmacy',
    movePackage: async () => {
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
              epcList: ['https://id.gs1.org/01/09506000134352/21/U0004'],
              readPoint: place,
              bizLocation: place,
            },
          ],
        },
      });
      if (status !== 202) throw new Error(JSON.stringify(body));
    },
    moved: '01/09506000134352/21/U0004',
    stop: () => app.stop(),
  };
}
