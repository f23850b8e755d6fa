// What lies ahead of the clock waits: found by when it is due.
CREATE INDEX event_waits IF NOT EXISTS FOR (e:Event) ON (e.waits);
// Record times never go back from the newest on.
MATCH (b:Batch) WITH max(b.at) AS at
MATCH (l:Log {id: 'log'}) SET l.at = at;
// What was dated ahead joined the projection so far: the next start derives it again.
MATCH (l:Log {id: 'log'}) SET l.rebuilding = true, l.dropping = true;
