// What documents say around their events (SBDH, transaction statements), once for all that say the same.
CREATE CONSTRAINT document_header_id_unique IF NOT EXISTS FOR (h:DocumentHeader) REQUIRE h.id IS UNIQUE;
