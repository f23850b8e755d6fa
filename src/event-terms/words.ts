/** Where an extension field stands: beside the event's own fields, or inside one of them. */
export type FieldScope =
  | 'event'
  | 'ilmd'
  | 'errorDeclaration'
  | 'sensorElement'
  | 'sensorMetadata'
  | 'sensorReport'
  | 'readPoint'
  | 'bizLocation';

/** The lists of EPCs an event may have, by the part they play. */
export type EpcRole = 'epc' | 'child' | 'parent' | 'input' | 'output';

/** Lists of EPC classes: `quantityList` and `childQuantityList` together, inputs, outputs. */
export type ClassRole = 'any' | 'input' | 'output';

/** Lists whose elements have a type of their own. */
export type TypedList = 'bizTransaction' | 'source' | 'destination';
