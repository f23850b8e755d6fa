// When the newest title of its own in a holding was stated: what was said of all in it since needs no look inside. Which names exist from the start: see 0021.
CALL db.createProperty('ownAt');
