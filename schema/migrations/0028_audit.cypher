// Who asked for what: a chain of entries, and its end. Which names exist from the start: see 0021.
CREATE CONSTRAINT access_id IF NOT EXISTS FOR (a:Access) REQUIRE a.id IS UNIQUE;
CREATE CONSTRAINT access_n IF NOT EXISTS FOR (a:Access) REQUIRE a.n IS UNIQUE;
CREATE CONSTRAINT access_chain_id IF NOT EXISTS FOR (c:AccessChain) REQUIRE c.id IS UNIQUE;
CREATE INDEX access_at IF NOT EXISTS FOR (a:Access) ON (a.at);
CREATE INDEX access_subject IF NOT EXISTS FOR (a:Access) ON (a.subject, a.at);
CREATE INDEX access_organisation IF NOT EXISTS FOR (a:Access) ON (a.organisation, a.at);
CREATE INDEX access_operation IF NOT EXISTS FOR (a:Access) ON (a.operation, a.at);
CREATE INDEX access_outcome IF NOT EXISTS FOR (a:Access) ON (a.outcome, a.at);
UNWIND ['Access', 'AccessChain'] AS name CALL db.createLabel(name);
UNWIND [
  'actor', 'address', 'idCount', 'ids', 'lost', 'ms', 'operation', 'outcome', 'subject', 'variables'
] AS name CALL db.createProperty(name);
