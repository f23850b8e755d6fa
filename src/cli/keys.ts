import { Command, InvalidArgumentError } from 'commander';
import { listKeys } from '../access/api-key.read-model.js';
import type { ApiKey } from '../access/api-key.js';
import { createKey } from '../access/create-key.js';
import { revokeKey } from '../access/end-access.js';
import { isRole, isScope, ROLE_NAMES, SCOPES } from '../access/roles.js';
import type { Role, Scope } from '../access/roles.js';
import { hostView } from '../access/view.js';
import type { View } from '../access/view.js';
import { parseGln } from '../gs1/identifier.js';
import { systemClock } from '../shared/clock.js';
import type { Clock } from '../shared/clock.js';
import { say } from './terminal.js';
import { withStore } from './with-store.js';

interface CreateOptions {
  readonly label: string;
  readonly organisation?: string;
  readonly role?: readonly Role[];
  readonly scope?: readonly Scope[];
  readonly site?: readonly string[];
  readonly days?: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** `custody-graph keys create|list|revoke`: keys, for whoever has access to the store. */
export function keysCommand(): Command {
  const create = new Command('create')
    .description('make a key and print it; it is shown only once')
    .requiredOption('--label <text>', 'who uses it, and where')
    .option(
      '--organisation <GLN>',
      'the organisation that uses it; leave it out for the host',
      partyKey,
    )
    .option(
      '--role <role>',
      `a role of the host: ${ROLE_NAMES.join(', ')}; repeat it for more`,
      role,
    )
    .option('--scope <scope>', `only for this: ${SCOPES.join(', ')}; repeat it for more`, scope)
    .option('--site <GLN>', 'only at this site; repeat it for more', site)
    .option(
      '--days <number>',
      'how long it is good; leave it out for a key that does not expire',
      days,
    )
    .action(async (options: CreateOptions) => {
      const { label, organisation = null } = options;
      const made = await withKeys((deps) =>
        createKey(deps, {
          ...{ label, organisation, scopes: options.scope ?? null, sites: options.site ?? null },
          roles: options.role ?? (organisation === null ? [] : ['partner']),
          expiresAt: options.days === undefined ? null : deps.clock.now() + options.days * DAY_MS,
        }),
      );
      say(made.secret);
    });
  const list = new Command('list')
    .description('list keys, newest first')
    .option('--all', 'also those that have expired or were revoked', false)
    .action(async ({ all }: { readonly all: boolean }) => {
      const keys = await withKeys(({ view, clock }) =>
        listKeys(view, { organisation: null, all, now: clock.now() }),
      );
      for (const key of keys) say(lineOf(key));
      if (keys.length === 0) say('There are no keys. Make one with "custody-graph keys create".');
    });
  const revoke = new Command('revoke')
    .description('end a key; what goes on with it ends within five seconds')
    .argument('<id>', 'its id, the part after cg_')
    .action(async (id: string) => {
      const { label } = await withKeys((deps) => revokeKey(deps, id));
      say(`Revoked: ${id} (${label})`);
    });
  return new Command('keys')
    .description('make, list and end the keys of partners and of the host')
    .addCommand(create)
    .addCommand(list)
    .addCommand(revoke);
}

function withKeys<T>(
  work: (deps: { readonly view: View; readonly clock: Clock }) => Promise<T>,
): Promise<T> {
  return withStore(({ store }) => work({ view: hostView(store.graph), clock: systemClock }));
}

function lineOf(key: ApiKey): string {
  const ends = key.revokedAt ?? key.expiresAt;
  const until =
    ends === null
      ? 'no end'
      : `${key.revokedAt === null ? 'until' : 'revoked'} ${new Date(ends).toISOString()}`;
  const used =
    key.lastUsedAt === null ? 'never used' : `used ${new Date(key.lastUsedAt).toISOString()}`;
  const owner = key.organisation ?? 'host';
  return [key.id, owner, key.roles.join(' '), key.scopes.join(' '), until, used, key.label].join(
    '  ',
  );
}

/** The key of the party with a GLN. */
export function partyKey(text: string): string {
  return keyOfGln(text, 'party');
}

function site(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, keyOfGln(text, 'location')];
}

function keyOfGln(text: string, level: 'party' | 'location'): string {
  const parsed = parseGln(text, level);
  if (parsed.ok) return parsed.id.key;
  throw new InvalidArgumentError(parsed.message);
}

function role(text: string, before: readonly Role[] = []): readonly Role[] {
  if (isRole(text)) return [...before, text];
  throw new InvalidArgumentError(`The roles are ${ROLE_NAMES.join(', ')}.`);
}

function scope(text: string, before: readonly Scope[] = []): readonly Scope[] {
  if (isScope(text)) return [...before, text];
  throw new InvalidArgumentError(`The scopes are ${SCOPES.join(', ')}.`);
}

function days(text: string): number {
  const number = Number(text);
  if (number > 0 && number <= 3650) return number;
  throw new InvalidArgumentError('It must be a number above 0, at most 3650.');
}
