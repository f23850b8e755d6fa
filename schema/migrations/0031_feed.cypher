// What each organisation that takes part is told, numbered without gaps, and how far somebody took it. Which names exist from the start: see 0021.
CREATE CONSTRAINT feed_p IF NOT EXISTS FOR (f:Feed) REQUIRE f.p IS UNIQUE;
CREATE CONSTRAINT told_last IF NOT EXISTS FOR (t:Told) REQUIRE (t.p, t.last) IS UNIQUE;
CREATE INDEX told_seq IF NOT EXISTS FOR (t:Told) ON (t.seq);
CREATE INDEX told_at IF NOT EXISTS FOR (t:Told) ON (t.at);
CREATE CONSTRAINT committed_cursor_name IF NOT EXISTS FOR (c:CommittedCursor) REQUIRE (c.p, c.name) IS UNIQUE;
UNWIND ['Feed', 'Told', 'CommittedCursor'] AS name CALL db.createLabel(name);
UNWIND ['told', 'last', 'cursor'] AS name CALL db.createProperty(name);
