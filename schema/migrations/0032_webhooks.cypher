// Webhooks of the feed, and the messages that their receivers did not take. Which names exist from the start: see 0021.
CREATE CONSTRAINT webhook_id IF NOT EXISTS FOR (w:Webhook) REQUIRE w.id IS UNIQUE;
CREATE CONSTRAINT dead_letter_id IF NOT EXISTS FOR (d:DeadLetter) REQUIRE d.id IS UNIQUE;
CREATE INDEX webhook_organisation IF NOT EXISTS FOR (w:Webhook) ON (w.organisation, w.createdAt);
CREATE INDEX webhook_lease IF NOT EXISTS FOR (w:Webhook) ON (w.leaseUntil);
CREATE INDEX dead_letter_webhook IF NOT EXISTS FOR (d:DeadLetter) ON (d.webhook, d.at);
UNWIND ['Webhook', 'DeadLetter'] AS name CALL db.createLabel(name);
UNWIND [
  'body', 'failingSince', 'filter', 'messageId', 'oldSecret', 'oldSecretUntil', 'pausedAt', 'pausedFor', 'secret', 'takenAt', 'url', 'webhook'
] AS name CALL db.createProperty(name);
