/** Serials of one length over one alphabet, of one product; all of them are different, whoever gets them. */
export interface SerialDomain {
  /** Its characters in the order of their codes, each once; of GS1 set 82. */
  readonly alphabet: string;
  /** Characters of a serial. */
  readonly length: number;
}

/** A pool as stored. `key` is a secret: it leaves this feature nowhere. */
export interface SerialPool extends SerialDomain {
  readonly id: string;
  /** Base64. */
  readonly key: string;
  /** Serials with a lower number are given out. */
  readonly next: number;
}

/** What somebody asks of a pool. */
export interface SerialRequest {
  /** 14 digits. */
  readonly gtin: string;
  readonly count: number;
  readonly alphabet?: string | null | undefined;
  readonly length?: number | null | undefined;
  /** Who gets them: a line, a contract packager, a GLN. */
  readonly allocatedTo: string;
  readonly requestedBy?: string | null | undefined;
  readonly note?: string | null | undefined;
}

/** Serials that were given to somebody. */
export interface SerialAllocation extends SerialDomain {
  readonly id: string;
  readonly gtin: string;
  readonly count: number;
  readonly allocatedTo: string;
  readonly requestedBy: string | null;
  readonly note: string | null;
  /** Epoch ms. */
  readonly allocatedAt: number;
  /** Place among the allocations of the product. */
  readonly n: number;
}

/** Why serials are not given out. */
export interface SerialRefusal {
  readonly code: 'COUNT' | 'ALPHABET' | 'LENGTH' | 'TEXT' | 'GUESSABLE';
  readonly argument: string;
  readonly found: string;
  readonly rule: string;
  readonly remedy: string;
}

/** What is known of one serial of a product. */
export interface SerialStatus {
  readonly gtin: string;
  readonly serial: string;
  /** Null when no pool gave it out. */
  readonly allocation: SerialAllocation | null;
  /** Whether an event that stands commissioned it. */
  readonly commissioned: boolean;
}
