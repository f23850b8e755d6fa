import type { View } from '../access/view.js';
import { cypher, fragment, int } from '../graph/cypher.js';
import type { CypherFragment, ReadStatement } from '../graph/cypher.js';
import { heldAfter } from '../holdings/held.rules.js';
import type { HeldStep } from '../holdings/held.rules.js';
import { heldAt, inForce } from '../holdings/holding.js';
import { readSurroundings } from '../holdings/surrounding.read-model.js';
import type { Surrounding } from '../holdings/surrounding.rules.js';
import { groupBy } from '../shared/group-by.js';
import { isAmong, LOT_WANTED, STATES } from './inventory.read-model.js';
import type { StockQuery, Unheld } from './inventory.read-model.js';

interface LotStep extends HeldStep {
  readonly lot: string;
  readonly gtin: string | null;
  readonly expiryMonth: string | null;
}

const stepsBy = (name: string, find: CypherFragment): ReadStatement<LotStep> =>
  cypher.packages<LotStep>(`inventory.steps${name}`)`
${find}
MATCH (l)<-[r:HELD]-(h:Holding) WHERE r.at <= $t AND ${LOT_WANTED}
WITH l, h, collect([r.n, r.mark, r.was]) AS came
RETURN l.id AS lot, l.gtin AS gtin, substring(l.expiry, 0, 7) AS expiryMonth, h.id AS holding, came`;

const OF_LOTS = stepsBy('OfLots', fragment`UNWIND $lots AS lot MATCH (l:Lot {id: lot})`);
const OF_PRODUCTS = stepsBy(
  'OfProducts',
  fragment`UNWIND $gtins AS gtin MATCH (l:Lot) WHERE l.gtin = gtin`,
);
const OF_ALL = stepsBy('OfAll', fragment`MATCH (l:Lot) WHERE l.id > ''`);

/**
 * Units as of an instant: what had come into each holding until then and had not moved on. The cost grows with the moves of the wanted lots
 * until then, and not with the sites.
 *
 * @param t epoch ms
 */
export async function readStockAsOf(view: View, query: StockQuery, t: number): Promise<Unheld[]> {
  const { lots, gtins, expiresFrom, expiresUntil, sites, heldFrom } = query;
  const statement = lots !== null ? OF_LOTS : gtins !== null ? OF_PRODUCTS : OF_ALL;
  const conditions = { lots, gtins, expiresFrom, expiresUntil, t: int(t) };
  const steps = await view.read(statement, conditions);
  const around = await readSurroundings(
    view,
    steps.map(({ holding }) => holding),
    t,
  );
  return [...groupBy(steps, ({ lot }) => lot).values()]
    .flatMap((own) => partsOf(own, around, query))
    .filter((part) => isAmong(part.site, sites) && isAmong(heldAt(part), heldFrom));
}

/** The units of one lot, and the containers that they are in. */
function partsOf(
  steps: readonly LotStep[],
  around: ReadonlyMap<string, Surrounding>,
  { includeEnded }: StockQuery,
): Unheld[] {
  const [first] = steps;
  if (first === undefined) return [];
  const { lot, gtin, expiryMonth } = first;
  return heldAfter(steps).flatMap(({ holding, mark, units }): Unheld[] => {
    const found = around.get(holding);
    if (found === undefined || (found.ended && !includeEnded)) return [];
    const { mode, site, origin } = found.placing;
    const where = { state: STATES[mode], site: mode === 'UNKNOWN' ? null : site, origin };
    const part = { ...where, lot, gtin, expiryMonth, units: 0, containers: 0 };
    const { status } = mark !== null && inForce(mark, found) ? mark : found;
    const own = { ...part, status, units };
    const { outermost } = found;
    return outermost === null
      ? [own]
      : [own, { ...part, status: outermost.status, box: outermost.key }];
  });
}
