import DataLoader from 'dataloader';
import type { GraphReader } from '../graph/graph.js';
import { perOperation } from '../graphql/per-operation.js';
import type { Page, PageRequest } from '../shared/page.js';
import {
  readCustody,
  readPersistentDispositions,
  readStatedDispositions,
  readTexts,
} from './custody.read-model.js';
import type { Custody } from './custody.read-model.js';
import { EXPECTED_WORDS, expectedArrivalOf } from './event-text.rules.js';
import { groupBy } from '../shared/group-by.js';
import {
  readAssociations,
  readContents,
  readContentsSummaries,
  readExceptions,
  readPackages,
} from './package.read-model.js';
import type { Association, ContentsSummary, PackageException, PackageFacts } from './package.js';
import { readPlaceSince, readWhereabouts } from '../holdings/whereabouts.read-model.js';
import type { Point, Whereabouts } from '../holdings/whereabouts.rules.js';

/** Whereabouts with the instant they were asked for. */
export interface Located extends Whereabouts {
  /** Epoch ms, or NOW. */
  readonly at: number;
}

/** A page of what one filling holds. */
interface ContentsRequest {
  readonly filling: string;
  readonly page: PageRequest;
}

/** The open filling of a container. */
interface OpenFilling {
  readonly key: string;
  readonly id: string;
}

/** Reads about packages, each batched over all packages of one operation. */
export interface LocationLoaders {
  /** Null: no event ever named it. */
  readonly package: DataLoader<string, PackageFacts | null>;
  readonly whereabouts: DataLoader<Point, Located, string>;
  readonly placeSince: DataLoader<Located, number | null, string>;
  readonly custody: DataLoader<Point, Custody, string>;
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

/** The loaders of the operation that `context` belongs to: always the same ones within it. */
export const locationLoaders = perOperation((view) => makeLocationLoaders(view));

/** Packages by key. */
function makePackageLoader(
  graph: GraphReader,
  signal?: AbortSignal,
): DataLoader<string, PackageFacts | null> {
  return new DataLoader(async (keys) => {
    const found = await readPackages(graph, keys, signal);
    return keys.map((key) => found.get(key) ?? null);
  }, BATCH);
}

/** Where packages are at instants. */
function makeWhereaboutsLoader(
  graph: GraphReader,
  signal?: AbortSignal,
): DataLoader<Point, Located, string> {
  return new DataLoader(async (points) => {
    const found = await readWhereabouts(graph, points, signal);
    return found.map((where, i) => ({ ...where, at: points[i]?.at ?? 0 }));
  }, byPoint);
}

/** All loaders of one operation. */
function makeLocationLoaders(graph: GraphReader, signal?: AbortSignal): LocationLoaders {
  return {
    package: makePackageLoader(graph, signal),
    whereabouts: makeWhereaboutsLoader(graph, signal),
    placeSince: new DataLoader<Located, number | null, string>(
      (found) => readPlaceSince(graph, found, signal),
      byPoint,
    ),
    custody: new DataLoader<Point, Custody, string>(
      (points) => custodyOf(graph, points, signal),
      byPoint,
    ),
    expected: new DataLoader((ids) => expectedOf(graph, ids, signal), BATCH),
    persistentDispositions: new DataLoader(
      (keys) => readPersistentDispositions(graph, keys, signal),
      BATCH,
    ),
    statedDisposition: new DataLoader((keys) => readStatedDispositions(graph, keys, signal), BATCH),
    contentsSummary: new DataLoader((fillings) => readContentsSummaries(graph, fillings, signal), {
      ...BATCH,
      cacheKeyFn: ({ id }) => id,
    }),
    contents: new DataLoader((requests) => contentsOf(graph, requests, signal), {
      ...BATCH,
      cacheKeyFn: ({ filling, page }) => `${pageName(page)} ${filling}`,
    }),
    exceptions: new DataLoader(async (keys) => {
      const found = await readExceptions(graph, keys, signal);
      return keys.map((key) => found.get(key) ?? []);
    }, BATCH),
    associations: new DataLoader(async (keys) => {
      const found = await readAssociations(graph, keys, signal);
      return keys.map((key) => found.get(key) ?? []);
    }, BATCH),
  };
}

/** Requests of one operation nearly always share one instant: one round of reads for each. */
async function custodyOf(
  graph: GraphReader,
  points: readonly Point[],
  signal: AbortSignal | undefined,
): Promise<Custody[]> {
  const answers = new Map<Point, Custody>();
  for (const [at, group] of groupBy(points, (point) => point.at)) {
    const keys = group.map(({ key }) => key);
    const custody = await readCustody(graph, keys, at, signal);
    group.forEach((point, i) => {
      const one = custody[i];
      if (one !== undefined) answers.set(point, one);
    });
  }
  return points.map((point) => answers.get(point) ?? { owner: null, lastSeen: null });
}

async function expectedOf(
  graph: GraphReader,
  ids: readonly string[],
  signal: AbortSignal | undefined,
): Promise<(number | null)[]> {
  const texts = await readTexts(graph, ids, EXPECTED_WORDS, signal);
  return ids.map((id) => {
    const text = texts.get(id);
    return text === undefined ? null : expectedArrivalOf(text);
  });
}

async function contentsOf(
  graph: GraphReader,
  requests: readonly ContentsRequest[],
  signal: AbortSignal | undefined,
): Promise<Page<{ readonly key: string }>[]> {
  const pages = new Map<ContentsRequest, Page<{ readonly key: string }>>();
  for (const group of groupBy(requests, ({ page }) => pageName(page)).values()) {
    const [first] = group;
    if (first === undefined) continue;
    const fillings = group.map(({ filling }) => filling);
    const found = await readContents(graph, fillings, first.page, signal);
    group.forEach((request, i) => {
      const page = found[i];
      if (page !== undefined) pages.set(request, page);
    });
  }
  const none = { items: [], hasNextPage: false, hasPreviousPage: false };
  return requests.map((request) => pages.get(request) ?? none);
}

function pageName(page: PageRequest): string {
  return JSON.stringify([page.first, page.after ?? null]);
}
