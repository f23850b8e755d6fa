import { hostNameOf, isLoopback } from '../shared/host-name.js';
import { Problem, forbidden } from '../shared/problem.js';

/** The names of the service, and the pages that may use it. */
export interface Callers {
  /** Names and addresses besides loopback, as `hostNameOf` gives them. */
  readonly hosts: readonly string[];
  /** Origins of pages besides those of this service, e.g. `http://localhost:5173`. */
  readonly origins: readonly string[];
}

/** The parts of a request that tell who sent it. */
interface Call {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly rawHeaders: readonly string[];
}

const READS: readonly (string | undefined)[] = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Why a request is refused at once; null when it is not.
 *
 * A page can make its own host name point to this machine. Then its browser treats it as our page,
 * and only the name reveals it. Also, any page can send us a form or open a socket; browsers then
 * send the origin of the page.
 *
 * @param isSocket true if it opens a WebSocket, which may write with any method
 * @see RFC 9112, 3.2 (exactly one Host, or 400); RFC 9110, 7.4 (421 for a name that is not ours); RFC 6454 (Origin)
 */
export function callerFault(call: Call, callers: Callers, isSocket = false): Problem | null {
  const names = namesIn(call);
  if (names === null)
    return new Problem(
      'BAD_USER_INPUT',
      'A request must have exactly one Host header, with a host.',
    );
  const stranger = names.find((name) => !isLoopback(name) && !callers.hosts.includes(name));
  if (stranger !== undefined)
    return new Problem(
      'MISDIRECTED_REQUEST',
      `This service is not known as ${stranger.slice(0, 100)}. Use 127.0.0.1 or localhost, or add the name to ALLOWED_HOSTS.`,
      { details: { host: stranger.slice(0, 100) } },
    );
  if (!isSocket && READS.includes(call.method)) return null;
  const origin = valuesOf(call, 'origin').find((one) => !isOurs(one, call, callers));
  if (origin === undefined) return null;
  const shown = origin.slice(0, 100);
  return forbidden(
    'FOREIGN_PAGE',
    `Pages of the origin ${shown} may neither write here nor open a WebSocket.`,
    { remedy: 'Add it to ALLOWED_ORIGINS if it is yours.', origin: shown },
  );
}

/** The host names of a request: from Host, and from the address if it has one. */
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
  // URL drops the default port of the scheme, which perhaps only one of them names.
  const own = `${protocol}//${valuesOf(call, 'host').join()}`;
  return /^https?:$/.test(protocol) && URL.canParse(own) && new URL(own).host === host;
}

/** All values of a header, because Node shows only the first of several. */
function valuesOf({ rawHeaders }: Call, name: string): readonly string[] {
  return rawHeaders.filter((_, i) => i % 2 === 1 && rawHeaders[i - 1]?.toLowerCase() === name);
}
