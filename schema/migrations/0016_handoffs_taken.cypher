// Where and by whom handoffs were taken in the end: at the newest receipt, else as the shipping meant.
MATCH (h:Handoff) WHERE h.shippedAt IS NOT NULL
OPTIONAL MATCH (h)<-[r:RECEIVED]-(:Package) WHERE r.voided IS NULL
WITH h, max(CASE WHEN r IS NOT NULL THEN [r.t, r.eventId, r.site] END) AS newest
SET h.takenAt = coalesce(nullIf(newest[2], '?'), nullIf(h.to, '?')), h.takenBy = h.toParty;
