import { hostNameOf, isLoopback } from '../shared/host-name.js';
import { Problem } from '../shared/problem.js';

/** By which names the service is known, and which pages may use it. */
export interface Callers {
  /** Names and addresses besides loopback, as `hostNameOf` gives them. */
  readonly hosts: readonly string[];
  /** Origins of pages besides those of this service, e.g. `http://localhost:5173`. */
  readonly origins: readonly string[];
}

/** Nobody but this machine. */
export const LOOPBACK_ONLY: Callers = { hosts: [], origins: [] };

/** What of a request tells who sent it. */
interface Call {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly rawHeaders: readonly string[];
}

const READS: readonly (string | undefined)[] = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Why a request is not answered at all; null when it is.
 *
 * A page may bring its own name to point to this machine and then counts, for its browser, as our own: only the name gives it away. And
 * any page may send us a form or open a socket: browsers then say whose page it is.
 *
 * @param isSocket whether it opens a WebSocket, which may write whatever its method
 * @see RFC 9112, 3.2 (exactly one Host, or 400); RFC 9110, 7.4 (421 for a name that is not ours); RFC 6454 (Origin)
 */
export function callerFault(call: Call, callers: Callers, isSocket = false): Problem | null {
  const names = namesIn(call);
  if (names === null)
    return new Problem('BAD_USER_INPUT', 'A request has exactly one Host header, with a host.');
  const stranger = names.find((name) => !isLoopback(name) && !callers.hosts.includes(name));
  if (stranger !== undefined)
    return new Problem(
      'MISDIRECTED_REQUEST',
      `This service is not known as ${stranger.slice(0, 100)}. Ask it by 127.0.0.1 or localhost, or add the name to ALLOWED_HOSTS.`,
      { details: { host: stranger.slice(0, 100) } },
    );
  if (!isSocket && READS.includes(call.method)) return null;
  const origin = valuesOf(call, 'origin').find((one) => !isOurs(one, call, callers));
  if (origin === undefined) return null;
  return new Problem(
    'FORBIDDEN',
    `Pages of the origin ${origin.slice(0, 100)} may neither write here nor open a WebSocket. Add it to ALLOWED_ORIGINS when it is yours.`,
    { details: { origin: origin.slice(0, 100) } },
  );
}

/** The names it was asked by: that of Host, and that of the address when it has one. */
function namesIn(call: Call): readonly string[] | null {
  const hosts = valuesOf(call, 'host');
  const [, authority] = /^[a-z][\w+.-]*:\/\/([^/?#]*)/i.exec(call.url ?? '') ?? [];
  const names = [...hosts, ...(authority === undefined ? [] : [authority])].map(hostNameOf);
  return hosts.length === 1 && names.every((name) => name !== null) ? names : null;
}

function isOurs(origin: string, call: Call, { origins }: Callers): boolean {
  if (origins.includes(origin)) return true;
  if (!URL.canParse(origin)) return false;
  const { protocol, host } = new URL(origin);
  // Without the scheme's own port, which only one of them may name.
  const own = `${protocol}//${valuesOf(call, 'host').join()}`;
  return /^https?:$/.test(protocol) && URL.canParse(own) && new URL(own).host === host;
}

/** Every value of a header: Node shows the first one of several. */
function valuesOf({ rawHeaders }: Call, name: string): readonly string[] {
  return rawHeaders.filter((_, i) => i % 2 === 1 && rawHeaders[i - 1]?.toLowerCase() === name);
}
