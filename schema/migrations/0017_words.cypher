// Elements of vocabularies that are no product, site or party: business steps, dispositions, lots.
CREATE CONSTRAINT word_k_unique IF NOT EXISTS FOR (w:Word) REQUIRE w.k IS UNIQUE;
