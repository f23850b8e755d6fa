// Numbers as one word each, as they were written: lot numbers with their products (of the lot number alone there can be only one full-text
// index), and the national numbers of products. Which names exist from the start: see 0021.
CALL db.createProperty('marketAuthorisations');
CREATE FULLTEXT INDEX lot_numbers IF NOT EXISTS FOR (l:Lot) ON EACH [l.lot, l.gtin]
  OPTIONS {indexConfig: {`fulltext.analyzer`: 'keyword'}};
CREATE FULLTEXT INDEX national_numbers IF NOT EXISTS FOR (p:Product) ON EACH [p.ndc, p.marketAuthorisations]
  OPTIONS {indexConfig: {`fulltext.analyzer`: 'keyword'}};
// Attributes are JSON: numbers are found in them by their words.
CREATE FULLTEXT INDEX product_attributes IF NOT EXISTS FOR (p:Product) ON EACH [p.attributes]
  OPTIONS {indexConfig: {`fulltext.analyzer`: 'standard-folding'}};
