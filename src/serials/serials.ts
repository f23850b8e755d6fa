/** Serials of one length over one alphabet. Within a product all of them are different. */
export interface SerialDomain {
  /** Different characters of GS1 set 82, in the order of their codes. */
  readonly alphabet: string;
  /** Characters of a serial. */
  readonly length: number;
}

/** A pool as stored. `key` is a secret, which never leaves this feature. */
export interface SerialPool extends SerialDomain {
  readonly id: string;
  /** Base64. */
  readonly key: string;
  /** All serials with a lower number are given out. */
  readonly next: number;
}

/** A request for serials. */
export interface SerialRequest {
  /** 14 digits. */
  readonly gtin: string;
  readonly count: number;
  readonly alphabet?: string | null | undefined;
  readonly length?: number | null | undefined;
  /** The receiver: a line, a contract packager, a GLN. */
  readonly allocatedTo: string;
  readonly requestedBy?: string | null | undefined;
  readonly note?: string | null | undefined;
}

/** Serials that were given to one receiver. */
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

/** Why no serials were allocated. */
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
  /** True if a valid event commissioned it. */
  readonly commissioned: boolean;
}
