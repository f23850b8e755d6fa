import { NOW } from '../holdings/holding.js';
import DataLoader from 'dataloader';
import { locationLoaders } from '../location/location.loaders.js';
import type { View } from '../access/view.js';
import { perOperation } from '../graphql/per-operation.js';
import { keepSites, masterData } from '../master-data/master-data.loaders.js';
import { groupBy } from '../shared/group-by.js';
import type { Page } from '../shared/page.js';
import { readDisclosedPaths } from './disclosed-paths.js';
import { readJourneys } from './journey.read-model.js';
import type { JourneyRequest } from './journey.read-model.js';
import type { JourneyEntry } from './journey.js';

/** A page of one package's journey. */
interface JourneyOf extends JourneyRequest {
  readonly key: string;
  /** Epoch ms. */
  readonly now: number;
}

/** Journeys, batched over all packages of one operation. */
type JourneyLoader = DataLoader<JourneyOf, Page<JourneyEntry>, string>;

/** The journeys of the operation that `context` belongs to. */
export const journeyLoader = perOperation(makeJourneyLoader);

/** Journeys with the same page arguments are read together. */
function makeJourneyLoader(view: View): JourneyLoader {
  return new DataLoader<JourneyOf, Page<JourneyEntry>, string>(
    async (asked) => {
      const pages = new Map<JourneyOf, Page<JourneyEntry>>();
      for (const group of groupBy(asked, nameOf).values()) {
        const found = await readGroup(group, view);
        group.forEach((one, i) => found[i] && pages.set(one, found[i]));
      }
      return asked.map((one) => pages.get(one) ?? new Error(`No journey of ${one.key}`));
    },
    { maxBatchSize: 200, cacheKeyFn: (one) => `${nameOf(one)} ${one.key}` },
  );
}

async function readGroup(
  group: readonly JourneyOf[],
  view: View,
): Promise<readonly Page<JourneyEntry>[]> {
  const { whereabouts, touching } = locationLoaders({ view });
  const [request] = group;
  if (request === undefined) return [];
  const located = await Promise.all(group.map(({ key }) => whereabouts.load({ key, at: NOW })));
  const [touched, disclosed] = await Promise.all([
    Promise.all(located.map((one) => touching.load(one))),
    readDisclosedPaths(view, located, request.now),
  ]);
  const { pages, sites } = await readJourneys(view, touched, request, disclosed);
  keepSites(sites, masterData({ view }));
  return pages;
}

function nameOf({ page, includeRetracted }: JourneyOf): string {
  return JSON.stringify([page, includeRetracted ?? false]);
}
