import type { View } from '../access/view.js';
import { checkElements, elementFaultMessage } from '../gs1/check-elements.js';
import type { Element } from '../gs1/check-elements.js';
import { formatElementString } from '../gs1/element-string.js';
import { parseIdentifier } from '../gs1/identifier.js';
import type { Identifier } from '../gs1/identifier.js';
import type { Clock } from '../shared/clock.js';
import { Problem } from '../shared/problem.js';
import {
  arrange,
  digitalLinkOf,
  elementsOfKey,
  elementsTold,
  EXPIRY,
  expiryDay,
  expiryElement,
  LOT,
  yearsSaid,
} from './barcode-elements.rules.js';
import { readLabel } from './barcode.read-model.js';
import type { BarcodeData, BarcodeFormat, BarcodeRequest } from './barcode.js';

/** What making a barcode needs. */
export interface BarcodeDeps {
  readonly view: View;
  readonly clock: Clock;
}

/** Longer than any identifier. */
const MAX_ID_LENGTH = 1000;
/** Data characters of a GS1-128, FNC1 included. @see GS1 General Specifications 5.4.4.4 */
const MAX_GS1_128 = 48;
/** Bytes of the largest QR code, with error correction M. @see ISO/IEC 18004, table 7 */
const MAX_QR = 2331;

/** Symbology identifiers. @see GS1 General Specifications 5.1.2; ISO/IEC 18004 (QR without GS1) */
const SYMBOLOGY: Readonly<Record<BarcodeFormat, string>> = {
  DATAMATRIX: ']d2',
  GS1_128: ']C1',
  QR_DIGITAL_LINK: ']Q1',
};

/**
 * Makes the content of a barcode. Lot and expiry of a known pack or lot come from the graph,
 * otherwise from the arguments or the identifier itself.
 *
 * @throws Problem BAD_USER_INPUT with argument, found, rule and remedy; CONFLICT when an argument contradicts the graph
 */
export async function makeBarcode(
  { view, clock }: BarcodeDeps,
  request: BarcodeRequest,
): Promise<BarcodeData> {
  const { format } = request;
  const id = identifierOf(request.id);
  const ofKey = elementsOfKey(id.key);
  if (ofKey.length === 0)
    throw refusal({
      argument: 'id',
      found: id.key,
      rule: 'is not a GS1 key, and only GS1 keys have a GS1 barcode.',
      remedy: 'Give an SGTIN, SSCC or another GS1 key.',
    });
  const told = toldBy(request.id);
  const thisYear = new Date(clock.now()).getUTCFullYear();
  const asked = askedOf(id, request, { told, thisYear });
  const label = await labelOf(view, id, { asked, request, thisYear });
  const elements = arrange(ofKey, told, label);
  const [fault] = checkElements(elements);
  if (fault !== undefined)
    throw refusal({
      argument: argumentOf(fault.ai, request),
      found: fault.found,
      rule: elementFaultMessage(fault),
      remedy: '',
    });
  const data = formatElementString(elements, 'RAW');
  if (format === 'GS1_128') refuseTooLong(data);
  const sent = format === 'QR_DIGITAL_LINK' ? linkOf(elements) : data;
  return {
    format,
    elements,
    text: formatElementString(elements, 'BRACKETED'),
    raw: SYMBOLOGY[format] + sent,
  };
}

function identifierOf(text: string): Identifier {
  const remedy =
    'Give an EPC URN, a GS1 Digital Link or an element string, e.g. "(01)09506000134352(21)A1".';
  const found = text.slice(0, 200);
  if (text.length > MAX_ID_LENGTH)
    throw refusal({
      argument: 'id',
      found,
      rule: `may have at most ${MAX_ID_LENGTH} characters.`,
      remedy,
    });
  const parsed = parseIdentifier(text);
  if (!parsed.ok) throw refusal({ argument: 'id', found, rule: parsed.message, remedy });
  return parsed.id;
}

const NAMES = ['lot', 'expiry'] as const;
type Label = Partial<Record<(typeof NAMES)[number], string | undefined>>;

function toldBy(text: string): readonly Element[] {
  const told = elementsTold(text);
  if (!('ok' in told)) return told;
  throw refusal({ argument: 'id', found: text.slice(0, 200), rule: told.message, remedy: '' });
}

interface Asked {
  readonly asked: Label;
  readonly request: BarcodeRequest;
  readonly thisYear: number;
}

/**
 * Lot and expiry for the barcode: from the graph first, then from the request. An expiry that AI 17
 * cannot express, such as the year 9999 for "never", is left out.
 */
