// What organisations disclose to others, and requests for it. Which names exist from the start: see 0021.
CREATE CONSTRAINT disclosure_id IF NOT EXISTS FOR (d:Disclosure) REQUIRE d.id IS UNIQUE;
CREATE CONSTRAINT disclosure_request_id IF NOT EXISTS FOR (r:DisclosureRequest) REQUIRE r.id IS UNIQUE;
// What one grantor discloses to one grantee: asked with each journey of a partner.
CREATE INDEX disclosure_between IF NOT EXISTS FOR (d:Disclosure) ON (d.grantor, d.grantee);
CREATE INDEX disclosure_at IF NOT EXISTS FOR (d:Disclosure) ON (d.at);
CREATE INDEX disclosure_grantor IF NOT EXISTS FOR (d:Disclosure) ON (d.grantor, d.at);
CREATE INDEX disclosure_grantee IF NOT EXISTS FOR (d:Disclosure) ON (d.grantee, d.at);
CREATE INDEX disclosure_request_at IF NOT EXISTS FOR (r:DisclosureRequest) ON (r.at);
CREATE INDEX disclosure_request_asker IF NOT EXISTS FOR (r:DisclosureRequest) ON (r.asker, r.at);
CREATE INDEX disclosure_request_maker IF NOT EXISTS FOR (r:DisclosureRequest) ON (r.maker, r.at);
UNWIND ['Disclosure', 'DisclosureRequest'] AS name CALL db.createLabel(name);
UNWIND [
  'answer', 'answeredAt', 'asker', 'disclosure', 'grantee', 'grantor', 'maker', 'package', 'products', 'what', 'withdrawnAt'
] AS name CALL db.createProperty(name);
