import DataLoader from 'dataloader';
import { groupBy } from '../shared/group-by.js';
import type { Page, PageRequest } from '../shared/page.js';

/** A page of a list that belongs to one record. */
export interface PageOf extends PageRequest {
  /** Key of that record. */
  readonly of: string;
}

const BATCH = { maxBatchSize: 1000 };

/** One read for all records with the same page arguments. In one operation that is nearly always one read. */
export function pageLoader<T>(
  read: (of: readonly string[], request: PageRequest) => Promise<readonly Page<T>[]>,
): DataLoader<PageOf, Page<T>, string> {
  const sizeOf = ({ size, backward, from }: PageRequest): string =>
    JSON.stringify([size, backward, from]);
  const keyOf = (one: PageOf): string => `${sizeOf(one)} ${one.of}`;
  return new DataLoader(
    async (asked) => {
      const pages = new Map<string, Page<T>>();
      for (const group of groupBy(asked, sizeOf).values()) {
        const [request] = group;
        const found = request
          ? await read(
              group.map(({ of }) => of),
              request,
            )
          : [];
        group.forEach((one, i) => {
          const page = found[i];
          if (page) pages.set(keyOf(one), page);
        });
      }
      return asked.map((one) => pages.get(keyOf(one)) ?? new Error('A page was not read'));
    },
    { ...BATCH, cacheKeyFn: keyOf },
  );
}
