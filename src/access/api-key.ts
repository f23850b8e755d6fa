import type { Role, Scope } from './roles.js';

/** What a key is for. Its secret is not here: only its hash is stored. */
export interface KeySpec {
  /** What it is for, in the words of who made it. */
  readonly label: string;
  /** Key of the organisation's party; null for the host. */
  readonly organisation: string | null;
  readonly roles: readonly Role[];
  readonly scopes: readonly Scope[];
  /** Keys of sites; null for all. */
  readonly sites: readonly string[] | null;
  /** Epoch ms; null for never. */
  readonly expiresAt: number | null;
}

/** A key that was made. */
export interface ApiKey extends KeySpec {
  readonly id: string;
  readonly createdAt: number;
  /** Subject of who made it. */
  readonly createdBy: string;
  readonly revokedAt: number | null;
  /** To the minute. */
  readonly lastUsedAt: number | null;
}
