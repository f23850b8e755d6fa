/**
 * The name or address of a `Host` header, of the authority of an address, or of a setting, as a browser spells it: lower case, without
 * the port, an address in full (`127.1` is `127.0.0.1`), IPv6 in brackets. Null when it is none.
 *
 * @see RFC 9110, 7.2; WHATWG URL, host parsing
 */
export function hostNameOf(authority: string): string | null {
  if (!/^(\[[\da-f:.]+\]|[^\s:/?#@\\[\]]+)(:\d*)?$/i.test(authority)) return null;
  const url = `http://${authority}`;
  return URL.canParse(url) ? new URL(url).hostname.replace(/\.$/, '') : null;
}

/** As {@link hostNameOf}, for an address to listen on: IPv6 has no brackets there. */
export function hostNameOfAddress(address: string): string | null {
  return hostNameOf(address.includes(':') ? `[${address}]` : address);
}

/** Whether only this machine can be meant by it; `name` is from {@link hostNameOf}. */
export function isLoopback(name: string): boolean {
  return name === 'localhost' || name === '[::1]' || /^127(\.\d{1,3}){3}$/.test(name);
}
