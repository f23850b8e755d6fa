import DataLoader from 'dataloader';
import type { GraphReader } from '../graph/graph.js';
import { perOperation } from '../graphql/per-operation.js';
import type { Page } from '../shared/page.js';
import { readJourneys } from './journey.read-model.js';
import type { JourneyRequest } from './journey.read-model.js';
import type { JourneyEntry } from './journey.js';

/** A page of one package's journey. */
interface JourneyOf extends JourneyRequest {
  readonly key: string;
}

/** Journeys, batched over all packages of one operation. */
type JourneyLoader = DataLoader<JourneyOf, Page<JourneyEntry>, string>;

/** The journeys of the operation that `context` belongs to. */
export const journeyLoader = perOperation((view) => makeJourneyLoader(view));

/** Journeys; those asked for with the same page arguments are read together. */
function makeJourneyLoader(graph: GraphReader, signal?: AbortSignal): JourneyLoader {
  return new DataLoader<JourneyOf, Page<JourneyEntry>, string>(
    async (asked) => {
      const pages = new Map<JourneyOf, Page<JourneyEntry>>();
      for (const name of new Set(asked.map(nameOf))) {
        const group = asked.filter((one) => nameOf(one) === name);
        const keys = group.map(({ key }) => key);
        const found = await readJourneys(graph, keys, group[0] ?? { page: { first: 0 } }, signal);
        group.forEach((one, i) => found[i] && pages.set(one, found[i]));
      }
      return asked.map((one) => pages.get(one) ?? new Error(`No journey of ${one.key}`));
    },
    { maxBatchSize: 200, cacheKeyFn: (one) => `${nameOf(one)} ${one.key}` },
  );
}

function nameOf({ page, includeRetracted }: JourneyOf): string {
  return JSON.stringify([page.first, page.after ?? null, includeRetracted ?? false]);
}
