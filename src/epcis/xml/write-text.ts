import { isLosslessNumber, stringify } from 'lossless-json';
import { parseInstant } from '../formats.js';

/** Controls and halves of surrogate pairs: XML forbids some of them (XML 1.0 section 2.2). */
const SUSPECT = /[\p{Cc}\p{Cs}\ufffe\uffff]/gu;

function carried(character: string): string {
  const code = character.charCodeAt(0);
  const fits = code === 9 || code === 10 || code === 13 || (code >= 0x7f && code <= 0x9f);
  return fits ? character : '\ufffd';
}

/** Replaces characters that XML forbids by U+FFFD, so that a document is always well-formed. */
function carriedText(text: string): string {
  return text.replace(SUSPECT, carried);
}

const IN_TEXT: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '\r': '&#13;',
};
const IN_ATTRIBUTE: Readonly<Record<string, string>> = {
  ...IN_TEXT,
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
};

/** Text as the content of an element. */
export function escapedText(text: string): string {
  return carriedText(text).replace(/[&<>\r]/g, (found) => IN_TEXT[found] ?? found);
}

/** One element with text. The name is not checked. */
export function element(name: string, text: string): string {
  return `<${name}>${escapedText(text)}</${name}>`;
}

/** Writes ` name="value"`. */
export function attribute(name: string, value: string): string {
  const escaped = carriedText(value).replace(
    /[&<>"\t\n\r]/g,
    (found) => IN_ATTRIBUTE[found] ?? found,
  );
  return ` ${name}="${escaped}"`;
}

/** The text of a JSON value where XML allows only text; objects and lists become JSON text. */
export function plainText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (isLosslessNumber(value)) return value.value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return stringify(value) ?? '';
}

/** A JSON number without exponent, because xsd:decimal has none. */
export function decimalText(number: string): string {
  const parts = /^(-?)(\d+)(?:\.(\d+))?[eE]([+-]?\d+)$/.exec(number);
  if (parts === null) return number;
  const [, sign = '', whole = '0', fraction = '', exponent = '0'] = parts;
  const point = whole.length + Number(exponent);
  // A finite number cannot have so many digits unless all of them are zero.
  if (Math.abs(point) > 400) return '0';
  const digits = (whole + fraction).padStart(
    whole.length + fraction.length - Math.min(point, 0),
    '0',
  );
  const at = Math.max(point, 0);
  const left = digits
    .slice(0, at)
    .padEnd(at, '0')
    .replace(/^0+(?=\d)/, '');
  const right = digits.slice(at);
  return `${sign}${left === '' ? '0' : left}${right === '' ? '' : `.${right}`}`;
}

const XML_TIME =
  /^\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):\d\d:[0-5]\d(?:\.\d+)?(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))$/;

/** A time as in XML Schema and RFC 3339. Others (24:00:00, +0130, t for T) are converted to UTC. */
export function timeText(time: string): string {
  if (XML_TIME.test(time)) return time;
  const instant = parseInstant(time);
  if (instant === null) return time;
  const text = new Date(instant.ms).toISOString();
  return instant.micros === 0
    ? text
    : text.replace('Z', `${String(instant.micros).padStart(3, '0')}Z`);
}
