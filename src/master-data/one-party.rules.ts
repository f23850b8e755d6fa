/** The other keys under which the party of a key may be known: its GLN as a party (417) and as a place (414), with and without an extension. */
export interface PartyForms {
  readonly key: string;
  /** `417/<gln>`; null for what is no GLN, as the next two. */
  readonly legal: string | null;
  /** As a place: the key itself when it is one, else `414/<gln>`. */
  readonly place: string | null;
  /** `414/<gln>`. */
  readonly whole: string | null;
}

/** What the register tells of a key that names a party. */
export interface PartyFacts {
  readonly key: string;
  /** Whether `417/<gln>` is registered or told to run a place, the key itself registered as a party, its place, and the whole GLN as a place. */
  readonly legal: boolean;
  readonly own: boolean;
  readonly place: boolean;
  readonly whole: boolean;
  /** Key of the party that is told to run the place of the key, or the whole GLN of it. */
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

/** Every form of a key that can be told from the key alone, itself first. */
export function formsOf(key: string): string[] {
  const { legal, whole } = partyForms(key);
  return [...new Set([key, legal, whole].filter((form) => form !== null))];
}

/** The GLN that a site is a part of, as a site; a site that is no part is its own. */
export function wholeSite(site: string): string {
  return partyForms(site).whole ?? site;
}

/**
 * The one party that a key stands for, as the register has it: the party of the same GLN; else the key where it is registered as a
 * party; else who runs the place that the key is; else the place by which its GLN is known; else the key as it is.
 */
export function onePartyOf({ key, ...facts }: PartyFacts): string {
  const { legal, whole } = partyForms(key);
  if (facts.legal && legal !== null) return legal;
  if (facts.own) return key;
  if (facts.operator !== null) return facts.operator;
  const known = facts.place && key.startsWith('414/');
  return facts.whole && whole !== null && !known ? whole : key;
}
