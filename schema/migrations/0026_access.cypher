// Who may ask: keys, organisations, subjects that were revoked. Which names exist from the start: see 0021.
CREATE CONSTRAINT api_key_id IF NOT EXISTS FOR (k:ApiKey) REQUIRE k.id IS UNIQUE;
CREATE CONSTRAINT organisation_k IF NOT EXISTS FOR (o:Organisation) REQUIRE o.k IS UNIQUE;
CREATE CONSTRAINT revoked_subject_k IF NOT EXISTS FOR (s:RevokedSubject) REQUIRE s.k IS UNIQUE;
CREATE CONSTRAINT access_state_id IF NOT EXISTS FOR (a:AccessState) REQUIRE a.id IS UNIQUE;
// A partner's capture jobs. Jobs of the host have no sender.
CREATE INDEX capture_job_sent_by IF NOT EXISTS FOR (j:CaptureJob) ON (j.sentBy, j.createdAt);
UNWIND ['ApiKey', 'Organisation', 'RevokedSubject', 'AccessState'] AS name CALL db.createLabel(name);
UNWIND [
  'createdBy', 'expiresAt', 'label', 'lastUsedAt', 'organisation', 'revokedAt', 'scopes', 'sites', 'suspendedAt', 'version'
] AS name CALL db.createProperty(name);
