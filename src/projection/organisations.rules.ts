import type { Organisations } from './sight.js';

/** What the register has under the key of a site or a party. */
export interface RegisteredKey {
  readonly key: string;
  /** Who runs the site, the most exact first: organisation, and from when until when. Absent ends are open. */
  readonly operators: readonly RegisteredOperator[];
  /** The topmost party above the party; null when it is not registered as a party. */
  readonly organisation: string | null;
  /** Company prefixes of an organisation. */
  readonly prefixes: readonly string[] | null;
}

interface RegisteredOperator {
  readonly organisation: string;
  readonly from: number | null;
  readonly to: number | null;
}

/**
 * Organisations as the register has them. A party belongs to the topmost party above it, and an unregistered one is an organisation of its
 * own. An organisation may begin the packages whose keys have one of its company prefixes.
 *
 * @param find what is registered under a key; undefined for nothing
 */
export function registeredOrganisations(
  find: (key: string) => RegisteredKey | undefined,
): Organisations {
  return {
    of: (key, t) => {
      const known = find(key);
      const operator = known?.operators.find(
        ({ from, to }) => (from === null || from <= t) && (to === null || t < to),
      );
      if (operator !== undefined) return operator.organisation;
      return key.startsWith('417/') ? (known?.organisation ?? key) : null;
    },
    mayBegin: (key, organisation) => {
      const digits = prefixedDigits(key);
      return find(organisation)?.prefixes?.some((prefix) => digits.startsWith(prefix)) === true;
    },
  };
}

/** The digits of a key from its company prefix on. GTIN, SSCC and GRAI have another digit before it. */
function prefixedDigits(key: string): string {
  if (key.startsWith('01/') || key.startsWith('00/')) return key.slice(4);
  if (key.startsWith('8003/')) return key.slice(6);
  return key.startsWith('8004/') ? key.slice(5) : '';
}

/** Keys of the sites whose operators run a site: the site itself, then its whole GLN. */
export function placesOf(key: string): readonly string[] {
  if (!key.startsWith('414/')) return [];
  const whole = key.slice(0, 17);
  return whole === key ? [key] : [key, whole];
}