async function labelOf(
  view: View,
  id: Identifier,
  { asked, request, thisYear }: Asked,
): Promise<Label> {
  if (!id.key.startsWith('01/')) return asked;
  const known = await readLabel(view, id.key);
  if (known === undefined) return asked;
  const expiry = expiryElement(known.expiry?.slice(0, 10) ?? '', thisYear) ?? undefined;
  const stored: Label = { lot: known.lot ?? undefined, expiry };
  const name = contradicted(asked, stored);
  if (name === undefined) return merge(stored, asked);
  const argument = argumentOf(name === 'lot' ? LOT : EXPIRY, request);
  const rule = `contradicts the ${name} from events: ${String(stored[name])}.`;
  const remedy = 'Leave it out, or correct the wrong event.';
  throw refusal({ argument, found: asked[name] ?? '', rule, remedy }, 'CONFLICT');
}

function contradicted(one: Label, other: Label): (typeof NAMES)[number] | undefined {
  return NAMES.find((name) => !agree(name, one[name], other[name]));
}

function agree(name: keyof Label, one: string | undefined, other: string | undefined): boolean {
  if (one === undefined || other === undefined) return true;
  return name === 'lot' ? one === other : expiryDay(one) === expiryDay(other);
}

function merge(first: Label, then: Label): Label {
  return { lot: first.lot ?? then.lot, expiry: first.expiry ?? then.expiry };
}

/** Lot and expiry from the arguments and the identifier. The arguments need a GTIN. */
function askedOf(
  id: Identifier,
  request: BarcodeRequest,
  { told, thisYear }: { readonly told: readonly Element[]; readonly thisYear: number },
): Label {
  const lot = request.lot ?? undefined;
  const expiry = request.expiry ?? undefined;
  const argument = lot === undefined ? 'expiry' : 'lot';
  const found = lot ?? expiry;
  const remedy = 'Leave it out.';
  if (id.gtin === undefined) {
    if (found === undefined) return {};
    const rule = `needs a GTIN, but the identifier is of the kind ${id.scheme}.`;
    throw refusal({ argument, found, rule, remedy });
  }
  const asked: Label = { lot, expiry: expiryArgument(expiry, thisYear) };
  const named: Label = { lot: id.lot, expiry: told.find(({ ai }) => ai === EXPIRY)?.value };
  const name = contradicted(asked, named);
  if (name === undefined) return merge(asked, named);
  const rule = `contradicts the identifier, which names ${name} ${String(named[name])}.`;
  throw refusal({ argument: name, found: asked[name] ?? '', rule, remedy });
}

function expiryArgument(text: string | undefined, thisYear: number): string | undefined {
  if (text === undefined) return undefined;
  const element = expiryElement(text, thisYear);
  if (element !== null) return element;
  const { first, last } = yearsSaid(thisYear);
  throw refusal({
    argument: 'expiry',
    found: text.slice(0, 200),
    rule: `must be a date of the years ${first} to ${last}.`,
    remedy: 'Write YYYY-MM-DD, or YYMMDD with day 00 for the end of the month.',
  });
}

/** The argument that an element came from. */
function argumentOf(ai: string | null, { lot, expiry }: BarcodeRequest): string {
  if (ai === LOT && typeof lot === 'string') return 'lot';
  return ai === EXPIRY && typeof expiry === 'string' ? 'expiry' : 'id';
}

function linkOf(elements: readonly Element[]): string {
  const link = digitalLinkOf(elements);
  const remedy = 'Use DATAMATRIX.';
  if (typeof link !== 'string')
    throw refusal({
      argument: 'format',
      found: `(${link.ai})`,
      rule: `(${link.ai}) is not allowed in this Digital Link.`,
      remedy,
    });
  if (link.length > MAX_QR)
    throw refusal({
      argument: 'format',
      found: `${link.length} characters`,
      rule: `a QR code can hold a Digital Link of at most ${MAX_QR} characters.`,
      remedy,
    });
  return link;
}

function refuseTooLong(data: string): void {
  if (data.length <= MAX_GS1_128) return;
  throw refusal({
    argument: 'format',
    found: `${data.length} characters`,
    rule: `a GS1-128 can hold at most ${MAX_GS1_128} characters.`,
    remedy: 'Use DATAMATRIX.',
  });
}

function refusal(
  fault: {
    readonly argument: string;
    readonly found: string;
    readonly rule: string;
    readonly remedy: string;
  },
  code: 'BAD_USER_INPUT' | 'CONFLICT' = 'BAD_USER_INPUT',
): Problem {
  const { argument, rule, remedy } = fault;
  return new Problem(code, `Argument "${argument}": ${rule} ${remedy}`.trim(), { details: fault });
}
