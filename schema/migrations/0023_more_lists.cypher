// When a shipping is expected is kept on its handoff. The next start derives the projection again, if there is one.
MATCH (l:Log {id: 'log'}) SET l.rebuilding = true, l.dropping = true;
CREATE INDEX handoff_due IF NOT EXISTS FOR (h:Handoff) ON (h.dueAt);
CREATE INDEX handoff_from IF NOT EXISTS FOR (h:Handoff) ON (h.from, h.shippedAt);
CREATE INDEX handoff_to IF NOT EXISTS FOR (h:Handoff) ON (h.to, h.shippedAt);
CREATE INDEX handoff_status IF NOT EXISTS FOR (h:Handoff) ON (h.status, h.shippedAt);
CREATE INDEX lot_expiry IF NOT EXISTS FOR (l:Lot) ON (l.expiry);
CREATE INDEX holding_status IF NOT EXISTS FOR (h:Holding) ON (h.status);
CREATE FULLTEXT INDEX lots IF NOT EXISTS FOR (l:Lot) ON EACH [l.lot]
  OPTIONS {indexConfig: {`fulltext.analyzer`: 'standard-folding'}};
// Containers that stand alone with nothing inside are found by their stay.
CREATE INDEX stay_origin IF NOT EXISTS FOR ()-[s:STAY]-() ON (s.origin);
CREATE INDEX stay_status IF NOT EXISTS FOR ()-[s:STAY]-() ON (s.status);
