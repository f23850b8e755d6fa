import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { access, constants, open, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { Problem, isProblem } from '../shared/problem.js';

// A backup is one file: a line that names the format, a line of JSON (the facts), a dump of Neo4j, and a last line with the SHA-256 of all
// before it. So a file that was cut, altered or is something else is known before anything is done with it.

const FORMAT = 1;
const NAME = 'custody-graph backup ';
const MOST_HEAD_BYTES = 65_536;
const SEAL = /^\nsha256 ([0-9a-f]{64})\n$/;
const SEAL_BYTES = 73;

const factsShape = z.object({
  /** The version that made it. */
  program: z.string(),
  /** ISO 8601. */
  createdAt: z.string(),
  /** The applied migrations, in order. */
  migrations: z.array(z.string()),
  events: z.int(),
  /** The newest position of the log. */
  position: z.int(),
  /** What the store takes on disk. */
  storeBytes: z.int(),
});

/** What a backup says of itself. */
export type BackupFacts = z.output<typeof factsShape>;

/** A backup that was checked. */
export interface Backup {
  readonly facts: BackupFacts;
  /** Its dump of Neo4j. */
  readonly dump: () => Readable;
}

/**
 * Refuses a file that exists, or whose folder cannot be written.
 *
 * @throws Problem `CONFLICT`, `SETUP`
 */
export async function refuseTarget(path: string): Promise<void> {
  if (
    await access(path).then(
      () => true,
      () => false,
    )
  )
    throw new Problem(
      'CONFLICT',
      `${path} exists already, and a backup never overwrites a file. Name another file, or move that one away.`,
    );
  await access(dirname(path), constants.W_OK).catch((cause: unknown) => {
    throw notWritten(path, cause);
  });
}

/**
 * Writes a backup. It gets its name when it is complete and on the disk; until then it is `<path>.part`.
 *
 * @throws Problem `CONFLICT` when the file exists, `SETUP` when it cannot be written
 */
export async function writeBackup(
  path: string,
  facts: BackupFacts,
  dump: AsyncIterable<Buffer>,
): Promise<void> {
  const part = `${path}.part`;
  try {
    await pipeline(sealed(facts, dump), createWriteStream(part, { mode: 0o600, flush: true }));
    await refuseTarget(path);
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw isProblem(error) ? error : notWritten(path, error);
  }
  await flushFolder(dirname(path));
}

async function* sealed(facts: BackupFacts, dump: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  const head = Buffer.from(`${NAME}${FORMAT}\n${JSON.stringify(facts)}\n`);
  hash.update(head);
  yield head;
  for await (const part of dump) {
    hash.update(part);
    yield part;
  }
  yield Buffer.from(`\nsha256 ${hash.digest('hex')}\n`);
}

/** Windows cannot, and need not. */
async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder).catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

/**
 * Opens a backup after reading all of it once.
 *
 * @throws Problem `BAD_USER_INPUT` when it is none, was cut or altered, is of a newer format, or cannot be read
 */
export async function openBackup(path: string): Promise<Backup> {
  const file = await open(path).catch((cause: unknown) => {
    throw new Problem('BAD_USER_INPUT', `${path} cannot be read: ${(cause as Error).message}.`, {
      cause,
    });
  });
  try {
    const { size } = await file.stat();
    const head = await readHead(file, path);
    const end = size - SEAL_BYTES;
    const seal = SEAL.exec((await bytesOf(file, Math.max(0, end), SEAL_BYTES)).toString('latin1'));
    if (seal === null || end < head.bytes)
      throw refused(path, 'is not complete: its last line is no checksum. It was cut, or altered.');
    const found = await hashOf(path, end);
    if (found !== seal[1])
      throw refused(path, `was altered: its SHA-256 is ${found}, but it says ${seal[1] ?? ''}.`);
    const dump = (): Readable => createReadStream(path, { start: head.bytes, end: end - 1 });
    return { facts: head.facts, dump };
  } finally {
    await file.close();
  }
}

async function readHead(
  file: FileHandle,
  path: string,
): Promise<{ readonly facts: BackupFacts; readonly bytes: number }> {
  const start = await bytesOf(file, 0, MOST_HEAD_BYTES);
  const [first = '', second = ''] = start.toString('latin1').split('\n', 2);
  const format = first.startsWith(NAME) ? Number(first.slice(NAME.length)) : NaN;
  if (format > FORMAT)
    throw new Problem(
      'BAD_USER_INPUT',
      `${path} is a backup of format ${format}, which this version does not know. Restore it with the version that made it, or a newer one.`,
    );
  if (format !== FORMAT) throw refused(path, 'is no backup of custody-graph.');
  const bytes = first.length + second.length + 2;
  const json = start.subarray(first.length + 1, bytes - 1).toString('utf8');
  return { facts: readFacts(json, path), bytes };
}

function readFacts(json: string, path: string): BackupFacts {
  try {
    return factsShape.parse(JSON.parse(json));
  } catch {
    throw refused(path, 'was altered: its second line does not tell what it has.');
  }
}

async function bytesOf(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(length), position });
  return buffer.subarray(0, bytesRead);
}

async function hashOf(path: string, bytes: number): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(path, { end: bytes - 1 })) hash.update(part as Buffer);
  return hash.digest('hex');
}

function notWritten(path: string, cause: unknown): Problem {
  const { message } = cause as Error;
  return new Problem(
    'SETUP',
    `${path} cannot be written: ${message}. Name a file in a folder with enough space where this user may write.`,
    { cause },
  );
}

function refused(path: string, why: string): Problem {
  return new Problem('BAD_USER_INPUT', `${path} ${why} Nothing was changed. Use another copy.`);
}
