import DataLoader from 'dataloader';
import { isPartner } from '../access/view.js';
import type { View } from '../access/view.js';
import type { Party } from '../master-data/index.js';
import { holderOf } from '../master-data/holder.loaders.js';
import type { Context } from '../graphql/context.js';
import { perOperation } from '../graphql/per-operation.js';
import { keepHolders, keepSites, masterData } from '../master-data/master-data.loaders.js';
import { NOW, heldAt } from '../holdings/holding.js';
import { EMPTY_PAGE } from '../shared/page.js';
import type { Page, PageRequest } from '../shared/page.js';
import { readCustody, readDueTimes, readHandedOn } from './custody.read-model.js';
import { readPersistentDispositions, readStatedDispositions } from './disposition.read-model.js';
import type { Custody, HandedOn } from './custody.read-model.js';
import { readOrigins } from './origin.read-model.js';
import type { Origin } from './origin.read-model.js';
import { groupBy } from '../shared/group-by.js';
import {
  readAssociations,
  readContents,
  readContentsSummaries,
  readExceptions,
  readPackages,
} from './package.read-model.js';
import type { OpenFilling } from './seen-inside.read-model.js';
import type { Association, ContentsSummary, PackageException, PackageFacts } from './package.js';
import { windowOf } from '../holdings/history.rules.js';
import type { History } from '../holdings/history.rules.js';
import type { Touching } from '../holdings/touching.rules.js';
import { readHistory } from '../holdings/whereabouts.read-model.js';
import type { Point, Whereabouts } from '../holdings/whereabouts.rules.js';

/** Whereabouts with the instant they were asked for, and the history they follow from. */
export interface Located extends Whereabouts {
  /** Epoch ms, or NOW. */
  readonly at: number;
  readonly history: History;
}

/** A page of what one filling holds. */
interface ContentsRequest {
  readonly filling: string;
  readonly page: PageRequest;
}

/** Reads about packages, each batched over all packages of one operation. */
export interface LocationLoaders {
  /** Null when no event ever named it. */
  readonly package: DataLoader<string, PackageFacts | null>;
  readonly whereabouts: DataLoader<Point, Located, string>;
  /** Epoch ms; null when nothing is known. */
  readonly placeSince: (found: Located) => Promise<number | null>;
  /** Also reads who has it, and all names. */
  readonly custody: DataLoader<Located, Custody, string>;
  readonly touching: DataLoader<Located, Touching, string>;
  /** How it was handed on; for partners. */
  readonly handedOn: DataLoader<Located, HandedOn | null, string>;
  /** Null when nobody told of its beginning. */
  readonly origin: DataLoader<string, Origin | null>;
  /** By id of the shipping event. */
  readonly expected: DataLoader<string, number | null>;
  readonly persistentDispositions: DataLoader<string, string[]>;
  readonly statedDisposition: DataLoader<string, string | null>;
  readonly contentsSummary: DataLoader<OpenFilling, ContentsSummary, string>;
  readonly contents: DataLoader<ContentsRequest, Page<{ readonly key: string }>, string>;
  readonly exceptions: DataLoader<string, PackageException[]>;
  readonly associations: DataLoader<string, Association[]>;
}

const BATCH = { maxBatchSize: 1000 };
const byPoint = { ...BATCH, cacheKeyFn: ({ key, at }: Point): string => `${at} ${key}` };

/** The loaders of the operation that `context` belongs to; always the same within one operation. */
export const locationLoaders = perOperation(makeLocationLoaders);

/** Who has a package where it is. It is read with the custody of the package, because both are usually asked for together. */
export async function holderWithCustody(
  found: Located,
  context: Pick<Context, 'view'>,
): Promise<Party | null> {
  if (heldAt(found) !== null) await locationLoaders(context).custody.load(found);
  return holderOf(found, found.at, masterData(context));
}

/** Where packages were at instants, with the names of their sites. */
function makeWhereaboutsLoader(view: View): DataLoader<Point, Located, string> {
  return new DataLoader(async (points) => {
    const history = await readHistory(view, points, {
      onSites: (sites) => {
        keepSites(sites, masterData({ view }));
      },
    });
    return points.map((point) => ({ ...history.whereabouts(point), at: point.at, history }));
  }, byPoint);
}

/** The complete histories of packages, with all their rows. */
function makeWholeLoader(view: View): DataLoader<Located, History, string> {
  const isCut = ({ key, history }: Located): boolean => history.cut.has(key);
  return new DataLoader<Located, History, string>(async (found) => {
    const long = found.filter(isCut);
    if (long.length === 0) return found.map(({ history }) => history);
    const whole = await readHistory(view, long, { whole: true });
    return found.map((one) => (isCut(one) ? whole : one.history));
  }, byPoint);
}

