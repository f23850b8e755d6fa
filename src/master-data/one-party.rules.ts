/** Other keys under which a party may be known: its GLN as a party (417) and as a place (414), with and without an extension. */
export interface PartyForms {
  readonly key: string;
  /** `417/<gln>`. Null when the key has no GLN; then `whole` is null too. */
  readonly legal: string | null;
  /** The key itself when it is a place or has no GLN, else `414/<gln>`. */
  readonly place: string | null;
  /** `414/<gln>`. */
  readonly whole: string | null;
}

/** What the register knows about a key that names a party. */
export interface PartyFacts {
  readonly key: string;
  /**
   * Whether `417/<gln>` is registered or runs a place. The next three say whether the key itself is registered as a party, its place, and
   * the whole GLN as a place.
   */
  readonly legal: boolean;
  readonly own: boolean;
  readonly place: boolean;
  readonly whole: boolean;
  /** Key of the party that is registered to run the place of the key, or its whole GLN. */
  readonly operator: string | null;
}

const GLN = /^41[47]\/(\d{13})(?:\/254\/.+)?$/;

/** The forms of a key that names a place or a party. */
export function partyForms(key: string): PartyForms {
  const gln = GLN.exec(key)?.[1];
  if (gln === undefined) return { key, legal: null, place: key, whole: null };
  const whole = `414/${gln}`;
  return { key, legal: `417/${gln}`, place: key.startsWith('414/') ? key : whole, whole };
}

/** Every form of a key that follows from the key alone. The key itself comes first. */
export function formsOf(key: string): string[] {
  const { legal, whole } = partyForms(key);
  return [...new Set([key, legal, whole].filter((form) => form !== null))];
}

/** The whole GLN that a site is a part of, as a site. A site that is not a part is returned as it is. */
export function wholeSite(site: string): string {
  return partyForms(site).whole ?? site;
}

/**
 * The one party that a key stands for in the register: the party with the same GLN; else the key, if it is registered as a party; else
 * whoever runs the place of the key; else the place under which its GLN is known; else the key as it is.
 */
export function onePartyOf({ key, ...facts }: PartyFacts): string {
  const { legal, whole } = partyForms(key);
  if (facts.legal && legal !== null) return legal;
  if (facts.own) return key;
  if (facts.operator !== null) return facts.operator;
  const known = facts.place && key.startsWith('414/');
  return facts.whole && whole !== null && !known ? whole : key;
}
