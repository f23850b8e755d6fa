/** Letters and digits as Unicode has them, but for the few that XML leaves out of names (XML 1.0 section 2.3). */
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

/** An underscore that begins what may look like an escape. */
const LOOKALIKE = /_(?=x[0-9A-F]{4})|^_(?=x_$)/g;
/** Stands for no text at all. */
const EMPTY = '_x_';

/** A name for any text: a character that no name may have there is `_xHHHH_` (ISO/IEC 9075-14 section 9.1). */
export function nameFor(text: string): string {
  const characters = Array.from(text.replace(LOOKALIKE, '_x005F_'));
  const name = characters.map((one, at) =>
    (at === 0 ? NAME_START : NAME_PART).test(one) ? one : escaped(one),
  );
  return name.length === 0 ? EMPTY : name.join('');
}

/** The text that {@link nameFor} made a name of; an escape that it would not have written is left as it is. */
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
