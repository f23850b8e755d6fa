/**
 * The host in a `Host` header, a URL authority or a setting, as a browser spells it: lower case,
 * without port, addresses in full (`127.1` is `127.0.0.1`), IPv6 in brackets. Null if there is
 * none.
 *
 * @see RFC 9110, 7.2; WHATWG URL, host parsing
 */
export function hostNameOf(authority: string): string | null {
  if (!/^(\[[\da-f:.]+\]|[^\s:/?#@\\[\]]+)(:\d*)?$/i.test(authority)) return null;
  const url = `http://${authority}`;
  return URL.canParse(url) ? new URL(url).hostname.replace(/\.$/, '') : null;
}

/** Like {@link hostNameOf}, for an address to listen on, where IPv6 has no brackets. */
export function hostNameOfAddress(address: string): string | null {
  return hostNameOf(address.includes(':') ? `[${address}]` : address);
}

/** True for a name that can only mean this machine; `name` comes from {@link hostNameOf}. */
export function isLoopback(name: string): boolean {
  return name === 'localhost' || name === '[::1]' || /^127(\.\d{1,3}){3}$/.test(name);
}
