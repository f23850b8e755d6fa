import type { EventPageRow, EventPlace } from './rebuild.store.js';

/** Called after each page with the events done and their total. */
export type Progress = (done: number, total: number) => void;

const PAGE = 500;
const START = { eventTime: -8_640_000_000_000_000, id: '' };

/** All events in the order of event time, page by page. `read` may use fewer than it was asked for. */
export async function* eventPages(
  read: (after: EventPlace, limit: number) => Promise<readonly EventPageRow[]>,
): AsyncGenerator<readonly EventPageRow[]> {
  let after: EventPlace = START;
  let limit = PAGE;
  for (;;) {
    const page = await read(after, limit);
    const last = page[page.length - 1];
    if (last === undefined) return;
    yield page;
    after = last;
    // Where events are long, a page is cut; so few more are read than are used.
    limit = Math.min(PAGE, 2 * page.length);
  }
}
