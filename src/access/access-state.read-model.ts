import { cypher } from '../graph/cypher.js';
import type { View } from './view.js';

const VERSION = cypher.host<{ version: number }>('access.version')`
  MATCH (a:AccessState {id: 'access'}) RETURN a.version AS version`;

/** A number that grows with each change of who may do what. */
export async function readAccessVersion(view: View, timeoutMs: number): Promise<number> {
  const [row] = await view.read(VERSION, {}, { timeoutMs });
  return row?.version ?? 0;
}

/** What is known of the owner of a token. */
export interface Standing {
  readonly revokedAt: number | null;
  readonly suspendedAt: number | null;
}

const STANDING = cypher.host<Standing>('access.standing')`
  OPTIONAL MATCH (s:RevokedSubject {k: $subject})
  OPTIONAL MATCH (o:Organisation) WHERE o.k IN $organisations
  RETURN s.revokedAt AS revokedAt, max(o.suspendedAt) AS suspendedAt`;

/** Whether the subject of a token was revoked, or one of its organisations suspended: its own, and the topmost of its group. */
export async function readStanding(
  view: View,
  subject: string,
  organisations: readonly string[],
): Promise<Standing> {
  const [row] = await view.read(STANDING, { subject, organisations });
  return row ?? { revokedAt: null, suspendedAt: null };
}
