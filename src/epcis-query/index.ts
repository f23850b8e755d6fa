export type { AnswerDeps, AnswerForm, QueryDeps } from './answer-query.js';
export { answerQuery, writeFound, writeFoundResults } from './answer-query.js';
export { CompanyPrefixes } from './company-prefixes.read-model.js';
export type {
  EventPage,
  EventQuery,
  FoundEvent,
  PageAsked,
  QueryParameters,
  TopLevelResource,
} from './event-query.js';
export {
  parametersOfJson,
  parametersOfUrl,
  parseEventQuery,
  parseStoredQuery,
} from './query-parameters.rules.js';
export { eventsSince, findEvents } from './event-query.read-model.js';
export { isRevokedToken } from './page-token.store.js';
