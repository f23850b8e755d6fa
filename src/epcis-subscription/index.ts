export { parseSchedule } from './schedule.rules.js';
export type { StandingQueries } from './standing-queries.js';
export type { WebhookControls, XmlFormat } from './subscription.js';
