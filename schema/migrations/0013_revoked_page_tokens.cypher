CREATE CONSTRAINT revoked_page_token_id_unique IF NOT EXISTS FOR (t:RevokedPageToken) REQUIRE t.id IS UNIQUE;
CREATE INDEX revoked_page_token_until IF NOT EXISTS FOR (t:RevokedPageToken) ON (t.until);