/** Until when who asks saw the packages; those that he never saw are missing. */
function seenAmong(found: readonly Located[]): Map<string, number> {
  const seen = found.filter(({ key, history }) => history.isKnown(key));
  return new Map(seen.map(({ key, history }) => [key, history.seenUntil(key)]));
}

type ReadSeen<V> = (seen: ReadonlyMap<string, number>) => Promise<ReadonlyMap<string, V>>;

/** All loaders of one operation. */
function makeLocationLoaders(view: View): LocationLoaders {
  const whereabouts = makeWhereaboutsLoader(view);
  const whole = makeWholeLoader(view);
  const touchingAll = (found: readonly Located[]): Promise<Touching[]> =>
    Promise.all(found.map(async (one) => (await whole.load(one)).touching(windowOf(one))));
  const now = (keys: readonly string[]): Promise<Located[]> =>
    Promise.all(keys.map((key) => whereabouts.load({ key, at: NOW })));
  // Of a partner's package the place is usually asked for too, and both follow from one history.
  const ofSeen = <V>(read: ReadSeen<V>): DataLoader<string, V | null> =>
    new DataLoader(async (keys) => {
      const all = isPartner(view) ? await now(keys) : null;
      const found = await read(all ? seenAmong(all) : new Map(keys.map((key) => [key, NOW])));
      return keys.map((key) => found.get(key) ?? null);
    }, BATCH);
  return {
    package: ofSeen((seen) => readPackages(view, [...seen.keys()])),
    whereabouts,
    placeSince: async (found) =>
      found.history.placeSince(found) ?? (await whole.load(found)).placeSince(found) ?? null,
    touching: new DataLoader<Located, Touching, string>(touchingAll, byPoint),
    custody: new DataLoader<Located, Custody, string>(
      async (found) => custodyOf(view, found, await touchingAll(found)),
      byPoint,
    ),
    handedOn: new DataLoader<Located, HandedOn | null, string>(
      async (found) => readHandedOn(view, await touchingAll(found)),
      byPoint,
    ),
    origin: ofSeen((seen) => readOrigins(view, seen)),
    expected: new DataLoader((ids) => expectedOf(view, ids), BATCH),
    persistentDispositions: new DataLoader(
      async (keys) => readPersistentDispositions(view, await touchingAll(await now(keys))),
      BATCH,
    ),
    statedDisposition: new DataLoader(async (keys) => {
      const found = await now(keys);
      const reborn = found.map(async (one) => (await whole.load(one)).reborn(one.key));
      const touching = await touchingAll(found);
      return readStatedDispositions(view, touching, await Promise.all(reborn));
    }, BATCH),
    contentsSummary: new DataLoader((fillings) => readContentsSummaries(view, fillings), {
      ...BATCH,
      cacheKeyFn: ({ id }) => id,
    }),
    contents: new DataLoader((requests) => contentsOf(view, requests), {
      ...BATCH,
      cacheKeyFn: ({ filling, page }) => `${pageName(page)} ${filling}`,
    }),
    exceptions: new DataLoader(async (keys) => {
      const found = await readExceptions(view, keys);
      return keys.map((key) => found.get(key) ?? []);
    }, BATCH),
    associations: new DataLoader(async (keys) => {
      const found = await readAssociations(view, keys);
      return keys.map((key) => found.get(key) ?? []);
    }, BATCH),
  };
}

/** Custody of packages. Who has them and all names go to the loaders of the operation. */
async function custodyOf(
  view: View,
  located: readonly Located[],
  touching: readonly Touching[],
): Promise<readonly Custody[]> {
  const places = located.flatMap((where) => {
    const site = heldAt(where);
    return site === null ? [] : [{ site, at: where.at }];
  });
  const { custody, sites, found } = await readCustody(view, touching, places);
  keepSites(sites, masterData({ view }));
  keepHolders(places, found, masterData({ view }));
  return custody;
}

async function expectedOf(view: View, ids: readonly string[]): Promise<(number | null)[]> {
  const due = await readDueTimes(view, ids);
  return ids.map((id) => due.get(id) ?? null);
}

async function contentsOf(
  view: View,
  requests: readonly ContentsRequest[],
): Promise<Page<{ readonly key: string }>[]> {
  const pages = new Map<ContentsRequest, Page<{ readonly key: string }>>();
  for (const group of groupBy(requests, ({ page }) => pageName(page)).values()) {
    const [first] = group;
    if (first === undefined) continue;
    const fillings = group.map(({ filling }) => filling);
    const found = await readContents(view, fillings, first.page);
    group.forEach((request, i) => {
      const page = found[i];
      if (page !== undefined) pages.set(request, page);
    });
  }
  return requests.map((request) => pages.get(request) ?? EMPTY_PAGE);
}

function pageName({ size, backward, from }: PageRequest): string {
  return JSON.stringify([size, backward, from]);
}
