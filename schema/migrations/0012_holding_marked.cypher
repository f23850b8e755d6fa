// Holdings with members whose status differs from what is around them: few, and every count has to be corrected by them.
CREATE INDEX holding_marked IF NOT EXISTS FOR (h:Holding) ON (h.marked);
