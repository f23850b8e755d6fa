import { isPartner } from '../access/view.js';
import type { View } from '../access/view.js';
import type { EpcFormat } from '../epcis/translate-identifiers.js';
import { LearnedPrefixLengths } from '../gs1/prefix-lengths.js';
import type { PrefixLengths, PrefixTable } from '../gs1/prefix-lengths.js';
import { cypher } from '../graph/cypher.js';
import type { Clock } from '../shared/clock.js';

interface PrefixRow {
  readonly gcp: string;
}

const PREFIXES = cypher.packages<PrefixRow>('query.companyPrefixes', {
  mayScan:
    'reads one row for each product, site, party and container, but seldom, and only where URNs are asked for',
})`
CALL () {
  MATCH (p:Product) RETURN p.gcp AS gcp
  UNION MATCH (s:Site) RETURN s.gcp AS gcp
  UNION MATCH (p:Party) RETURN p.gcp AS gcp
  UNION MATCH (c:Container) RETURN c.gcp AS gcp
}
WITH DISTINCT gcp WHERE gcp IS NOT NULL
RETURN gcp`;

/** The time before the next read, as a multiple of the time that the last one took. */
const REST = 20;

/**
 * The company prefixes that are known from URNs in the store, whichever process captured them, and from the operator's table. Partners are
 * answered by the table alone: what others captured would tell of them by the form of an identifier.
 *
 * They are read when first asked for. After that they are read again when the log has moved on, but rarely enough to cost little.
 */
export class CompanyPrefixes {
  readonly #lengths: LearnedPrefixLengths;
  readonly #table: PrefixLengths;
  #readTo = -1;
  #restUntil = 0;
  #reading: Promise<void> | undefined;

  constructor(
    private readonly deps: { readonly view: View; readonly clock: Clock },
    table?: PrefixTable,
  ) {
    this.#lengths = new LearnedPrefixLengths(table);
    this.#table = new LearnedPrefixLengths(table);
  }

  /** What is known now to who asks. A format that needs no lengths reads nothing. */
  async knownFor(format: EpcFormat, asking: Pick<View, 'principal'>): Promise<PrefixLengths> {
    return format === 'Always_EPC_URN' ? this.known(asking) : this.#lengths;
  }

  /** What is known now to who asks. */
  async known(asking: Pick<View, 'principal'>): Promise<PrefixLengths> {
    if (isPartner(asking)) return this.#table;
    this.#reading ??= this.#refresh().finally(() => {
      this.#reading = undefined;
    });
    await this.#reading;
    return this.#lengths;
  }

  async #refresh(): Promise<void> {
    const { view, clock } = this.deps;
    const began = clock.now();
    if (began < this.#restUntil) return;
    const seq = await view.log.read();
    if (seq === this.#readTo) return;
    for (const { gcp } of await view.read(PREFIXES)) this.#lengths.learn(gcp);
    this.#readTo = seq;
    const ended = clock.now();
    this.#restUntil = ended + (ended - began) * REST;
  }
}
