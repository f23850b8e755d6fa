import { createReadStream } from 'node:fs';

const LINE_FEED = 0x0a;

/** Reads the lines of a file as bytes. A text reader would also end a line at U+2028, which JSON strings may hold, and would hide invalid UTF-8. */
export async function* linesOf(path: string): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  for await (const read of createReadStream(path)) {
    let part = read as Buffer;
    for (let end = part.indexOf(LINE_FEED); end >= 0; end = part.indexOf(LINE_FEED)) {
      yield Buffer.concat([...rest, part.subarray(0, end)]);
      rest = [];
      part = part.subarray(end + 1);
    }
    rest.push(part);
  }
  yield Buffer.concat(rest);
}
