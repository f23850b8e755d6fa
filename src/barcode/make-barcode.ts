import type { GraphReader } from '../graph/graph.js';
import { checkElements, elementFaultMessage } from '../gs1/check-elements.js';
import { formatElementString } from '../gs1/element-string.js';
import { parseIdentifier } from '../gs1/identifier.js';
import type { Identifier } from '../gs1/identifier.js';
import { Problem } from '../shared/problem.js';
import {
  arrange,
  digitalLinkOf,
  elementsOfKey,
  elementsTold,
  expiryElement,
} from './barcode-elements.rules.js';
import { readLabel } from './barcode.read-model.js';
import type { BarcodeData, BarcodeFormat, BarcodeRequest } from './barcode.js';

/** Longer than any identifier. */
const MAX_ID_LENGTH = 1000;
/** Data characters of a GS1-128, the FNC1 between them counted. @see GS1 General Specifications 5.4.4.4 */
const MAX_GS1_128 = 48;

/** Symbology identifiers. @see GS1 General Specifications 5.1.2; ISO/IEC 18004 for a QR code that carries no GS1 data */
const SYMBOLOGY: Readonly<Record<BarcodeFormat, string>> = {
  DATAMATRIX: ']d2',
  GS1_128: ']C1',
  QR_DIGITAL_LINK: ']Q1',
};

/**
 * What a barcode of an identifier says. Of a pack or lot that is known, lot and expiry come from the graph; of another one from the
 * arguments, or from what the identifier itself tells.
 *
 * @throws Problem BAD_USER_INPUT with argument, found, rule and remedy; CONFLICT when an argument contradicts the graph
 */
export async function makeBarcode(
  graph: GraphReader,
  request: BarcodeRequest,
): Promise<BarcodeData> {
  const { format } = request;
  const id = identifierOf(request.id);
  const ofKey = elementsOfKey(id.key);
  if (ofKey.length === 0)
    throw refusal({
      argument: 'id',
      found: id.key,
      rule: 'is no GS1 key, and only those have a GS1 barcode.',
      remedy: 'Give an SGTIN, SSCC or another GS1 key.',
    });
  const elements = arrange(ofKey, elementsTold(request.id), await labelOf(graph, id, request));
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
  const sent = format === 'QR_DIGITAL_LINK' ? digitalLinkOf(elements) : data;
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
      rule: `has at most ${MAX_ID_LENGTH} characters.`,
      remedy,
    });
  const parsed = parseIdentifier(text);
  if (!parsed.ok) throw refusal({ argument: 'id', found, rule: parsed.message, remedy });
  return parsed.id;
}

const NAMES = ['lot', 'expiry'] as const;
type Label = Partial<Record<(typeof NAMES)[number], string | undefined>>;

/** What the barcode says of lot and expiry beside the identifier: the graph first, then the arguments. */
async function labelOf(
  graph: GraphReader,
  id: Identifier,
  request: BarcodeRequest,
): Promise<Label> {
  const asked = askedOf(id, request);
  if (!id.key.startsWith('01/')) return asked;
  const known = await readLabel(graph, id.key);
  if (known === undefined) return asked;
  const expiry = expiryElement(known.expiry?.slice(0, 10) ?? '') ?? undefined;
  const stored: Label = { lot: known.lot ?? undefined, expiry };
  for (const name of NAMES) refuseContradiction(name, stored[name], asked[name]);
  return { lot: stored.lot ?? asked.lot, expiry: stored.expiry ?? asked.expiry };
}

function refuseContradiction(
  argument: string,
  stored: string | undefined,
  asked: string | undefined,
): void {
  if (stored === undefined || asked === undefined || stored === asked) return;
  const rule = `contradicts the ${argument} that events stated: ${stored}.`;
  const remedy = 'Leave it out, or correct the event that is wrong.';
  throw refusal({ argument, found: asked, rule, remedy }, 'CONFLICT');
}

/** What the arguments say; they are about a GTIN. */
function askedOf(id: Identifier, request: BarcodeRequest): Label {
  const lot = request.lot ?? undefined;
  const expiry = request.expiry ?? undefined;
  const argument = lot === undefined ? 'expiry' : 'lot';
  const found = lot ?? expiry;
  const remedy = 'Leave it out.';
  if (found !== undefined && id.gtin === undefined)
    throw refusal({
      argument,
      found,
      rule: `belongs to a GTIN; this is of the kind ${id.scheme}.`,
      remedy,
    });
  if (id.scheme === 'lgtin' && lot !== undefined && id.lot !== lot)
    throw refusal({
      argument: 'lot',
      found: lot,
      rule: `contradicts the identifier, which names lot ${String(id.lot)}.`,
      remedy,
    });
  return { lot, expiry: expiryArgument(expiry) };
}

function expiryArgument(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const element = expiryElement(text);
  if (element !== null) return element;
  throw refusal({
    argument: 'expiry',
    found: text.slice(0, 200),
    rule: 'must be a date.',
    remedy: 'Write YYYY-MM-DD, or YYMMDD with day 00 for the end of the month.',
  });
}

/** Which argument an element came from. */
function argumentOf(ai: string | null, { lot, expiry }: BarcodeRequest): string {
  if (ai === '10' && typeof lot === 'string') return 'lot';
  return ai === '17' && typeof expiry === 'string' ? 'expiry' : 'id';
}

function refuseTooLong(data: string): void {
  if (data.length <= MAX_GS1_128) return;
  throw refusal({
    argument: 'format',
    found: `${data.length} characters`,
    rule: `a GS1-128 carries at most ${MAX_GS1_128} characters.`,
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
