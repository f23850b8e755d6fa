import { termsOfEvent } from '../event-terms/event-terms.rules.js';
import { storeTerms } from '../event-terms/event-terms.store.js';
import type { EpcisEvent } from '../epcis/event.js';
import { hashOf } from '../epcis/event-hash.js';
import { prefixesOf, withValuesExpanded } from '../epcis/namespaces.js';
import { sitesOf } from '../epcis/readers.js';
import type { GraphTransaction } from '../graph/transaction.js';
import { wordOf } from '../capture/index.js';
import type { EventPageRow, RereadRow } from './rebuild.store.js';
import { storeReread } from './rebuild.store.js';

/**
 * Earlier versions did not expand the CURIEs of events at capture. This reads such events again and replaces
 * their properties and terms. @returns the page with the new texts
 */
export async function rereadEvents(
  tx: GraphTransaction,
  page: readonly EventPageRow[],
): Promise<readonly EventPageRow[]> {
  const read = page.map((stored) => ({ stored, row: rowOf(stored) }));
  const rows = read.flatMap(({ row }) => row ?? []);
  if (rows.length === 0) return page;
  await storeReread(tx, rows);
  await storeTerms(tx, {
    events: rows.filter(({ terms }) => terms.length > 0),
    declarations: [],
  });
  return read.map(({ stored, row }) =>
    row === null ? stored : { ...stored, text: row.properties.meant, hash: row.properties.hash },
  );
}

/** Null when the event needs no change. */
function rowOf({ id, eventTime, text, context, isMeant }: EventPageRow): RereadRow | null {
  if (isMeant || (context === null && !text.includes('"@context"'))) return null;
  const given = JSON.parse(text) as EpcisEvent;
  const around: unknown = context === null ? undefined : JSON.parse(context);
  const prefixes = prefixesOf(around, given['@context']);
  const event = withValuesExpanded(given, prefixes);
  if (event === given) return null;
  const { readPoint, bizLocation } = sitesOf(event);
  return {
    id,
    at: eventTime,
    terms: termsOfEvent({ id, event, prefixes }),
    properties: {
      meant: JSON.stringify(event),
      hash: hashOf(event, prefixes),
      bizStep: wordOf('bizStep', event) ?? null,
      disposition: wordOf('disposition', event) ?? null,
      readPoint: readPoint ?? null,
      bizLocation: bizLocation ?? null,
    },
  };
}
