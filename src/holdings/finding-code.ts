/** What the rules find that cannot be right. */
export type FindingCode =
  | 'AFTER_END'
  | 'AMBIGUOUS_ORDER'
  | 'CYCLE'
  | 'DUPLICATE_COMMISSION'
  | 'LOT_CONTRADICTED'
  | 'NOT_COMMISSIONED'
  | 'NOT_IN'
  | 'NO_STANDING'
  | 'PACKED_AFTER_END'
  | 'REPACK_WITHOUT_UNPACK'
  | 'SEEN_APART'
  | 'SERIAL_REUSED'
  | 'SSCC_REUSED'
  | 'TITLE_UNSTATED';
