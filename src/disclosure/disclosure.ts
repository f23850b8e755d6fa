import type { PageKeyShape } from '../shared/page.js';

/** What may be disclosed. */
export const DISCLOSURE_KINDS = ['ORIGIN', 'CHAIN', 'PARTIES_HIDDEN', 'INPUTS', 'VERIFY'] as const;
/** One of {@link DISCLOSURE_KINDS}. */
export type DisclosureKind = (typeof DISCLOSURE_KINDS)[number];

/** What is disclosed, about which products, and until when. */
export interface DisclosureTerms {
  /** Key of the organisation's party; null for every organisation. */
  readonly grantee: string | null;
  /** GTINs; null for everything. */
  readonly products: readonly string[] | null;
  readonly what: DisclosureKind;
  /** Epoch ms; null for no end. */
  readonly until: number | null;
  readonly reason: string;
}

/** What an organisation discloses to another of what it sees itself. */
export interface Disclosure extends DisclosureTerms {
  readonly id: string;
  /** Key of the organisation's party; null for the host. */
  readonly grantor: string | null;
  /** When it was granted, epoch ms. */
  readonly at: number;
  readonly withdrawnAt: number | null;
}

/** Somebody asks who made a package to disclose its path. */
export interface DisclosureRequest {
  readonly id: string;
  /** Key of the package. */
  readonly package: string;
  /** Key of the party of who asks. */
  readonly asker: string;
  /** Key of the party of who may answer; null for the host. */
  readonly maker: string | null;
  readonly reason: string;
  /** When it was asked, epoch ms. */
  readonly at: number;
  readonly answeredAt: number | null;
  /** The reason of the answer. */
  readonly answer: string | null;
  /** Null when nothing was granted. */
  readonly disclosure: Disclosure | null;
}

/** Stands for the host where the key of an organisation is stored. */
export const THE_HOST = 'host';
/** Stands for every organisation where the key of a grantee is stored. */
export const EVERY_ORGANISATION = '*';

/** The content of cursors of both lists: when it was granted or asked, and the id. */
export const DISCLOSURE_SHAPE: PageKeyShape = ['number', 'string'];
