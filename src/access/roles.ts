/** What a credential may be used for. */
export const SCOPES = [
  'read',
  'capture',
  'subscribe',
  'webhooks',
  'keys',
  'policies',
  'audit',
] as const;
/** One of {@link SCOPES}. */
export type Scope = (typeof SCOPES)[number];

/**
 * What each role may do. `partner` is the role of an organisation, all others are roles of the host, who runs the service and sees
 * everything. The README of this folder shows this table.
 */
export const ROLES = {
  analyst: ['read', 'subscribe'],
  recall: ['read', 'subscribe'],
  quality: ['read', 'subscribe', 'audit'],
  authority: ['read'],
  operator: ['read', 'capture', 'subscribe', 'webhooks'],
  administrator: SCOPES,
  partner: ['read', 'capture', 'subscribe', 'webhooks', 'policies'],
} as const satisfies Record<string, readonly Scope[]>;

/** The name of a role. */
export type Role = keyof typeof ROLES;
/** The names of all roles. */
export const ROLE_NAMES = Object.keys(ROLES) as readonly Role[];

/** The scopes of some roles together, in the order of {@link SCOPES}. */
export function scopesOf(roles: readonly Role[]): readonly Scope[] {
  const given = new Set<Scope>(roles.flatMap((role) => [...ROLES[role]]));
  return SCOPES.filter((scope) => given.has(scope));
}

/** Whether a text is the name of a role. */
export function isRole(text: string): text is Role {
  return Object.hasOwn(ROLES, text);
}

/** Whether a text is the name of a scope. */
export function isScope(text: string): text is Scope {
  return (SCOPES as readonly string[]).includes(text);
}
