/** How a unit is told in the base unit of its quantity: `base = value * factor + offset`. */
interface Unit {
  readonly quantity: string;
  readonly factor: number;
  readonly offset: number;
}

const UNITS = new Map<string, Unit>();

/** Codes with their factors; a third number is the offset. */
function of(quantity: string, ...units: readonly (readonly [string, number, number?])[]): void {
  for (const [code, factor, offset = 0] of units) UNITS.set(code, { quantity, factor, offset });
}

const LB = 0.453_592_37;
const FT = 0.3048;
const G = 9.806_65;
const PSI = (LB * G) / 0.0254 ** 2;
const US_GALLON = 3.785_411_784e-3;
const UK_GALLON = 4.546_09e-3;
const US_FLUID_OUNCE = US_GALLON / 128;
const DAY = 86_400;
const DEGREE = Math.PI / 180;

of('temperature', ['KEL', 1], ['CEL', 1, 273.15], ['FAH', 5 / 9, 273.15 - 160 / 9], ['A48', 5 / 9]);
of('length', ['MTR', 1], ['DMT', 0.1], ['CMT', 0.01], ['MMT', 1e-3], ['4H', 1e-6], ['C45', 1e-9]);
of(
  'length',
  ['C52', 1e-12],
  ['A11', 1e-10],
  ['KMT', 1e3],
  ['HMT', 100],
  ['A45', 10],
  ['INH', 0.0254],
);
of('length', ['FOT', FT], ['YRD', 3 * FT], ['SMI', 1609.344], ['NMI', 1852], ['77', 2.54e-5]);
of(
  'mass',
  ['KGM', 1],
  ['GRM', 1e-3],
  ['MGM', 1e-6],
  ['MC', 1e-9],
  ['TNE', 1e3],
  ['2U', 1e3],
  ['HGM', 0.1],
);
of('mass', ['DJ', 0.01], ['DG', 1e-4], ['CGM', 1e-5], ['DTN', 100], ['LBR', LB], ['ONZ', LB / 16]);
of(
  'mass',
  ['APZ', 0.031_103_476_8],
  ['GRN', LB / 7000],
  ['STI', LB * 14],
  ['STN', LB * 2000],
  ['LTN', LB * 2240],
);
of(
  'time',
  ['SEC', 1],
  ['C26', 1e-3],
  ['B98', 1e-6],
  ['C47', 1e-9],
  ['MIN', 60],
  ['HUR', 3600],
  ['DAY', DAY],
);
of('time', ['WEE', 7 * DAY], ['ANN', 365.25 * DAY], ['MON', 30.4375 * DAY]);
of(
  'area',
  ['MTK', 1],
  ['DMK', 1e-2],
  ['CMK', 1e-4],
  ['MMK', 1e-6],
  ['KMK', 1e6],
  ['HAR', 1e4],
  ['ARE', 100],
);
of('area', ['INK', 0.0254 ** 2], ['FTK', FT ** 2], ['YDK', (3 * FT) ** 2]);
of(
  'volume',
  ['MTQ', 1],
  ['LTR', 1e-3],
  ['DLT', 1e-4],
  ['CLT', 1e-5],
  ['MLT', 1e-6],
  ['4G', 1e-9],
  ['HLT', 0.1],
);
of(
  'volume',
  ['DMQ', 1e-3],
  ['CMQ', 1e-6],
  ['MMQ', 1e-9],
  ['INQ', 0.0254 ** 3],
  ['FTQ', FT ** 3],
  ['YDQ', (3 * FT) ** 3],
);
of(
  'volume',
  ['GLL', US_GALLON],
  ['GLI', UK_GALLON],
  ['OZA', US_FLUID_OUNCE],
  ['OZI', UK_GALLON / 160],
);
of(
  'volume',
  ['QT', US_GALLON / 4],
  ['QTI', UK_GALLON / 4],
  ['PT', US_GALLON / 8],
  ['PTI', UK_GALLON / 8],
);
of('volume', ['BLL', US_GALLON * 42], ['K6', 1]);
of(
  'pressure',
  ['PAL', 1],
  ['KPA', 1e3],
  ['MPA', 1e6],
  ['A97', 100],
  ['H75', 10],
  ['BAR', 1e5],
  ['MBR', 100],
);
of(
  'pressure',
  ['ATM', 101_325],
  ['ATT', 98_066.5],
  ['PS', PSI],
  ['HN', 133.322_387_415],
  ['UA', 101_325 / 760],
);
of('pressure', ['F79', 3386.389], ['HP', 9.806_65], ['74', 1e-3], ['B96', 1e-6], ['A89', 1e9]);
of(
  'speed',
  ['MTS', 1],
  ['KMH', 1 / 3.6],
  ['2M', 0.01],
  ['C16', 1e-3],
  ['M62', 1e3],
  ['2X', 1 / 60],
);
of(
  'speed',
  ['HM', 0.447_04],
  ['KNT', 1852 / 3600],
  ['FS', FT],
  ['FR', FT / 60],
  ['IU', 0.0254],
  ['K14', FT / 3600],
);
of('acceleration', ['MSK', 1], ['A76', 0.01], ['K40', G], ['A73', FT], ['C11', 1e-5]);
of(
  'angle',
  ['C81', 1],
  ['DD', DEGREE],
  ['D61', DEGREE / 60],
  ['D62', DEGREE / 3600],
  ['C25', 1e-3],
  ['M44', 2 * Math.PI],
);
of('angle', ['A91', Math.PI / 200], ['B97', 1e-6]);
of(
  'angular velocity',
  ['2A', 1],
  ['RPM', (2 * Math.PI) / 60],
  ['RPS', 2 * Math.PI],
  ['E96', DEGREE],
);
of('frequency', ['HTZ', 1], ['KHZ', 1e3], ['MHZ', 1e6], ['A86', 1e9], ['D29', 1e12]);
of('share', ['C62', 1], ['P1', 0.01], ['NX', 1e-3], ['59', 1e-6], ['61', 1e-9]);
of(
  'concentration',
  ['KMQ', 1],
  ['A93', 1e-3],
  ['GL', 1],
  ['M1', 1e-3],
  ['GP', 1e-6],
  ['GQ', 1e-9],
  ['23', 1e3],
);
of('concentration', ['GJ', 1e3], ['B35', 1e3], ['D41', 1e3], ['H29', 1e-6], ['87', LB / FT ** 3]);
of(
  'force',
  ['NEW', 1],
  ['B47', 1e3],
  ['B73', 1e6],
  ['DU', 1e-5],
  ['B37', G],
  ['C78', LB * G],
  ['C20', 1e-3],
);
of(
  'energy',
  ['JOU', 1],
  ['KJO', 1e3],
  ['3B', 1e6],
  ['C15', 1e-3],
  ['WHR', 3600],
  ['KWH', 3.6e6],
  ['MWH', 3.6e9],
);
of(
  'energy',
  ['GWH', 3.6e12],
  ['D70', 4.1868],
  ['E14', 4186.8],
  ['BTU', 1055.055_852_62],
  ['A53', 1.602_176_634e-19],
);
of(
  'power',
  ['WTT', 1],
  ['KWT', 1e3],
  ['MAW', 1e6],
  ['C31', 1e-3],
  ['D80', 1e-6],
  ['A90', 1e9],
  ['HJ', 735.498_75],
  ['BHP', 745.699_871_58],
);
of('voltage', ['VLT', 1], ['KVT', 1e3], ['B78', 1e6], ['2Z', 1e-3], ['D82', 1e-6]);
of('current', ['AMP', 1], ['4K', 1e-3], ['B84', 1e-6], ['B22', 1e3], ['C39', 1e-9], ['C70', 1e-12]);
of('resistance', ['OHM', 1], ['B49', 1e3], ['B75', 1e6], ['E45', 1e-3], ['B94', 1e-6]);
of('conductance', ['SIE', 1], ['C27', 1e-3], ['B99', 1e-6], ['B53', 1e3]);
of(
  'conductivity',
  ['D10', 1],
  ['H61', 0.1],
  ['B77', 1e6],
  ['G42', 1e-4],
  ['G43', 1e-6],
  ['B54', 1e3],
);
of('capacitance', ['FAR', 1], ['C10', 1e-3], ['4O', 1e-6], ['C41', 1e-9], ['4T', 1e-12]);
of('charge', ['COU', 1], ['AMH', 3600], ['E09', 3.6], ['B26', 1e3], ['D86', 1e-3]);
of('inductance', ['81', 1], ['C14', 1e-3], ['B90', 1e-6], ['C43', 1e-9]);
of('illuminance', ['LUX', 1], ['KLX', 1e3], ['P25', 10.763_910_416_7]);
of('luminous flux', ['LUM', 1]);
of('luminous intensity', ['CDL', 1], ['P33', 1e3], ['P34', 1e-3]);
of('irradiance', ['D54', 1], ['C32', 1e-3], ['N48', 1e4]);
of(
  'radioactivity',
  ['BQL', 1],
  ['2Q', 1e3],
  ['4N', 1e6],
  ['GBQ', 1e9],
  ['CUR', 3.7e10],
  ['MCU', 3.7e7],
  ['M5', 3.7e4],
);
of('absorbed dose', ['A95', 1], ['C13', 1e-3], ['C80', 0.01]);
of('dose equivalent', ['D13', 1], ['C28', 1e-3], ['D91', 0.01]);
of(
  'dose equivalent rate',
  ['P65', 1],
  ['P66', 1e-3],
  ['P67', 1e-6],
  ['P70', 1 / 3600],
  ['P71', 1e-3 / 3600],
  ['P72', 1e-6 / 3600],
);
of('amount of substance', ['C34', 1], ['C18', 1e-3], ['FH', 1e-6], ['B45', 1e3], ['Z9', 1e-9]);
of('molar concentration', ['C36', 1], ['C38', 1e3], ['M33', 1], ['B46', 1e3]);
of('dynamic viscosity', ['C65', 1], ['C24', 1e-3], ['89', 0.1], ['C7', 1e-3]);
of('kinematic viscosity', ['S4', 1], ['4C', 1e-6], ['91', 1e-4], ['C17', 1e-6]);
of(
  'volume flow',
  ['MQS', 1],
  ['MQH', 1 / 3600],
  ['G51', 1e-3],
  ['L2', 1e-3 / 60],
  ['E32', 1e-3 / 3600],
  ['40', 1e-6],
);
of('volume flow', ['41', 1e-6 / 60], ['2J', 1e-6]);
of('mass flow', ['KGS', 1], ['E93', 1 / 3600], ['F31', 1 / 60], ['F30', 1 / DAY]);
of('torque', ['NU', 1], ['D83', 1e-3], ['M92', LB * G * FT]);
of(
  'memory',
  ['A99', 1],
  ['AD', 8],
  ['C37', 1e3],
  ['2P', 8e3],
  ['D36', 1e6],
  ['4L', 8e6],
  ['B68', 1e9],
  ['E34', 8e9],
  ['E35', 8e12],
);
of(
  'count',
  ['EA', 1],
  ['H87', 1],
  ['DZN', 12],
  ['PR', 2],
  ['CEN', 100],
  ['MIL', 1e3],
  ['GRO', 144],
);
of('magnetic flux density', ['D33', 1], ['C29', 1e-3], ['D81', 1e-6]);
of('magnetic flux', ['WEB', 1], ['C33', 1e-3]);

/**
 * A value in another unit; null when the two do not measure the same, or one is no unit we know. Codes are those of UN/ECE
 * Recommendation 20, by which EPCIS tells `uom`; equal codes convert always.
 *
 * @param kind `difference`: a distance between values (a standard deviation): without the offset of its scale
 * @see EPCIS 2.0 sections 7.3.4.2 and 7.3.7.3
 */
export function convert(
  value: number,
  from: string,
  to: string,
  kind: 'value' | 'difference' = 'value',
): number | null {
  if (from === to) return value;
  const [source, target] = [UNITS.get(from), UNITS.get(to)];
  if (source === undefined || target?.quantity !== source.quantity) return null;
  const offset = kind === 'value' ? source.offset - target.offset : 0;
  return (value * source.factor + offset) / target.factor;
}
