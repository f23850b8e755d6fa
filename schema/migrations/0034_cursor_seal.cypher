// The secret with which the cursors of partners are sealed. Which names exist from the start: see 0021.
CALL db.createProperty('cursorSecret');
