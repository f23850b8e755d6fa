import type { DefaultTab } from './default-tabs';

const BEGIN = '#tab=';

/**
 * The address of the page with this tab in its fragment, which browsers never send to a server. The
 * headers are not in it, because they may hold a secret.
 */
export function linkTo(page: URL, tab: DefaultTab): string {
  const bytes = new TextEncoder().encode(JSON.stringify(tab));
  const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  const base64url = base64.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
  return page.origin + page.pathname + BEGIN + base64url;
}

/** The tab of a fragment; `none` without a fragment, `broken` for what {@link linkTo} never wrote. */
export function readLink(fragment: string): DefaultTab | 'none' | 'broken' {
  if (fragment === '' || fragment === '#') return 'none';
  if (!fragment.startsWith(BEGIN)) return 'broken';
  try {
    const base64 = fragment.slice(BEGIN.length).replaceAll('-', '+').replaceAll('_', '/');
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const tab: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return isTab(tab) ? tab : 'broken';
  } catch {
    return 'broken';
  }
}

function isTab(value: unknown): value is DefaultTab {
  const tab = value as Partial<DefaultTab> | null;
  return typeof tab?.query === 'string' && typeof tab.variables === 'string';
}
