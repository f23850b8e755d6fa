import { lookup as resolve } from 'node:dns';
import type { LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { IPv6 } from 'ipaddr.js';
import { Problem } from '../shared/problem.js';

/** Internal destinations that are allowed: all, or hosts, addresses, networks (`10.1.0.0/16`). */
export type InternalAllowed = true | readonly string[];

/** Resolves names to addresses; a test passes its own. */
export type Resolver = (
  host: string,
  done: (error: NodeJS.ErrnoException | null, addresses: readonly LookupAddress[]) => void,
) => void;

/** An address that callers must not make this server contact; the message says which and why. */
export class ForbiddenDestination extends Error {}

const REGISTRATION_LOOKUP_MS = 3000;

const systemResolver: Resolver = (host, done) => {
  resolve(host, { all: true, verbatim: true }, (error, addresses) => {
    done(error, addresses);
  });
};

/**
 * Keeps webhooks, whose destinations callers choose, off this server's own network (OWASP,
 * server-side request forgery).
 *
 * A destination is checked when a subscription is made, and again at each connection. The
 * connection uses the checked address, so a name that resolves differently later gains nothing.
 */
export class DestinationGuard {
  readonly #allowed: InternalAllowed;
  readonly #resolve: Resolver;

  constructor(allowed: InternalAllowed, resolver: Resolver = systemResolver) {
    this.#allowed = allowed;
    this.#resolve = resolver;
  }

  /**
   * Checks a destination when a subscription is made. A name that cannot be resolved now passes,
   * because each connection is checked again.
   *
   * @throws Problem SUBSCRIPTION_CONTROLS
   */
  async admit(dest: string): Promise<void> {
    try {
      await this.check(dest);
    } catch (error) {
      if (!(error instanceof ForbiddenDestination)) throw error;
      throw new Problem('SUBSCRIPTION_CONTROLS', `"dest": ${error.message}`, {
        details: { parameter: 'dest' },
      });
    }
  }

  /**
   * Checks a destination, and what its name leads to now.
   *
   * @returns whether it leads anywhere
   * @throws ForbiddenDestination
   */
  async check(dest: string): Promise<boolean> {
    const host = hostOf(this.checkUrl(dest));
    if (isIP(host) !== 0) return true;
    const addresses = await this.#resolveSoon(host);
    this.#checkAll(host, addresses);
    return addresses.length > 0;
  }

  /**
   * Checks what needs no name resolution. Literal addresses are never looked up, so it checks them.
   *
   * @throws ForbiddenDestination
   */
  checkUrl(dest: string): URL {
    const url = new URL(dest);
    const host = hostOf(url);
    if (url.protocol !== 'https:' && url.protocol !== 'http:')
      throw new ForbiddenDestination(`only https is allowed, not ${url.protocol}`);
    if (url.protocol === 'http:' && !this.#isAllowedHost(host))
      throw new ForbiddenDestination(
        `only https is allowed, unless the operator allows ${host} (WEBHOOK_ALLOW_INTERNAL)`,
      );
    if (isIP(host) !== 0) this.#checkAddress(host, host);
    return url;
  }

  /** For `node:http`: returns the addresses of a host only if all of them are allowed. */
  readonly lookup: LookupFunction = (host, options, callback) => {
    this.#resolve(host, (error, addresses) => {
      const fault = error ?? this.#faultOf(host, addresses);
      if (fault !== null) {
        callback(fault, '');
        return;
      }
      const fitting = addresses.filter(
        ({ family }) =>
          options.family === undefined || [0, family].includes(Number(options.family)),
      );
      const [first] = fitting;
      if (first === undefined) callback(new Error(`${host} has no address`), '');
      else if (options.all === true) callback(null, fitting);
      else callback(null, first.address, first.family);
    });
  };

  #faultOf(host: string, addresses: readonly LookupAddress[]): Error | null {
    try {
      this.#checkAll(host, addresses);
      return null;
    } catch (error) {
      return error as Error;
    }
  }

  #checkAll(host: string, addresses: readonly LookupAddress[]): void {
    for (const { address } of addresses) this.#checkAddress(host, address);
  }

  #checkAddress(host: string, address: string): void {
    const kind = internalKindOf(address);
    if (kind === null || this.#isAllowedHost(host) || this.#isAllowedAddress(address)) return;
    const shown = host === address ? host : `${host} (${address})`;
    throw new ForbiddenDestination(
      `${shown} is not a public address (${kind}); the operator may allow it (WEBHOOK_ALLOW_INTERNAL)`,
    );
  }

  #isAllowedHost(host: string): boolean {
    return (
      this.#allowed === true ||
      this.#allowed.some((entry) => entry.toLowerCase() === host.toLowerCase()) ||
      (isIP(host) !== 0 && this.#isAllowedAddress(host))
    );
  }

  #isAllowedAddress(address: string): boolean {
    if (this.#allowed === true) return true;
    const parsed = ipaddr.process(address);
    return this.#allowed.some((entry) => isInside(parsed, entry));
  }

  #resolveSoon(host: string): Promise<readonly LookupAddress[]> {
    return new Promise((done) => {
      const late = setTimeout(() => {
        done([]);
      }, REGISTRATION_LOOKUP_MS);
      this.#resolve(host, (error, addresses) => {
        clearTimeout(late);
        done(error === null ? addresses : []);
      });
    });
  }
}

/** Why an address is not public; null when it is. */
export function internalKindOf(address: string): string | null {
  const parsed = ipaddr.parse(address.split('%', 1)[0] ?? address);
  if (parsed.kind() === 'ipv4') return unlessUnicast(parsed.range());
  const v6 = parsed as IPv6;
  if (v6.isIPv4MappedAddress()) return unlessUnicast(v6.toIPv4Address().range());
  if (v6.match(NAT64, 96)) return unlessUnicast(embeddedIn(v6).range());
  // Only 2000::/3 is public; ipaddr.js calls others unicast too, such as `::7f00:1`.
  return unlessUnicast(v6.match(GLOBAL_UNICAST, 3) ? v6.range() : `not ${v6.range()}`);
}

const GLOBAL_UNICAST = ipaddr.IPv6.parse('2000::');
const NAT64 = ipaddr.IPv6.parse('64:ff9b::');

const unlessUnicast = (range: string): string | null => (range === 'unicast' ? null : range);

function embeddedIn(address: IPv6): ReturnType<IPv6['toIPv4Address']> {
  const [a = 0, b = 0] = address.parts.slice(6);
  return new ipaddr.IPv4([a >> 8, a & 255, b >> 8, b & 255]);
}

function isInside(address: ReturnType<typeof ipaddr.process>, entry: string): boolean {
  if (ipaddr.isValidCIDR(entry)) {
    const [network, bits] = ipaddr.parseCIDR(entry);
    return network.kind() === address.kind() && address.match(network, bits);
  }
  return ipaddr.isValid(entry) && ipaddr.process(entry).toString() === address.toString();
}

/** The host as `isIP` and resolvers need it: an IPv6 address without brackets. */
function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}
