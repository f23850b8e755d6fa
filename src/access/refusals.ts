import { Problem, forbidden } from '../shared/problem.js';

/** Why credentials are not good. A socket is closed with 4403 for the last two, with 4401 for the others. */
export type Refusal = 'MISSING' | 'BAD' | 'EXPIRED' | 'REVOKED' | 'SUSPENDED';

/** What is wrong, and what to do. */
const SAID: Readonly<Record<Refusal, readonly [string, string]>> = {
  MISSING: [
    'Say who you are:',
    'send a key or a token as "Authorization: Bearer <it>", or a key as "x-api-key".',
  ],
  BAD: [
    'This key or token is not good.',
    'A key looks like cg_<id>_<secret>; ask the administrator for one.',
  ],
  EXPIRED: ['This key or token has expired.', 'Use a new one.'],
  REVOKED: ['This key or token was revoked.', 'Ask the administrator for another.'],
  SUSPENDED: ['The organisation of this key or token is suspended.', 'Ask the administrator.'],
};

/** The refusal of credentials, `UNAUTHENTICATED`, with its reason. */
export function notKnown(reason: Refusal): Problem {
  const [what, remedy] = SAID[reason];
  return new Problem('UNAUTHENTICATED', `${what} ${remedy}`, { details: { reason, remedy } });
}

/** The refusal of credentials for something that somebody else has begun. */
export function otherPrincipal(): Problem {
  return forbidden('OTHER_CALLER', 'These credentials are of somebody else, or may do less.', {
    remedy: 'Open a new socket with them.',
  });
}

/** What ends a subscription or a stream whose credentials are good no longer. */
export function accessEnded({ code, message, details }: Problem): Problem {
  return new Problem('ACCESS_ENDED', message, { details: { reason: details?.['reason'] ?? code } });
}

/** A close frame has room for no more (RFC 6455, 5.5). */
const LONGEST_REASON = 120;

/** Close code and reason of a socket whose credentials are refused or are good no longer, or who has too many. */
export function closingOf(why: Problem): [code: number, reason: string] {
  return [closeCodeOf(why), why.message.slice(0, LONGEST_REASON)];
}

function closeCodeOf(error: Problem): number {
  if (error.code === 'INTERNAL_SERVER_ERROR') return 1011;
  const reason = error.details?.['reason'];
  if (error.code === 'RATE_LIMITED') return 4429;
  if (error.code === 'FORBIDDEN' || reason === 'REVOKED' || reason === 'SUSPENDED') return 4403;
  // 1013 is "try again later" (IANA registry of WebSocket close codes).
  return error.code === 'UNAUTHENTICATED' ? 4401 : 1013;
}
