/** The closed CBV vocabularies that EPCIS 2.0 JSON writes as bare words. */
export type WordKind =
  | 'bizStep'
  | 'disposition'
  | 'bizTransactionType'
  | 'sourceDestType'
  | 'errorReason'
  | 'measurementType'
  | 'sensorAlertType'
  | 'component';

interface Vocabulary {
  readonly words: ReadonlySet<string>;
  /** What may precede the word: in a URN, a Web URI or a CURIE of the standard. */
  readonly prefixes: readonly string[];
  /** Namespaces for which the JSON binding requires the bare word instead of a URI. */
  readonly closed: RegExp;
}

const CBV = /^(?:urn:epcglobal:cbv|https?:\/\/ns\.gs1\.org\/cbv\/)/;
const GS1_VOC = /^https?:\/\/(?:www\.)?gs1\.org\/voc\//;
const VOC = [
  'https://gs1.org/voc/',
  'http://gs1.org/voc/',
  'https://www.gs1.org/voc/',
  'https://ref.gs1.org/voc/',
  'gs1:',
];

function cbv(urn: string, web: string, words: string): Vocabulary {
  const bases = [
    'https://ref.gs1.org/cbv/',
    'http://ref.gs1.org/cbv/',
    'https://ns.gs1.org/cbv/',
    'cbv:',
  ];
  const prefixes = [`urn:epcglobal:cbv:${urn}:`, ...bases.map((base) => `${base}${web}-`)];
  return { words: new Set(words.split(/\s+/)), prefixes, closed: CBV };
}

function gs1Voc(words: string): Vocabulary {
  return { words: new Set(words.split(/\s+/)), prefixes: VOC, closed: GS1_VOC };
}

const VOCABULARIES: Readonly<Record<WordKind, Vocabulary>> = {
  bizStep: cbv(
    'bizstep',
    'BizStep',
    `accepting arriving assembling collecting commissioning consigning creating_class_instance cycle_counting decommissioning
     departing destroying disassembling dispensing encoding entering_exiting holding inspecting installing killing loading other
     packing picking receiving removing repackaging repairing replacing reserving retail_selling sampling sensor_reporting shipping
     staging_outbound stock_taking stocking storing transporting unloading unpacking void_shipping`,
  ),
  disposition: cbv(
    'disp',
    'Disp',
    `active available completeness_inferred completeness_verified conformant container_closed container_open damaged destroyed
     dispensed disposed encoded expired in_progress in_transit inactive mismatch_class mismatch_instance mismatch_quantity
     needs_replacement no_pedigree_match non_conformant non_sellable_other partially_dispensed recalled reserved retail_sold
     returned sellable_accessible sellable_not_accessible stolen unavailable unknown`,
  ),
  bizTransactionType: cbv(
    'btt',
    'BTT',
    'bol cert desadv inv pedigree po poc prodorder recadv rma testprd testres upevt',
  ),
  sourceDestType: cbv('sdt', 'SDT', 'location owning_party possessing_party'),
  errorReason: cbv('er', 'ER', 'did_not_occur incorrect_data'),
  component: cbv(
    'comp',
    'Comp',
    `altitude axial_distance azimuth easting elevation_angle height latitude longitude northing polar_angle spherical_radius x y z`,
  ),
  sensorAlertType: gs1Voc('ALARM_CONDITION ERROR_CONDITION'),
  measurementType: gs1Voc(
    `AbsoluteHumidity AbsorbedDose AbsorbedDoseRate Acceleration Altitude AmountOfSubstance AmountOfSubstancePerUnitVolume Angle
     AngularAcceleration AngularMomentum AngularVelocity Area Capacitance Conductance Conductivity Count Density Dimensionless
     DoseEquivalent DoseEquivalentRate DynamicViscosity ElectricCharge ElectricCurrent ElectricCurrentDensity ElectricFieldStrength
     Energy Exposure Force Frequency Illuminance Inductance Irradiance KinematicViscosity Length LinearMomentum Luminance
     LuminousFlux LuminousIntensity MagneticFlux MagneticFluxDensity MagneticVectorPotential Mass MassConcentration MassFlowRate
     MassPerAreaTime MemoryCapacity MolalityOfSolute MolarEnergy MolarMass MolarVolume Power Pressure RadiantFlux RadiantIntensity
     Radioactivity RelativeHumidity Resistance Resistivity SolidAngle SpecificVolume Speed SurfaceDensity SurfaceTension Temperature
     Time Torque Voltage Volume VolumeFlowRate VolumeFraction VolumetricFlux Wavenumber`,
  ),
};

/** True for a bare word of the closed vocabulary (CBV 2.0 section 7). */
export function isWord(kind: WordKind, value: string): boolean {
  return VOCABULARIES[kind].words.has(value);
}

/** True for a URI of the standard; the JSON schema (EPCIS 2.0.1) requires its bare word. */
export function isReservedUri(kind: WordKind, value: string): boolean {
  return VOCABULARIES[kind].closed.test(value);
}

/** URNs of earlier CBV versions that 2.0 no longer lists; old documents use them. */
const RETIRED =
  /^urn:epcglobal:cbv:(?:bizstep:transforming|disp:non_sellable_(?:damaged|disposed|expired|no_pedigree_match|recalled))$/;

/** True for a value of an earlier CBV version that 2.0 no longer has. */
export function isRetiredWord(value: string): boolean {
  return RETIRED.test(value);
}

/** The words of a closed vocabulary, for messages. */
export function wordsOf(kind: WordKind): ReadonlySet<string> {
  return VOCABULARIES[kind].words;
}

/**
 * The bare word of any spelling of a CBV value: `urn:epcglobal:cbv:bizstep:shipping`,
 * `https://ref.gs1.org/cbv/BizStep-shipping` and `shipping` are one value (CBV 2.0 sections 7.1 to
 * 7.5 and 12.9). A URI outside the standard is returned as it is.
 */
export function bareWord(kind: WordKind, value: string): string {
  const { words, prefixes } = VOCABULARIES[kind];
  if (words.has(value)) return value;
  for (const prefix of prefixes) {
    if (value.startsWith(prefix) && words.has(value.slice(prefix.length)))
      return value.slice(prefix.length);
  }
  return value;
}
