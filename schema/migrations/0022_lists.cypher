// Lists in either direction, by what people order and select them by.
CREATE INDEX handoff_received IF NOT EXISTS FOR (h:Handoff) ON (h.lastReceivedAt);
CREATE INDEX product_ndc IF NOT EXISTS FOR (p:Product) ON (p.ndc);
CREATE INDEX site_country IF NOT EXISTS FOR (s:Site) ON (s.country);
CREATE INDEX site_type IF NOT EXISTS FOR (s:Site) ON (s.type);
CREATE INDEX party_country IF NOT EXISTS FOR (p:Party) ON (p.country);
CREATE FULLTEXT INDEX names IF NOT EXISTS FOR (n:Product|Site|Party)
  ON EACH [n.name, n.description, n.activeIngredient, n.manufacturer, n.city]
  OPTIONS {indexConfig: {`fulltext.analyzer`: 'standard-folding'}};
UNWIND ['activeIngredient', 'city', 'country', 'description', 'manufacturer', 'ndc'] AS name CALL db.createProperty(name);
