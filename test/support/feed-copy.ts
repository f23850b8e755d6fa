/** A partner's own copy of what it sees, made of nothing but its feed: what messages say, and what they tell it to read again. */
import { EVENT, readFeed } from './partner-feed.js';
import type { ToldChange, ToldEvent, ToldPackage } from './partner-feed.js';
import { askEach, askPages } from './partner-questions.js';
import type { Ask } from './partner-questions.js';

const WHERE = `fragment F on Whereabouts { known state site { key } origin { key } destination { key } status
  containers { identifier { key } } }`;

export interface Where {
  readonly known: boolean;
  readonly state: string;
  readonly site: ToldPackage | null;
  readonly origin: ToldPackage | null;
  readonly destination: ToldPackage | null;
  readonly status: string | null;
  readonly containers: readonly { readonly identifier: ToldPackage }[];
}

interface Contents {
  readonly contents: { readonly nodes: readonly ToldPackage[] } | null;
}
const CONTENTS = 'fragment F on Package { contents(first: 100) { nodes { key } } }';

/** What the service answers, or what the copy has in its place. */
export interface Known {
  /** By id, as text. */
  readonly events: ReadonlyMap<string, string>;
  /** `locate` of each package in sight, as text. */
  readonly places: ReadonlyMap<string, string>;
  /** Place and status of packages in sight that stand alone; in the copy, of those of which a message said it itself. */
  readonly alone: ReadonlyMap<string, string>;
}

async function locateAll(ask: Ask, keys: readonly string[]): Promise<Map<string, Where>> {
  const found = await askEach<{ id: string }, Where>(
    ask,
    keys.map((id) => ({ id })),
    { field: 'locate', select: WHERE, types: { id: 'ID!' }, together: 30 },
  );
  return new Map(keys.map((key, i) => [key, found[i]!]));
}

/** What the service answers now. */
export async function answered(ask: Ask, keys: readonly string[]): Promise<Known> {
  const events = await askPages<ToldEvent>(ask, { field: 'events', select: '...E' }, EVENT);
  const places = await locateAll(ask, keys);
  return {
    events: new Map(events.map((event) => [event.eventId, JSON.stringify(event)])),
    places: textsOf(places),
    alone: new Map(
      [...places].flatMap(([key, where]) =>
        standsAlone(where) ? [[key, isInSight(where) ? lookOf(where) : 'PASSED_ON']] : [],
      ),
    ),
  };
}

/**
 * What is in sight. What was passed on is as what was never seen: of the past, the feed tells events. Containers of others around a
 * package are told when it is put into them, but not when they are emptied.
 */
function textsOf(places: ReadonlyMap<string, Where>): Map<string, string> {
  return new Map(
    [...places].flatMap(([key, where]) => {
      const containers = chainOf(where).filter((box) => isInSight(places.get(box)));
      return isInSight(where) ? [[key, JSON.stringify({ ...where, containers })]] : [];
    }),
  );
}

const isInSight = (where: Where | undefined): boolean =>
  where !== undefined && where.known && where.state !== 'PASSED_ON';

const standsAlone = (where: Where): boolean => isInSight(where) && where.containers.length === 0;

/** In transit, a message has the destination where an answer has none. What a package had on leaving is not told. */
function lookOf({
  state,
  site,
  origin,
  destination,
  status,
}: Omit<Where, 'known' | 'containers'>): string {
  if (state === 'PASSED_ON') return state;
  return [state, (destination ?? site)?.key, origin?.key, status].join(' ');
}

/** What the messages of some pages were about. */
interface News {
  /** Packages of which something was told. */
  readonly concerned: Set<string>;
  /** Numbers of the newest messages about places, by the package that moved. */
  readonly moved: Map<string, number>;
  /** What events named as inside something. */
  readonly parents: Map<string, string[]>;
}

export class FeedCopy {
  private cursor: string | null = null;
  private seq = 0;
  private readonly events = new Map<string, string>();
  private readonly names = new Map<string, readonly string[]>();
  private readonly places = new Map<string, Where>();
  private readonly boxes = new Map<string, readonly string[]>();
  /** Place and status as told of a package itself, by which message. */
  private readonly looks = new Map<string, { readonly seq: number; readonly look: string }>();

