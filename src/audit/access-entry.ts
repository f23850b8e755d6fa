import { createHash, randomUUID } from 'node:crypto';
import type { Attempt, Told } from '../access/attempt.js';
import type { Principal } from '../access/principal.js';

/** One entry of the audit log, as it is stored but for its place in the chain. */
export interface AccessEntry {
  readonly id: string;
  /** When it was asked, epoch ms. */
  readonly at: number;
  readonly subject: string;
  /** Key of the organisation's party; null for the host. */
  readonly organisation: string | null;
  /** The administrator who looked as this organisation does. */
  readonly actor: string | null;
  readonly operation: string;
  readonly name: string | null;
  readonly variables: readonly string[];
  readonly ids: readonly string[];
  /** How many ids there were; more than in `ids` when these are left out. */
  readonly idCount: number;
  readonly outcome: string;
  readonly address: string | null;
  /** Null for a change, which is written together with what it changes. */
  readonly ms: number | null;
  /** How many entries could not be kept, in an entry that says so; or how many more refusals an entry stands for. */
  readonly lost: number | null;
}

/** An entry in its place. */
export interface ChainedEntry extends AccessEntry {
  /** Its place in the chain, from 1 on. */
  readonly n: number;
  /** See {@link hashAfter}. */
  readonly hash: string;
}

const MOST_IDS = 1000;
const MOST_NAMES = 100;
const LONGEST = 200;
/** Neither a name that somebody typed nor a GSRN, which is the number of a patient or a nurse (AI 8018 and 8017). */
const KEPT_ID = /^(?!.*(?:\b801[78]\/|gsrn))[!-~]{1,300}$/i;

/** The entry of an attempt of somebody. */
export function entryOf(
  { subject, organisation, actor }: Principal,
  { at, began, address, tell, outcome = 'OK' }: Attempt,
): AccessEntry {
  const ms = Math.round(performance.now() - began);
  const who = { at, subject, organisation, actor: actor ?? null };
  return { ...toldIn(tell()), ...who, outcome, address, ms };
}

/** The entry of a change of credentials. */
export function changeBy(
  { subject, organisation, actor }: Principal,
  at: number,
  told: Told & { readonly address: string | null },
): AccessEntry {
  const { address } = told;
  const who = { at, subject, organisation, actor: actor ?? null };
  return { ...toldIn(told), ...who, outcome: 'OK', address, ms: null };
}

/** The entry that says how many are missing before it. */
export function lostEntry({ subject }: Principal, at: number, lost: number): AccessEntry {
  return {
    ...toldIn({ operation: 'lost' }),
    ...{ at, subject, organisation: null, actor: null, outcome: 'LOST' },
    ...{ address: null, ms: null, lost },
  };
}

/** The entry of credentials that were refused to an address. */
export function refusalsEntry(
  { subject }: Principal,
  {
    count,
    at,
    address,
    ...told
  }: Pick<Told, 'variables' | 'ids'> & Pick<Attempt, 'at' | 'address'> & { readonly count: number },
): AccessEntry {
  return {
    ...toldIn({ operation: 'authenticate', ...told }),
    ...{ at, subject, organisation: null, actor: null, outcome: 'UNAUTHENTICATED' },
    ...{ address, ms: null, lost: count === 1 ? null : count - 1 },
  };
}

function toldIn({
  operation,
  name = null,
  variables = [],
  ids = [],
}: Told): Pick<
  AccessEntry,
  'id' | 'operation' | 'name' | 'variables' | 'ids' | 'idCount' | 'lost'
> {
  const touched = new Set(ids);
  return {
    id: randomUUID(),
    operation: operation.slice(0, LONGEST),
    name: name?.slice(0, LONGEST) ?? null,
    variables: variables.slice(0, MOST_NAMES).map((one) => one.slice(0, LONGEST)),
    ids: touched.size > MOST_IDS ? [] : [...touched].filter((id) => KEPT_ID.test(id)),
    idCount: touched.size,
    lost: null,
  };
}

/**
 * The hash of an entry: SHA-256, hexadecimal, of the hash of the entry before (none for the first), a line feed, and the JSON of a list of
 * what the entry holds, in this order. So whoever has the entries can check them.
 */
export function hashAfter(before: string, e: Omit<ChainedEntry, 'hash'>): string {
  const who = [e.n, e.id, e.at, e.subject, e.organisation, e.actor];
  const what = [e.operation, e.name, e.variables, e.ids, e.idCount];
  const content = JSON.stringify([...who, ...what, e.outcome, e.address, e.ms, e.lost]);
  return createHash('sha256').update(`${before}\n${content}`).digest('hex');
}
