CREATE CONSTRAINT serial_space_gtin_unique IF NOT EXISTS FOR (s:SerialSpace) REQUIRE s.gtin IS UNIQUE;
CREATE CONSTRAINT serial_pool_id_unique IF NOT EXISTS FOR (p:SerialPool) REQUIRE p.id IS UNIQUE;
CREATE CONSTRAINT serial_allocation_id_unique IF NOT EXISTS FOR (a:SerialAllocation) REQUIRE a.id IS UNIQUE;
CREATE CONSTRAINT serial_range_id_unique IF NOT EXISTS FOR (r:SerialRange) REQUIRE r.id IS UNIQUE;
CREATE INDEX serial_pool_gtin IF NOT EXISTS FOR (p:SerialPool) ON (p.gtin, p.length);
CREATE INDEX serial_allocation_gtin IF NOT EXISTS FOR (a:SerialAllocation) ON (a.gtin, a.n);
CREATE INDEX serial_range_pool IF NOT EXISTS FOR (r:SerialRange) ON (r.pool, r.from);
CREATE INDEX serial_range_allocation IF NOT EXISTS FOR (r:SerialRange) ON (r.allocation);
CREATE INDEX serial_exception_package IF NOT EXISTS FOR (x:SerialException) ON (x.k);
