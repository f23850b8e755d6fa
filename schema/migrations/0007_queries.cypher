// Named queries, and who is told what they find.
CREATE CONSTRAINT named_query_name_unique IF NOT EXISTS FOR (q:NamedQuery) REQUIRE q.name IS UNIQUE;
CREATE CONSTRAINT query_subscription_id_unique IF NOT EXISTS FOR (s:QuerySubscription) REQUIRE s.id IS UNIQUE;
CREATE INDEX query_subscription_query IF NOT EXISTS FOR (s:QuerySubscription) ON (s.queryName, s.id);
CREATE INDEX query_subscription_lease IF NOT EXISTS FOR (s:QuerySubscription) ON (s.leaseUntil);
