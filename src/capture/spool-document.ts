import { createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { linesOf } from './lines-of.js';

/**
 * Writes a stream to a file in this folder, because an import reads it twice. Gives the path. Its ending tells the syntax, which
 * is seen from the content: XML begins with `<`; of `.ndjson` the first line is a JSON value of its own, and others follow.
 */
export async function spoolDocument(input: NodeJS.ReadableStream, folder: string): Promise<string> {
  const path = join(folder, 'document');
  await pipeline(input, createWriteStream(path, { mode: 0o600 }));
  const named = path + (await endingOf(path));
  await rename(path, named);
  return named;
}

async function endingOf(path: string): Promise<'.xml' | '.json' | '.ndjson'> {
  let first: string | undefined;
  for await (const bytes of linesOf(path)) {
    // A byte order mark, and every second byte of UTF-16, are no characters of their own.
    const text = bytes.toString('latin1').replaceAll(/[\0\u00ef\u00bb\u00bf\u00fe\u00ff]/g, '');
    if (text.trim() === '') continue;
    if (first !== undefined) return '.ndjson';
    if (text.trimStart().startsWith('<')) return '.xml';
    if (!isJson(text)) return '.json';
    first = text;
  }
  return '.json';
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
