/** How much is generated, and how badly it is reported. */
export interface GeneratorOptions {
  readonly units: number;
  readonly unitsPerCase: number;
  readonly casesPerPallet: number;
  /** Share of the units that belongs to one lot. */
  readonly bigLotShare: number;
  /** Share of the events that arrive late, by up to `lateBy` positions. */
  readonly lateRate: number;
  readonly lateBy: number;
  /** Share of the events with something wrong about them: seen elsewhere, or declared in error. */
  readonly wrongRate: number;
  /** Share of the events that arrive twice. */
  readonly duplicateRate: number;
  readonly seed: number;
}

/** What a caller has to say, and may. */
export type GivenOptions = Pick<GeneratorOptions, 'units'> & Partial<GeneratorOptions>;

/** What holds where nothing else is said. */
export const DEFAULTS: Omit<GeneratorOptions, 'units'> = {
  unitsPerCase: 20,
  casesPerPallet: 40,
  bigLotShare: 0.5,
  lateRate: 0.02,
  lateBy: 200,
  wrongRate: 0.005,
  duplicateRate: 0.01,
  seed: 1,
};

const COUNTS = ['units', 'unitsPerCase', 'casesPerPallet', 'lateBy'] as const;
const SHARES = ['bigLotShare', 'lateRate', 'wrongRate', 'duplicateRate'] as const;
/** What fits the nine digits of a case's serial reference. */
const MOST_UNITS = 500_000_000;

/**
 * Options with defaults filled in.
 *
 * @throws RangeError for a count that is no positive whole number, or a share that is not from 0 to 1
 */
export function withDefaults(given: GivenOptions): GeneratorOptions {
  const options = { ...DEFAULTS, ...given };
  for (const name of COUNTS)
    if (!Number.isInteger(options[name]) || options[name] < 1 || options[name] > MOST_UNITS)
      throw new RangeError(`${name} must be a whole number from 1, found ${options[name]}`);
  for (const name of SHARES)
    if (!(options[name] >= 0 && options[name] <= 1))
      throw new RangeError(`${name} must be from 0 to 1, found ${options[name]}`);
  return options;
}
