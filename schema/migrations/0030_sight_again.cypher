// Units that nobody of standing put somewhere are shown at a place of their own, and error declarations tell who sees them. Where partners
// take part, this is derived again from the events by the next start, as after a rebuild that was interrupted.
MATCH (l:Log {id: 'log'}) WHERE l.hasPartners
SET l.rebuilding = true, l.dropping = true;
