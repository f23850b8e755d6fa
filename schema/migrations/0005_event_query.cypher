// What EPCIS queries find events by. Each index ends in the time, so that rare and frequent values alike are read in order, a page at a time.
CREATE INDEX event_biz_step IF NOT EXISTS FOR (e:Event) ON (e.bizStep, e.eventTime);
CREATE INDEX event_disposition IF NOT EXISTS FOR (e:Event) ON (e.disposition, e.eventTime);
CREATE INDEX event_kind IF NOT EXISTS FOR (e:Event) ON (e.type, e.action, e.eventTime);
CREATE INDEX says_term IF NOT EXISTS FOR ()-[s:SAYS]-() ON (s.term, s.at);
CREATE INDEX error_declaration_seq IF NOT EXISTS FOR (d:ErrorDeclaration) ON (d.seq);
