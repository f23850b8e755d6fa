/** Where an extension field is: beside the event's own fields, or inside one of them. */
export type FieldScope =
  | 'event'
  | 'ilmd'
  | 'errorDeclaration'
  | 'sensorElement'
  | 'sensorMetadata'
  | 'sensorReport'
  | 'readPoint'
  | 'bizLocation';

/** The lists of EPCs in an event, by their role. */
export type EpcRole = 'epc' | 'child' | 'parent' | 'input' | 'output';

/** Lists of EPC classes. `any` means `quantityList` and `childQuantityList` together. */
export type ClassRole = 'any' | 'input' | 'output';

/** Lists whose elements have a type of their own. */
export type TypedList = 'bizTransaction' | 'source' | 'destination';
