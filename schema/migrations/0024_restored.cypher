// When the store was restored from a backup. Which names exist from the start: see 0021.
CALL db.createProperty('restoredAt');
