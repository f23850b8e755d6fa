/** A date-time whose `+` before the offset was read as a blank: senders forget to write it as %2B. */
const BLANK_OFFSET = /^(\d{4}-\d\d-\d\dT\d\d:\d\d\S*) (\d\d:\d\d)$/;

/** The query string of a request target, decoded as a form; the `+` of an offset survives. */
export function readQuery(url: string): URLSearchParams {
  const at = url.indexOf('?');
  const query = new URLSearchParams(at < 0 ? '' : url.slice(at + 1));
  const pairs = [...query].map(([name, value]): [string, string] => [
    name,
    value.replace(BLANK_OFFSET, '$1+$2'),
  ]);
  return new URLSearchParams(pairs);
}
