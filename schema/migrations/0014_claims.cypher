// Every expiry that events state is kept, and the earliest counts; of times of making the newest statement counts.
MATCH (l:Lot)<-[r:OF_CLASS {role: 'ilmd'}]-(e:Event) WHERE r.expiry IS NOT NULL AND e.retracted IS NULL
WITH l, r.expiry AS expiry ORDER BY expiry
WITH l, collect(DISTINCT expiry) AS expiries
SET l.expiries = expiries, l.expiry = expiries[0];
MATCH (l:Lot)<-[r:OF_CLASS {role: 'ilmd'}]-(e:Event) WHERE r.madeAt IS NOT NULL AND e.retracted IS NULL
WITH l, r, e ORDER BY e.eventTime, e.hash
WITH l, collect({t: e.eventTime, hash: e.hash, madeAt: r.madeAt})[-1] AS said
SET l.statedAt = said.t, l.statedBy = said.hash, l.statedMadeAt = said.madeAt, l.madeAt = said.madeAt;
// The projection knows more of commissionings now: the next start derives it again.
MATCH (l:Log {id: 'log'}) SET l.rebuilding = true, l.dropping = true;
