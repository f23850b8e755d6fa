/** Converts a unit to the base unit of its quantity: `base = value * factor + offset`. */
interface Unit {
  readonly quantity: string;
  readonly factor: number;
  readonly offset: number;
}

const UNITS = new Map<string, Unit>();

/** Adds units: code, factor, and offset if it is not 0. */
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
const BUSHEL = 2150.42 * 0.0254 ** 3;
const DEGREE = Math.PI / 180;
const EV = 1.602_176_634e-19;
const BTU = 1055.055_852_62;

of('temperature', ['KEL', 1], ['CEL', 1, 273.15], ['FAH', 5 / 9, 273.15 - 160 / 9], ['A48', 5 / 9]);
of('length', ['MTR', 1], ['DMT', 0.1], ['CMT', 0.01], ['MMT', 1e-3], ['4H', 1e-6], ['C45', 1e-9]);
of('length', ['C52', 1e-12], ['A11', 1e-10], ['KMT', 1e3], ['HMT', 100], ['A45', 10]);
of('length', ['INH', 0.0254], ['FOT', FT], ['YRD', 3 * FT], ['SMI', 1609.344], ['NMI', 1852]);
of('length', ['77', 2.54e-5], ['A71', 1e-15], ['AK', 6 * FT], ['M50', 660 * FT], ['X1', 66 * FT]);
of('mass', ['KGM', 1], ['GRM', 1e-3], ['MGM', 1e-6], ['MC', 1e-9], ['TNE', 1e3], ['2U', 1e3]);
of('mass', ['HGM', 0.1], ['DJ', 0.01], ['DG', 1e-4], ['CGM', 1e-5], ['DTN', 100], ['LBR', LB]);
of('mass', ['ONZ', LB / 16], ['APZ', 0.031_103_476_8], ['GRN', LB / 7000], ['STI', LB * 14]);
of('mass', ['STN', LB * 2000], ['LTN', LB * 2240], ['KTN', 1e6], ['F13', (LB * G) / FT]);
of('mass', ['CWI', 112 * LB], ['CWA', 100 * LB], ['M86', 0.5]);
of('time', ['SEC', 1], ['C26', 1e-3], ['B98', 1e-6], ['C47', 1e-9], ['MIN', 60], ['HUR', 3600]);
of('time', ['DAY', DAY], ['WEE', 7 * DAY], ['ANN', 365.25 * DAY], ['MON', 30.4375 * DAY]);
of('time', ['B52', 1e3], ['H70', 1e-12], ['L95', 365 * DAY], ['M56', 1e-8]);
of('area', ['MTK', 1], ['DMK', 1e-2], ['CMK', 1e-4], ['MMK', 1e-6], ['KMK', 1e6], ['HAR', 1e4]);
of('area', ['ARE', 100], ['INK', 0.0254 ** 2], ['FTK', FT ** 2], ['YDK', (3 * FT) ** 2]);
of('area', ['H30', 1e-12], ['DAA', 1e3], ['H16', 100], ['H18', 1e4], ['MIK', 1609.344 ** 2]);
of('area', ['ACR', 4046.873]);
of('volume', ['MTQ', 1], ['LTR', 1e-3], ['DLT', 1e-4], ['CLT', 1e-5], ['MLT', 1e-6], ['4G', 1e-9]);
of('volume', ['HLT', 0.1], ['DMQ', 1e-3], ['CMQ', 1e-6], ['MMQ', 1e-9], ['INQ', 0.0254 ** 3]);
of('volume', ['FTQ', FT ** 3], ['YDQ', (3 * FT) ** 3], ['GLL', US_GALLON], ['GLI', UK_GALLON]);
of('volume', ['OZA', US_FLUID_OUNCE], ['OZI', UK_GALLON / 160], ['QT', US_GALLON / 4]);
of('volume', ['QTI', UK_GALLON / 4], ['PT', US_GALLON / 8], ['PTI', UK_GALLON / 8]);
of('volume', ['BLL', US_GALLON * 42], ['K6', 1], ['MAL', 1e3], ['A44', 0.01], ['Q34', 1e-12]);
of('volume', ['Q33', 1e-15], ['DMA', 1e3], ['H19', 1e6], ['H20', 1e9], ['G26', 1]);
of('volume', ['PTL', US_GALLON / 8], ['QTL', US_GALLON / 4], ['GLD', BUSHEL / 8]);
of('volume', ['QTD', BUSHEL / 32], ['PTD', BUSHEL / 64], ['BUA', BUSHEL], ['BUI', 8 * UK_GALLON]);
of('volume', ['G21', US_GALLON / 16], ['G24', US_FLUID_OUNCE / 2], ['G25', US_FLUID_OUNCE / 6]);
of('volume', ['BLD', 7056 * 0.0254 ** 3]);
of('pressure', ['PAL', 1], ['KPA', 1e3], ['MPA', 1e6], ['A97', 100], ['H75', 10], ['BAR', 1e5]);
of('pressure', ['MBR', 100], ['ATM', 101_325], ['ATT', 98_066.5], ['PS', PSI]);
of('pressure', ['HN', 133.322_387_415], ['UA', 101_325 / 760], ['F79', 3386.389], ['HP', 9.806_65]);
of('pressure', ['74', 1e-3], ['B96', 1e-6], ['A89', 1e9], ['C55', 1], ['E01', 1e4], ['C56', 1e6]);
of('pressure', ['B40', G], ['K31', 10 * G], ['E42', 1e4 * G], ['E41', 1e6 * G], ['80', PSI]);
of('pressure', ['84', 1e3 * PSI], ['N20', 1e3 * PSI], ['N22', PSI / 16], ['K85', PSI / 144]);
of('pressure', ['H78', 10 * G], ['N23', 1e3 * G], ['F78', 25.4 * G], ['K24', 304.8 * G]);
of('pressure', ['J89', 1333.223_874_15], ['N13', 1333.22], ['N14', 98.0638], ['N15', 2988.98]);
of('pressure', ['N16', 3386.38], ['N17', 3376.85], ['N18', 249.082], ['N19', 248.84]);
of('speed', ['MTS', 1], ['KMH', 1 / 3.6], ['2M', 0.01], ['C16', 1e-3], ['M62', 1e3]);
of('speed', ['2X', 1 / 60], ['HM', 0.447_04], ['KNT', 1852 / 3600], ['FS', FT], ['FR', FT / 60]);
of('speed', ['IU', 0.0254], ['K14', FT / 3600], ['M60', 1 / 3600], ['H49', 0.01 / 3600]);
of('speed', ['H67', 1e-3 / 3600], ['M63', 0.0254 / 60], ['M57', 26.8224], ['M58', 1609.344]);
of('acceleration', ['MSK', 1], ['A76', 0.01], ['K40', G], ['A73', FT], ['C11', 1e-5], ['M38', 1e3]);
of('acceleration', ['M39', 0.01], ['M41', 1e-3], ['IV', 0.0254], ['M40', 3 * FT]);
of('angle', ['C81', 1], ['DD', DEGREE], ['D61', DEGREE / 60], ['D62', DEGREE / 3600]);
of('angle', ['C25', 1e-3], ['M44', 2 * Math.PI], ['A91', Math.PI / 200], ['B97', 1e-6]);
of('angle', ['M43', (2 * Math.PI) / 6400]);
of('angular velocity', ['2A', 1], ['RPM', (2 * Math.PI) / 60], ['RPS', 2 * Math.PI]);
of('angular velocity', ['E96', DEGREE], ['M46', (2 * Math.PI) / 60]);
of('frequency', ['HTZ', 1], ['KHZ', 1e3], ['MHZ', 1e6], ['A86', 1e9], ['D29', 1e12]);
of('share', ['C62', 1], ['P1', 0.01], ['NX', 1e-3], ['59', 1e-6], ['61', 1e-9], ['60', 0.01]);
of('share', ['E40', 1e-5], ['M29', 1], ['GK', 1e-3], ['NA', 1e-6], ['J33', 1e-9], ['L32', 1e-12]);
of('share', ['K62', 1], ['L19', 1e-3], ['J36', 1e-6], ['H60', 1], ['J91', 1e-3], ['H65', 1e-6]);
of('share', ['J87', 1e-6], ['L21', 1e-9]);
of('concentration', ['KMQ', 1], ['A93', 1e-3], ['GL', 1], ['M1', 1e-3], ['GP', 1e-6], ['GQ', 1e-9]);
of('concentration', ['23', 1e3], ['GJ', 1e3], ['B35', 1e3], ['D41', 1e3], ['H29', 1e-6]);
of('concentration', ['87', LB / FT ** 3], ['B72', 1e3], ['B34', 1e3], ['F23', 1], ['G31', 1e6]);
of('concentration', ['GE', LB / US_GALLON], ['LA', LB / 0.0254 ** 3], ['K71', LB / UK_GALLON]);
of('concentration', ['K84', LB / (3 * FT) ** 3]);
of('force', ['NEW', 1], ['B47', 1e3], ['B73', 1e6], ['DU', 1e-5], ['B37', G], ['C78', LB * G]);
of('force', ['C20', 1e-3], ['B92', 1e-6], ['B51', G], ['M78', G / 1e3], ['M77', 1]);
of('force', ['L40', (LB * G) / 16], ['M75', 1e3 * LB * G], ['L94', 2e3 * LB * G], ['M76', LB * FT]);
of('energy', ['JOU', 1], ['KJO', 1e3], ['3B', 1e6], ['C15', 1e-3], ['WHR', 3600], ['KWH', 3.6e6]);
of('energy', ['MWH', 3.6e9], ['GWH', 3.6e12], ['D70', 4.1868], ['E14', 4186.8], ['BTU', BTU]);
of('energy', ['A53', EV], ['J55', 1], ['GV', 1e9], ['D30', 1e12], ['C68', 1e15], ['A68', 1e18]);
of('energy', ['D32', 3.6e15], ['A70', 1e-15], ['A13', 1e-18], ['B29', 1e3 * EV], ['B71', 1e6 * EV]);
of('energy', ['A85', 1e9 * EV], ['A57', 1e-7], ['85', LB * G * FT], ['D35', 4.184], ['K53', 4184]);
of('power', ['WTT', 1], ['KWT', 1e3], ['MAW', 1e6], ['C31', 1e-3], ['D80', 1e-6], ['A90', 1e9]);
of('power', ['HJ', 735.498_75], ['BHP', 745.699_871_58], ['P14', 1], ['P18', 1e3], ['D31', 1e12]);
of('power', ['C49', 1e-9], ['C75', 1e-12], ['A63', 1e-7], ['A25', 735.498_75], ['N12', 735.498_75]);
of('power', ['K43', 746], ['B39', G], ['A74', LB * G * FT], ['2I', BTU / 3600], ['P15', 1 / 60]);
of('power', ['P16', 1 / 3600], ['P17', 1 / DAY], ['P20', 1 / 3.6]);
of('voltage', ['VLT', 1], ['KVT', 1e3], ['B78', 1e6], ['2Z', 1e-3], ['D82', 1e-6], ['N99', 1e-12]);
of('current', ['AMP', 1], ['4K', 1e-3], ['B84', 1e-6], ['B22', 1e3], ['C39', 1e-9], ['C70', 1e-12]);
of('current', ['H38', 1e6], ['N96', 10]);
of('resistance', ['OHM', 1], ['B49', 1e3], ['B75', 1e6], ['E45', 1e-3], ['B94', 1e-6]);
of('resistance', ['A87', 1e9], ['H44', 1e12], ['P22', 1e-9]);
of('conductance', ['SIE', 1], ['C27', 1e-3], ['B99', 1e-6], ['B53', 1e3], ['NQ', 1], ['NR', 1e-6]);
of('conductance', ['N92', 1e-12]);
of('conductivity', ['D10', 1], ['H61', 0.1], ['B77', 1e6], ['G42', 1e-4], ['G43', 1e-6]);
of('conductivity', ['B54', 1e3], ['G44', 1e-7], ['G45', 1e-9]);
of('capacitance', ['FAR', 1], ['C10', 1e-3], ['4O', 1e-6], ['C41', 1e-9], ['4T', 1e-12]);
of('capacitance', ['H48', 1e-18], ['N90', 1e3]);
of('charge', ['COU', 1], ['AMH', 3600], ['E09', 3.6], ['B26', 1e3], ['D86', 1e-3], ['A8', 1]);
of('charge', ['N95', 60], ['TAH', 3.6e6], ['D77', 1e6], ['B86', 1e-6], ['C40', 1e-9]);
of('charge', ['C71', 1e-12]);
of('inductance', ['81', 1], ['C14', 1e-3], ['B90', 1e-6], ['C43', 1e-9], ['C73', 1e-12]);
of('inductance', ['P24', 1e3]);
of('illuminance', ['LUX', 1], ['KLX', 1e3], ['P25', 10.763_910_416_7], ['B60', 1], ['P26', 1e4]);
of('illuminance', ['P27', 10.763_910_416_7]);
of('luminous flux', ['LUM', 1]);
of('luminous intensity', ['CDL', 1], ['P33', 1e3], ['P34', 1e-3]);
of('irradiance', ['D54', 1], ['C32', 1e-3], ['N48', 1e4], ['D85', 1e-6]);
of('radioactivity', ['BQL', 1], ['2Q', 1e3], ['4N', 1e6], ['GBQ', 1e9], ['CUR', 3.7e10]);
of('radioactivity', ['MCU', 3.7e7], ['M5', 3.7e4], ['2R', 3.7e13], ['H08', 1e-6]);
of('absorbed dose', ['A95', 1], ['C13', 1e-3], ['C80', 0.01], ['A61', 1e-4]);
of('dose equivalent', ['D13', 1], ['C28', 1e-3], ['D91', 0.01], ['L31', 1e-5]);
of('dose equivalent rate', ['P65', 1], ['P66', 1e-3], ['P67', 1e-6], ['P70', 1 / 3600]);
of('dose equivalent rate', ['P71', 1e-3 / 3600], ['P72', 1e-6 / 3600], ['P68', 1e-9]);
of('dose equivalent rate', ['P69', 0.01], ['P73', 1e-9 / 3600], ['P74', 1 / 60]);
of('dose equivalent rate', ['P75', 1e-3 / 60], ['P76', 1e-6 / 60], ['P77', 1e-9 / 60]);
of('amount of substance', ['C34', 1], ['C18', 1e-3], ['FH', 1e-6], ['B45', 1e3], ['Z9', 1e-9]);
of('molar concentration', ['C36', 1], ['C38', 1e3], ['M33', 1], ['B46', 1e3], ['C35', 1e3]);
of('dynamic viscosity', ['C65', 1], ['C24', 1e-3], ['89', 0.1], ['C7', 1e-3]);
of('kinematic viscosity', ['S4', 1], ['4C', 1e-6], ['91', 1e-4], ['C17', 1e-6]);
of('volume flow', ['MQS', 1], ['MQH', 1 / 3600], ['G51', 1e-3], ['L2', 1e-3 / 60]);
of('volume flow', ['E32', 1e-3 / 3600], ['40', 1e-6], ['41', 1e-6 / 60], ['2J', 1e-6]);
of('volume flow', ['J93', 1e-3], ['J92', 1e-3 / 60], ['E92', 1e-3 / 3600], ['LD', 1e-3 / DAY]);
of('volume flow', ['J90', 1e-3 / DAY], ['G49', 1e-6 / 60], ['G48', 1e-6 / 3600]);
of('volume flow', ['G55', 1e-6 / 3600], ['G47', 1e-6 / DAY], ['G54', 1e-6 / DAY], ['4X', 1 / 3600]);
of('volume flow', ['G53', 1 / 60], ['G52', 1 / DAY], ['TQD', 1e3 / DAY], ['E17', FT ** 3]);
of('volume flow', ['2L', FT ** 3 / 60], ['2K', FT ** 3 / 3600], ['G2', US_GALLON / 60]);
of('volume flow', ['G50', US_GALLON / 3600], ['GB', US_GALLON / DAY], ['G3', UK_GALLON / 60]);
of('mass flow', ['KGS', 1], ['E93', 1 / 3600], ['F31', 1 / 60], ['F30', 1 / DAY], ['F29', 1e-3]);
of('mass flow', ['F28', 1e-3 / 60], ['F27', 1e-3 / 3600], ['F26', 1e-3 / DAY], ['F34', 1e-6]);
of('mass flow', ['F33', 1e-6 / 60], ['4M', 1e-6 / 3600], ['F32', 1e-6 / DAY], ['E18', 1e3 / 3600]);
of('mass flow', ['4U', LB / 3600]);
of('torque', ['NU', 1], ['D83', 1e-3], ['M92', LB * G * FT], ['B74', 1e6], ['B48', 1e3]);
of('torque', ['DN', 0.1], ['J72', 0.01], ['F88', 0.01], ['B93', 1e-6], ['B38', G]);
of('torque', ['F21', LB * G * 0.0254]);
of('memory', ['A99', 1], ['AD', 8], ['C37', 1e3], ['2P', 8e3], ['D36', 1e6], ['4L', 8e6]);
of('memory', ['B68', 1e9], ['E34', 8e9], ['E35', 8e12], ['E83', 1e12], ['E78', 1e15]);
of('memory', ['E36', 8e15], ['E64', 2 ** 13], ['E63', 2 ** 23], ['E62', 2 ** 33], ['E61', 2 ** 43]);
of('count', ['EA', 1], ['H87', 1], ['DZN', 12], ['PR', 2], ['CEN', 100], ['MIL', 1e3]);
of('count', ['GRO', 144]);
of('magnetic flux density', ['D33', 1], ['C29', 1e-3], ['D81', 1e-6], ['C48', 1e-9], ['P13', 1e3]);
of('magnetic flux density', ['P12', 1e-9]);
of('magnetic flux', ['WEB', 1], ['C33', 1e-3], ['P11', 1e3]);
of('magnetic field strength', ['AE', 1], ['B24', 1e3], ['A2', 100], ['A3', 1e3]);
of('electric field strength', ['D50', 1], ['C30', 1e-3], ['D47', 100], ['D51', 1e3], ['B79', 1e6]);
of('angular acceleration', ['2B', 1], ['M45', DEGREE]);
of('specific volume', ['A39', 1], ['22', 0.1], ['H83', 1e-3], ['N28', 1e-3], ['KX', 1e-6]);
of('specific volume', ['N29', FT ** 3 / LB]);
of('surface density', ['28', 1], ['GM', 1e-3], ['25', 10], ['GO', 1e-6]);
of('surface tension', ['4P', 1], ['C22', 1e-3]);
of('current density', ['A41', 1], ['A4', 1e4], ['A7', 1e6]);
of('resistivity', ['C61', 1], ['C60', 0.01], ['B50', 1e3]);
of('exposure', ['CKG', 1], ['C8', 1e-3], ['2C', 2.58e-4], ['2Y', 2.58e-7]);
of('absorbed dose rate', ['A96', 1], ['P54', 1e-3], ['P55', 1e-6], ['P56', 1e-9], ['P57', 1 / 60]);
of('absorbed dose rate', ['P58', 1e-3 / 60], ['P59', 1e-6 / 60], ['P60', 1e-9 / 60]);
of('absorbed dose rate', ['P61', 1 / 3600], ['P62', 1e-3 / 3600], ['P63', 1e-6 / 3600]);
of('absorbed dose rate', ['P64', 1e-9 / 3600]);
of('molar mass', ['D74', 1], ['A94', 1e-3]);
of('molar volume', ['A40', 1], ['A37', 1e-3], ['B58', 1e-3], ['A36', 1e-6]);
of('molar energy', ['B15', 1], ['B44', 1e3]);
of('data rate', ['B10', 1], ['C74', 1e3], ['E20', 1e6], ['B80', 1e9], ['E84', 1e12], ['P93', 8]);
of('data rate', ['P94', 8e3], ['P95', 8e6], ['E68', 8e9]);

/**
 * A value in another unit; null when the two measure different quantities, or one is unknown. The
 * codes are those of UN/ECE Recommendation 20, as in `uom`. Equal codes always convert.
 *
 * @param kind `difference` ignores the offset of the scale, for example for a standard deviation
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
