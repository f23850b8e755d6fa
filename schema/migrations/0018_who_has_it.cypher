// Whom transfers name at a site, the newest first, and the sites at which they name a party; and what is under way from a site.
CREATE INDEX handoff_taken IF NOT EXISTS FOR (h:Handoff) ON (h.takenAt, h.shippedAt, h.takenBy);
CREATE INDEX handoff_given IF NOT EXISTS FOR (h:Handoff) ON (h.from, h.shippedAt, h.fromParty);
CREATE INDEX handoff_taker IF NOT EXISTS FOR (h:Handoff) ON (h.takenBy, h.takenAt);
CREATE INDEX handoff_giver IF NOT EXISTS FOR (h:Handoff) ON (h.fromParty, h.from);
CREATE INDEX holding_origin IF NOT EXISTS FOR (h:Holding) ON (h.origin);
