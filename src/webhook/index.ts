export { makeWebhooks } from './make-webhooks.js';
export type { Webhooks } from './make-webhooks.js';
