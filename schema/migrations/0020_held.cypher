// Holdings tell of every unit that ever came into them, by lot: the next start derives the projection again.
MATCH (l:Log {id: 'log'}) SET l.rebuilding = true, l.dropping = true;
