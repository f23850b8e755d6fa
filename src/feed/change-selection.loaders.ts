import { keyArgs } from '../graphql/identifier-arg.js';
import type { ArgumentKind } from '../graphql/identifier-arg.js';
import type { ChangeSelection } from './change-filter.rules.js';
import type { ChangeFilter } from './changes.types.js';
import type { FeedSelection } from './feed-filter.rules.js';

/** A filter as a selection. */
export function selectionOf(filter: ChangeFilter | null | undefined): ChangeSelection {
  const { kinds, bizSteps, dispositions } = filter ?? {};
  return {
    ...keysOf('ids', filter?.ids, 'package'),
    ...keysOf('lots', filter?.lots, 'lot'),
    ...keysOf('gtins', filter?.gtins, 'product'),
    ...keysOf('sites', filter?.sites, 'site'),
    ...keysOf('parties', filter?.parties, 'party'),
    ...(kinds ? { kinds: new Set(kinds.map((kind) => KINDS[kind])) } : {}),
    ...(bizSteps ? { bizSteps: new Set(bizSteps) } : {}),
    ...(dispositions ? { dispositions: new Set(dispositions) } : {}),
  };
}

const KINDS = {
  LOCATION: 'location',
  HANDOFF: 'handoff',
  EVENT: 'event',
  EXCEPTION: 'exception',
  JOB: 'job',
} as const;

function keysOf(
  name: keyof FeedSelection,
  given: readonly string[] | null | undefined,
  kind: ArgumentKind,
): Partial<Record<keyof FeedSelection, ReadonlySet<string>>> {
  if (given === null || given === undefined) return {};
  const keys = keyArgs(`filter.${name}`, given, kind);
  return { [name]: new Set(kind === 'product' ? keys.map((key) => key.slice(3)) : keys) };
}
