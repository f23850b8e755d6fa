/**
 * A document that knows the types of its answer and its variables. Those that GraphQL Code Generator makes with `documentMode: 'string'`
 * are such documents, and so is any text, with an answer of type `unknown`.
 */
export interface TypedDocument<Answer, Variables> {
  toString(): string;
  readonly __apiType?: (variables: Variables) => Answer;
}

type NoVariables = Record<string, never>;

/** Who asks, and until when. */
export const ME: TypedDocument<{ me: Me }, NoVariables> =
  'query Me { me { subject organisation { key name } roles scopes expiresAt open } }';

/** Who asks, as the service knows it. */
export interface Me {
  subject: string;
  /** Null for the host of the service. */
  organisation: Named | null;
  roles: (
    'ADMINISTRATOR' | 'ANALYST' | 'AUTHORITY' | 'OPERATOR' | 'PARTNER' | 'QUALITY' | 'RECALL'
  )[];
  scopes: ('AUDIT' | 'CAPTURE' | 'KEYS' | 'POLICIES' | 'READ' | 'SUBSCRIBE' | 'WEBHOOKS')[];
  /** When the key or token ends, ISO 8601; null for never. */
  expiresAt: string | null;
  open: boolean;
}

/** A site or a party. */
export interface Named {
  key: string;
  name: string | null;
}

/** Where a package is. */
export const WHERE: TypedDocument<{ locate: Whereabouts }, { id: string }> =
  'query Where($id: ID!) { locate(id: $id) { known package { key } state status since site { key name } destination { key name } holder { key name } } }';

/** Where a package is, as far as you see it. */
export interface Whereabouts {
  /** False when there is no such package, or none that you see. */
  known: boolean;
  package: { key: string };
  state: PlaceState;
  /** Its disposition: the word of the CBV, or a URI. */
  status: string | null;
  since: string | null;
  site: Named | null;
  destination: Named | null;
  holder: Named | null;
}

type PlaceState = 'SITE' | 'IN_TRANSIT' | 'PASSED_ON' | 'UNKNOWN';

const MESSAGE = `fragment Message on ChangeMessage {
  cursor seq eventId recordTime version kind
  location { package { key level } packages { key level } from { ...Place } to { ...Place } status units lots { lot { gtin lot } units } eventTime }
  handoff { handoffKey status from { key name } to { key name } eventTime }
  event { visibility eventId eventTime }
  exception { state code package { key level } eventTime }
  job { jobId success captured repeated }
}
fragment Place on FeedPlace { state site { key name } origin { key name } }`;

/** What changes, as it is recorded; {@link Custody.changes} reads it. */
export const CHANGES: TypedDocument<{ changes: Change }, ChangesVariables> =
  `subscription Changes($after: Cursor, $filter: ChangeFilter) { changes(after: $after, filter: $filter) { ...Message } }\n${MESSAGE}`;

/** The same without waiting. */
export const CHANGE_PAGE: TypedDocument<{ changes: ChangePage }, ChangesVariables> =
  `query ChangePage($after: Cursor, $filter: ChangeFilter) { changes(after: $after, filter: $filter) { messages { ...Message } cursor seq hasMore } }\n${MESSAGE}`;

/** From where, and which messages. */
export interface ChangesVariables {
  after?: string | null;
  filter?: ChangeFilter | null;
}

/** Every given list must match by one of its values. */
export interface ChangeFilter {
  kinds?: ('LOCATION' | 'HANDOFF' | 'EVENT' | 'EXCEPTION' | 'JOB')[] | null;
  ids?: string[] | null;
  lots?: string[] | null;
  gtins?: string[] | null;
  sites?: string[] | null;
  parties?: string[] | null;
  bizSteps?: string[] | null;
  dispositions?: string[] | null;
}

/** Some messages of the feed. */
export interface ChangePage {
  messages: Change[];
  cursor: string;
  seq: number;
  hasMore: boolean;
}

/** One message of the feed. The field of its kind is set; in a heartbeat, whose kind is null, none is. */
export interface Change {
  /** Pass it as `after` to go on after this message. */
  cursor: string;
  /** For an organisation, the number of the message in its own feed. */
  seq: number;
  eventId: string | null;
  recordTime: string | null;
  version: number;
  kind: 'LOCATION' | 'HANDOFF' | 'EVENT' | 'EXCEPTION' | 'JOB' | null;
  location: LocationChange | null;
  handoff: HandoffChange | null;
  event: EventChange | null;
  exception: ExceptionChange | null;
  job: JobChange | null;
}

/** A package that stands alone changed place or status, with all its contents. */
export interface LocationChange {
  package: ChangedPackage;
  /** All that moved alike, that one first. */
  packages: ChangedPackage[];
  /** Null when the package was not known before. */
  from: Place | null;
  to: Place;
  status: string | null;
  units: number;
  lots: { lot: { gtin: string | null; lot: string | null } | null; units: number }[];
  eventTime: string | null;
}

/** The package that a message is about. */
export interface ChangedPackage {
  key: string;
  level: 'UNIT' | 'CONTAINER';
}

/** A place; in transit, `site` is where it goes and `origin` where it came from. */
export interface Place {
  state: PlaceState;
  site: Named | null;
  origin: Named | null;
}

/** A change of custody began, progressed or ended. */
export interface HandoffChange {
  handoffKey: string;
  status: 'OUTSTANDING' | 'PARTIAL' | 'RECEIVED' | 'UNEXPECTED' | 'VOIDED' | null;
  from: Named | null;
  to: Named | null;
  eventTime: string | null;
}

/** What you see of an event changed. When it is withdrawn, drop what you kept of it. */
export interface EventChange {
  visibility: 'VISIBLE' | 'WITHDRAWN' | 'RETRACTED';
  eventId: string;
  eventTime: string;
}

/** An exception about a package was raised or cleared. */
export interface ExceptionChange {
  state: 'RAISED' | 'CLEARED';
  code: string;
  package: ChangedPackage;
  eventTime: string | null;
}

/** A capture job finished. */
export interface JobChange {
  jobId: string;
  success: boolean;
  captured: number;
  repeated: number;
}

/** How far a consumer of your organisation has taken the feed; the service keeps it under a name. */
export const COMMITTED_CURSOR: TypedDocument<
  { committedCursor: { cursor: string } | null },
  { name: string }
> = 'query CommittedCursor($name: ID!) { committedCursor(name: $name) { cursor } }';

/** Keeps how far it has taken the feed. */
export const COMMIT_CURSOR: TypedDocument<
  { commitCursor: { cursor: string } },
  { name: string; cursor: string }
> =
  'mutation CommitCursor($name: ID!, $cursor: Cursor!) { commitCursor(name: $name, cursor: $cursor) { cursor } }';
