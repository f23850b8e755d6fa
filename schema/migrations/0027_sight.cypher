// Who sees what is kept with the projection once the host has partners (`hasPartners` of the log). What the host alone sent until then is
// seen by nobody else, so nothing is derived again. Which names exist from the start: see 0021.
CREATE INDEX shows_party IF NOT EXISTS FOR ()-[s:SHOWS]-() ON (s.p, s.lot);
CREATE INDEX seen_by_time IF NOT EXISTS FOR ()-[s:SEEN_BY]-() ON (s.p, s.at);
CREATE INDEX seen_by_record IF NOT EXISTS FOR ()-[s:SEEN_BY]-() ON (s.p, s.rec);
UNWIND ['SHOWS', 'SEEN_BY'] AS name CALL db.createRelationshipType(name);
UNWIND [
  'apart', 'apartBelieved', 'apartTitle', 'apartTitleAt', 'believed', 'hands', 'hasPartners', 'mTitle', 'mTitleAt', 'mTitleSince',
  'names', 'own', 'p', 'prefixes', 'rec', 'title', 'titleAt'
] AS name CALL db.createProperty(name);
