export { findRecallScope } from './find-recall-scope.js';
export { readOperators } from './consignees.read-model.js';
export { followMembers } from './follow-members.js';
export type { RecallScope, RecallSelectors, ScopeRow } from './recall-scope.js';
export { readSurroundings, NOW, siteOrNull, toMark } from './surrounding.read-model.js';
export type { MarkColumns } from './surrounding.read-model.js';
export { inForce } from './surrounding.rules.js';
export type { Mark, Surrounding } from './surrounding.rules.js';
