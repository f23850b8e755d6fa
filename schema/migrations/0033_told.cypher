// What others claim of something that stands alone is not told to those who see it, and changes nothing that is inside something. Where
// partners take part, this is derived again from the events by the next start, as after a rebuild that was interrupted.
CALL db.createProperty('told');
MATCH (l:Log {id: 'log'}) WHERE l.hasPartners
SET l.rebuilding = true, l.dropping = true;
