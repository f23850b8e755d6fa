import type { ViewFor } from '../access/view.js';
import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../shared/problem.js';
import { BARCODE_FORMATS } from './barcode.js';
import type { BarcodeData, BarcodeFormat } from './barcode.js';
import { drawPng, drawSvg, scaleArgument } from './draw-barcode.js';
import { makeBarcode } from './make-barcode.js';
import type { BarcodeDeps } from './make-barcode.js';

/** Change it when the same data is drawn differently, so that browsers drop their old pictures. */
const DRAWN_AS = '1';
const PARAMETERS: readonly string[] = ['id', 'lot', 'expiry', 'scale'];

/** What all requests share. */
interface RouteDeps extends Pick<BarcodeDeps, 'clock'> {
  readonly viewFor: ViewFor;
}

/** GET /barcode/{format}.svg and .png, with id, lot, expiry and scale as query. */
export function registerBarcodes(http: FastifyInstance, deps: RouteDeps): void {
  http.route<{ Params: { file: string }; Querystring: Record<string, unknown> }>({
    method: 'GET',
    url: '/barcode/:file',
    config: { scope: 'read' },
    handler: async (request, reply) => {
      const { format, type } = readFile(request.params.file);
      const query = queryOf(request.query);
      const scale = scaleArgument(query.scale === undefined ? undefined : Number(query.scale));
      const data = await makeBarcode(
        { ...deps, view: deps.viewFor(request.principal) },
        { ...query, format },
      );
      return answer(request, reply, { data, type, scale });
    },
  });
}

interface Picture {
  readonly data: BarcodeData;
  readonly type: 'svg' | 'png';
  readonly scale: number;
}

async function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  { data, type, scale }: Picture,
): Promise<FastifyReply> {
  const { format, raw, text } = data;
  const shown = [DRAWN_AS, format, type, scale, raw, text].join('\n');
  const etag = `"${createHash('sha256').update(shown).digest('base64url')}"`;
  // Lot and expiry may be corrected, so browsers ask again after a minute; a 304 costs no drawing.
  // Labels stand in pages of other systems.
  void reply.headers({
    ...{ etag, 'cache-control': 'private, max-age=60' },
    'cross-origin-resource-policy': 'cross-origin',
  });
  const known = (request.headers['if-none-match'] ?? '').split(',').map((one) => one.trim());
  if (known.some((one) => one === '*' || one.replace(/^W\//, '') === etag))
    return reply.code(304).send();
  if (type === 'png') return reply.type('image/png').send(await drawPng(data, scale));
  return reply
    .type('image/svg+xml; charset=utf-8')
    .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
    .send(await drawSvg(data, scale));
}

function readFile(file: string): { format: BarcodeFormat; type: Picture['type'] } {
  const [, name = '', type] = /^(.*)\.(svg|png)$/i.exec(file) ?? [];
  const format = BARCODE_FORMATS.find((one) => one === name.toUpperCase().replaceAll('-', '_'));
  if (format === undefined || type === undefined)
    throw new Problem(
      'NOT_FOUND',
      `There is no barcode "${file.slice(0, 100)}". Formats are ${BARCODE_FORMATS.map((one) => one.toLowerCase()).join(', ')}, with .svg or .png.`,
    );
  return { format, type: type.toLowerCase() as Picture['type'] };
}

type Query = Partial<Record<'lot' | 'expiry' | 'scale', string>> & { readonly id: string };

function queryOf(query: Readonly<Record<string, unknown>>): Query {
  for (const [name, value] of Object.entries(query)) {
    if (!PARAMETERS.includes(name))
      throw wrong(name, value, 'is unknown.', `Known are ${PARAMETERS.join(', ')}.`);
    if (typeof value !== 'string') throw wrong(name, value, 'is given twice.', 'Give it once.');
  }
  const given = query as Partial<Query>;
  if (given.id === undefined || given.id === '')
    throw wrong('id', 'nothing', 'is missing.', 'Add it, e.g. ?id=(01)09506000134352(21)A1.');
  return given as Query;
}

function wrong(argument: string, value: unknown, rule: string, remedy: string): Problem {
  const found = String(value).slice(0, 200);
  return new Problem('BAD_USER_INPUT', `Parameter "${argument}": ${rule} ${remedy}`, {
    details: { argument, found, rule, remedy },
  });
}
