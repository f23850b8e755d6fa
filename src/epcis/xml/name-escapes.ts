/** Unicode letters and digits, except those few that XML forbids in names (XML 1.0 section 2.3). */
const NAME_START = /^(?![ªµº])[\p{ID_Start}_]$/u;
const NAME_PART = /^(?![ªµº⁔])[\p{ID_Continue}.-]$/u;

/** True for a name without a prefix (Namespaces in XML 1.0 section 3). */
export function isName(text: string): boolean {
  const [first, ...others] = text;
  return (
    first !== undefined && NAME_START.test(first) && others.every((one) => NAME_PART.test(one))
  );
}

function escaped(text: string): string {
  return text.replace(
    /[^]/g,
    (unit) => `_x${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`,
  );
}

/** An underscore that starts a text that looks like an escape. */
const LOOKALIKE = /_(?=x[0-9A-F]{4})|^_(?=x_$)/g;
/** The name for an empty text. */
const EMPTY = '_x_';

/** A name for any text: a forbidden character becomes `_xHHHH_` (ISO/IEC 9075-14 section 9.1). */
export function nameFor(text: string): string {
  const characters = Array.from(text.replace(LOOKALIKE, '_x005F_'));
  const name = characters.map((one, at) =>
    (at === 0 ? NAME_START : NAME_PART).test(one) ? one : escaped(one),
  );
  return name.length === 0 ? EMPTY : name.join('');
}

/** The text of a {@link nameFor} name; escapes that `nameFor` would not write stay as they are. */
export function textOfName(name: string): string {
  if (!name.includes('_x')) return name;
  if (name === EMPTY) return '';
  return name.replace(/_x([0-9A-F]{4})_/g, (found, hex: string, at: number) => {
    const unit = String.fromCharCode(parseInt(hex, 16));
    const isNeeded = !(at === 0 ? NAME_START : NAME_PART).test(unit);
    const isLookalike = unit === '_' && /^x(?:[0-9A-F]{4}|_$)/.test(name.slice(at + found.length));
    return isNeeded || isLookalike ? unit : found;
  });
}
