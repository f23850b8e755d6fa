import { Allowances } from './allowances.js';
import type { AllowanceRules } from './allowances.js';
import type { Clock } from '../shared/clock.js';
import type { Logger } from '../shared/logger.js';
import { hasKeys } from './api-key.read-model.js';
import { Authenticator } from './authenticate.js';
import { createKey } from './create-key.js';
import { cursorSecret } from './credential.store.js';
import { CursorSeal } from './cursor-seal.js';
import type { ChangeDeps } from '../audit/index.js';
import type { Principal } from './principal.js';
import { Sessions } from './sessions.js';
import { tokenVerifier } from './token.js';
import type { TokenRules } from './token.js';
import type { View } from './view.js';

/** Tells who asks, and knows what goes on in whose name, and what that costs. */
export interface Access {
  readonly authenticator: Authenticator;
  readonly sessions: Sessions;
  readonly allowances: Allowances;
  /** What seals the cursors of an organisation; undefined for the host. */
  readonly sealOf: (principal: Principal) => CursorSeal | undefined;
}

/** How the service is to be asked. */
export interface AccessOptions {
  /** The host's. */
  readonly view: View;
  readonly clock: Clock;
  readonly logger: Logger;
  /** As set; undefined when nobody decided. */
  readonly mode: 'open' | 'required' | undefined;
  /** Whether others than the users of this machine can reach the service. */
  readonly isExposed: boolean;
  readonly tokens: Omit<TokenRules, 'clock'>;
  readonly allowances: AllowanceRules;
  /** Receives the key that the first start makes when keys are required. */
  readonly onFirstKey: (secret: string) => void;
}

const OPEN_TO_ALL =
  'ACCESS=open: whoever can reach this service may do everything. Set ACCESS=required for real data.';
const FIRST_KEY_LIFE_MS = 24 * 60 * 60 * 1000;

/** Decides whether the service is open, and makes the first key if nobody could come in otherwise. */
export async function makeAccess(options: AccessOptions): Promise<Access> {
  const { view, clock, logger, mode, tokens } = options;
  const anyKey = await hasKeys(view);
  const needsKey = tokens.issuers.length > 0 || options.isExposed || anyKey;
  const open = mode === undefined ? !needsKey : mode === 'open';
  if (open) logger.warn({}, OPEN_TO_ALL);
  else if (!anyKey) options.onFirstKey(await firstKey(options));
  const verifyToken = tokenVerifier({ ...tokens, clock });
  const authenticator = new Authenticator({ view, clock, open, verifyToken });
  const sessions = new Sessions({ view, clock, logger, authenticator });
  const secret = await cursorSecret(view);
  const sealOf: Access['sealOf'] = ({ organisation }) =>
    organisation === null ? undefined : new CursorSeal(secret, organisation);
  return { authenticator, sessions, allowances: new Allowances(options.allowances, clock), sealOf };
}

/** A key to make the others with. */
async function firstKey(deps: ChangeDeps): Promise<string> {
  const { secret } = await createKey(deps, {
    label: 'first start',
    ...{ organisation: null, roles: ['administrator'], scopes: null, sites: null },
    expiresAt: deps.clock.now() + FIRST_KEY_LIFE_MS,
  });
  return secret;
}
