import type { Refused } from '../access/attempt.js';
import { NOBODY } from '../access/principal.js';
import { refusalsEntry } from './access-entry.js';
import type { AccessEntry } from './access-entry.js';

/** How long refusals are counted before they become an entry. */
const COUNTED_MS = 60_000;
/** Most addresses that are told apart meanwhile; the others share an entry. */
const MOST_ADDRESSES = 100;
/** Most keys that an entry names. */
const MOST_KEYS = 20;

interface Counted {
  readonly at: number;
  count: number;
  readonly reasons: Set<string>;
  readonly keys: Set<string>;
}

/** Counts credentials that are refused: one entry for each address and minute, so that a flood does not fill the log. */
export class RefusedCredentials {
  readonly #counted = new Map<string | null, Counted>();
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly add: (entry: AccessEntry) => void) {}

  note({ address, reason, keyId }: Refused, at: number): void {
    const isNew = !this.#counted.has(address);
    const place = isNew && this.#counted.size >= MOST_ADDRESSES ? null : address;
    const counted = this.#counted.get(place) ?? {
      at,
      count: 0,
      reasons: new Set(),
      keys: new Set(),
    };
    this.#counted.set(place, counted);
    counted.count++;
    counted.reasons.add(reason);
    if (keyId !== null && counted.keys.size < MOST_KEYS) counted.keys.add(keyId);
    this.#timer ??= setTimeout(() => {
      this.flush();
    }, COUNTED_MS).unref();
  }

  /** Makes the entries of what was counted until now. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const [address, { at, count, reasons, keys }] of this.#counted)
      this.add(refusalsEntry(NOBODY, { at, address, count, variables: [...reasons], ids: keys }));
    this.#counted.clear();
  }
}
