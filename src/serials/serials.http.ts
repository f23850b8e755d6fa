import type { ViewFor } from '../access/view.js';
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { parseGtin } from '../gs1/identifier.js';
import { Problem } from '../shared/problem.js';
import { allocateSerials } from './allocate-serials.js';
import type { SerialDeps } from './allocate-serials.js';
import { handOut } from './hand-out.js';
import { SERIAL_MEDIA_TYPES, writingFor } from './serial-lines.rules.js';
import type { SerialWriting } from './serial-lines.rules.js';
import { readAllocation } from './serial.read-model.js';
import type { SerialAllocation, SerialRequest } from './serials.js';

/** What all requests share. */
interface RouteDeps extends Pick<SerialDeps, 'clock'> {
  readonly viewFor: ViewFor;
}

/** POST /serials allocates and streams serials; GET /serials/{id} streams the same ones again. */
export function registerSerials(http: FastifyInstance, deps: RouteDeps): void {
  http.route({
    method: 'POST',
    url: '/serials',
    config: { scope: 'capture' },
    handler: async (request, reply) => {
      const writing = writingOf(request);
      const asking = { ...deps, view: deps.viewFor(request.principal) };
      const outcome = await allocateSerials(asking, requestOf(request.body));
      if (!outcome.ok) {
        const { argument, rule, remedy, found, code: reason } = outcome.refusal;
        throw refusal({ argument, found, rule, remedy, reason });
      }
      return stream(asking, outcome.allocation, writing, reply.code(201));
    },
  });
  http.route<{ Params: { id: string } }>({
    method: 'GET',
    url: '/serials/:id',
    config: { scope: 'read' },
    handler: async (request, reply) => {
      const writing = writingOf(request);
      const { id } = request.params;
      const asking = { ...deps, view: deps.viewFor(request.principal) };
      const allocation = await readAllocation(asking.view, id);
      if (allocation === null)
        throw new Problem('NOT_FOUND', `There is no allocation of serials "${id.slice(0, 100)}".`);
      return stream(asking, allocation, writing, reply);
    },
  });
}

function stream(
  deps: SerialDeps,
  allocation: SerialAllocation,
  writing: SerialWriting,
  reply: FastifyReply,
): FastifyReply {
  return reply
    .header('location', `/serials/${allocation.id}`)
    .header('cache-control', 'no-store')
    .header('vary', 'accept')
    .header('x-serial-allocation', allocation.id)
    .header('x-serial-count', String(allocation.count))
    .type(`${writing.mediaType}; charset=utf-8`)
    .send(Readable.from(linesOf(deps, allocation, writing), { objectMode: false }));
}

// The stream pulls the next stretch after the socket took the last: a slow reader needs no buffer.
async function* linesOf(
  deps: SerialDeps,
  allocation: SerialAllocation,
  { head, lineOf }: SerialWriting,
): AsyncGenerator<Buffer> {
  if (head !== '') yield Buffer.from(head);
  for await (const serials of handOut(deps, allocation))
    if (serials.length > 0)
      yield Buffer.from(serials.map((serial) => lineOf(allocation.gtin, serial)).join(''));
}

function writingOf(request: FastifyRequest): SerialWriting {
  const { accept } = request.headers;
  const writing = writingFor(accept);
  if (writing !== undefined) return writing;
  throw new Problem(
    'NOT_ACCEPTABLE',
    `Serials are available as ${SERIAL_MEDIA_TYPES.join(', ')}, but Accept asks for "${String(accept).slice(0, 200)}".`,
    { details: { acceptable: SERIAL_MEDIA_TYPES } },
  );
}

interface Argument {
  readonly type: 'string' | 'number';
  readonly required?: true;
  readonly remedy: string;
}

const ARGUMENTS: Readonly<Record<keyof SerialRequest, Argument>> = {
  gtin: { type: 'string', required: true, remedy: 'Give a GTIN, e.g. "09506000134352".' },
  count: { type: 'number', required: true, remedy: 'Say how many serials, 1 to 1,000,000.' },
  allocatedTo: { type: 'string', required: true, remedy: 'Say who gets the serials.' },
  alphabet: { type: 'string', remedy: 'Give the characters to use, or leave it out.' },
  length: { type: 'number', remedy: 'Give 2 to 20, or leave it out.' },
  requestedBy: { type: 'string', remedy: 'Say who requests them, or leave it out.' },
  note: { type: 'string', remedy: 'Say what they are for, or leave it out.' },
};

function requestOf(body: unknown): SerialRequest {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    const remedy = 'Send {"gtin": …, "count": …, "allocatedTo": …}.';
    throw wrong('body', body, 'must be a JSON object.', remedy);
  }
  const given = body as Readonly<Record<string, unknown>>;
  const known = Object.keys(ARGUMENTS);
  const stranger = Object.keys(given).find((name) => !known.includes(name));
  if (stranger !== undefined)
    throw wrong(stranger, given[stranger], 'is unknown.', `Known are ${known.join(', ')}.`);
  for (const [name, { type, required, remedy }] of Object.entries(ARGUMENTS)) {
    const value = given[name] ?? undefined;
    const isRight = value === undefined ? required !== true : typeof value === type;
    if (!isRight) throw wrong(name, given[name], `must be a ${type}.`, remedy);
  }
  const request = body as SerialRequest;
  return { ...request, gtin: gtinOf(request.gtin) };
}

function gtinOf(text: string): string {
  const parsed = parseGtin(text);
  if (parsed.ok) return parsed.id.key.slice(3);
  throw wrong('gtin', text, parsed.message, ARGUMENTS.gtin.remedy);
}

function wrong(argument: string, value: unknown, rule: string, remedy: string): Problem {
  const found = value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 200);
  return refusal({ argument, found, rule, remedy });
}

function refusal(fault: {
  readonly argument: string;
  readonly found: string;
  readonly rule: string;
  readonly remedy: string;
  readonly reason?: string;
}): Problem {
  const { argument, found, rule, remedy } = fault;
  const message = `Argument "${argument}": ${rule} Found ${found}. ${remedy}`;
  return new Problem('BAD_USER_INPUT', message, { details: fault });
}
