// Class-level quantities have a relationship of their own: who asks for them does not walk the commissionings of a lot.
MATCH (e:Event)-[was:OF_CLASS]->(l:Lot) WHERE was.role <> 'ilmd'
CREATE (e)-[r:OF_QUANTITY]->(l) SET r = properties(was)
DELETE was;