  constructor(private readonly ask: Ask) {}

  /** Takes what is new. */
  async takeNews(): Promise<void> {
    const pages = await readFeed(this.ask, this.cursor);
    this.cursor = pages.at(-1)!.cursor;
    const news: News = { concerned: new Set(), moved: new Map(), parents: new Map() };
    for (const message of pages.flatMap(({ messages }) => messages)) {
      if (message.seq !== ++this.seq) throw new Error(`${message.seq} comes after ${this.seq - 1}`);
      if (message.location !== null) this.takeLocation(message, news);
      if (message.event !== null) this.takeEvent(message.event, news);
    }
    const { concerned } = news;
    // What happens to a container happens to what is known to be inside, and to what is inside now.
    for (const [key, boxes] of this.boxes)
      if (boxes.some((box) => concerned.has(box))) concerned.add(key);
    await this.lookInside(concerned);
    for (const [key, where] of await locateAll(this.ask, [...concerned])) {
      this.forgetLook(key, where, news);
      this.places.set(key, where);
      // What was passed on keeps what it was last seen in: that may be put right later.
      if (where.state !== 'PASSED_ON') this.boxes.set(key, chainOf(where));
    }
  }

  private takeLocation({ seq, location }: ToldChange, { concerned, moved }: News): void {
    const { packages, to, status } = location!;
    const look = lookOf({ ...to, destination: null, status });
    for (const { key } of packages) {
      this.looks.set(key, { seq, look });
      moved.set(key, seq);
      concerned.add(key);
    }
  }

  private takeEvent(
    { visibility, eventId, event }: NonNullable<ToldChange['event']>,
    { concerned, parents }: News,
  ): void {
    for (const key of this.names.get(eventId) ?? []) concerned.add(key);
    this.events.delete(eventId);
    this.names.delete(eventId);
    if (visibility === 'WITHDRAWN' || event === null) return;
    const { epcList, childEPCs, parentID } = event;
    const named = [...epcList, ...childEPCs, ...(parentID === null ? [] : [parentID])];
    this.events.set(eventId, JSON.stringify(event));
    this.names.set(
      eventId,
      named.map(({ key }) => key),
    );
    for (const { key } of named) concerned.add(key);
    if (parentID === null) return;
    for (const { key } of childEPCs) parents.set(key, [...(parents.get(key) ?? []), parentID.key]);
  }

  /** A message about a container covers what is inside now, which was perhaps never told before. */
  private async lookInside(concerned: Set<string>): Promise<void> {
    for (let open = [...concerned]; open.length > 0;) {
      const found = await askEach<{ id: string }, Contents | null>(
        this.ask,
        open.map((id) => ({ id })),
        { field: 'packageById', select: CONTENTS, types: { id: 'ID!' } },
      );
      const inside = found.flatMap((one) => one?.contents?.nodes ?? []).map(({ key }) => key);
      open = [...new Set(inside)].filter((key) => !concerned.has(key));
      for (const key of open) concerned.add(key);
    }
  }

  /** What was told of a package itself holds until it moves inside something. */
  private forgetLook(key: string, now: Where, { moved, parents }: News): void {
    const { seq = 0 } = this.looks.get(key) ?? {};
    const around = [this.places.get(key), now].flatMap((where) =>
      where === undefined ? [] : chainOf(where),
    );
    if ([...around, ...(parents.get(key) ?? [])].some((box) => (moved.get(box) ?? 0) > seq))
      this.looks.delete(key);
  }

  /** What it has in the place of answers. */
  get known(): Known {
    const looks = [...this.looks].flatMap(([key, { look }]) => {
      const where = this.places.get(key);
      return where !== undefined && standsAlone(where) ? [[key, look] as const] : [];
    });
    return { events: this.events, places: textsOf(this.places), alone: new Map(looks) };
  }
}

const chainOf = ({ containers }: Where): readonly string[] =>
  containers.map(({ identifier }) => identifier.key);
