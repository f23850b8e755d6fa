CREATE INDEX event_read_point IF NOT EXISTS FOR (e:Event) ON (e.readPoint, e.eventTime);
CREATE INDEX event_biz_location IF NOT EXISTS FOR (e:Event) ON (e.bizLocation, e.eventTime);
