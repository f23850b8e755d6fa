const WIDTHS =
  '212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 411131 211412 211214 211232'.split(
    ' ',
  );

/**
 * Reads a Code 128 from the widths of its bars and spaces: check character, code sets A to C. FNC1 comes as GS (code 29), also the one
 * in front that makes it a GS1-128. For tests: it shares nothing with what draws.
 *
 * @see ISO/IEC 15417
 */
export function readCode128(widths: readonly number[]): string {
  const values: number[] = [];
  for (let at = 0; at + 7 < widths.length; at += 6) {
    const value = WIDTHS.indexOf(widths.slice(at, at + 6).join(''));
    if (value < 0) throw new Error(`No character at ${at}`);
    values.push(value);
  }
  if (widths.slice(-7).join('') !== '2331112') throw new Error('No stop character');
  const [start = 0, ...body] = values;
  const check = body.pop();
  const sum = body.reduce((total, value, i) => total + value * (i + 1), start);
  if (check !== sum % 103) throw new Error('The check character is wrong');
  return decode(start, body);
}

const SETS: Readonly<Record<number, 'A' | 'B' | 'C'>> = { 103: 'A', 104: 'B', 105: 'C' };
const LATCHES: Readonly<Record<number, 'A' | 'B' | 'C'>> = { 101: 'A', 100: 'B', 99: 'C' };

function decode(start: number, body: readonly number[]): string {
  let set = SETS[start];
  let text = '';
  for (const value of body) {
    if (value === 102) text += '\u001d';
    else if (set === 'C' && value < 100) text += String(value).padStart(2, '0');
    else if (LATCHES[value] !== undefined) set = LATCHES[value];
    else if (value > 95) throw new Error(`Character ${value} is not read here`);
    else text += String.fromCharCode(set === 'A' && value >= 64 ? value - 64 : value + 32);
  }
  return text;
}
