export { changeBy } from './access-entry.js';
export { AccessLog } from './access-log.js';
export { appendAccess } from './access.store.js';
export { changeWithEntry } from './change-with-entry.js';
export type { ChangeDeps } from './change-with-entry.js';
export { verifyAccesses } from './verify-accesses.js';
export type { AccessVerdict } from './verify-accesses.js';
