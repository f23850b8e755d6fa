import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { Problem } from '../shared/problem.js';
import { say } from './terminal.js';

const file = fileURLToPath(new URL('../../schema/schema.graphql', import.meta.url));

/** `custody-graph schema`: writes the SDL to schema/schema.graphql, or compares it (`--check`). */
export function schemaCommand(): Command {
  return new Command('schema')
    .description('write the GraphQL schema to schema/schema.graphql')
    .option('--check', 'write nothing; fail when the file differs from the code')
    .option('--print', 'print it instead')
    .action(async (options: { check?: true; print?: true }) => {
      const { makeSchema, sdlOf } = await import('../server/schema.js');
      const sdl = sdlOf(makeSchema());
      if (options.print) say(sdl);
      else if (options.check) await check(sdl);
      else await writeFile(file, sdl);
    });
}

async function check(sdl: string): Promise<void> {
  if ((await readFile(file, 'utf8').catch(() => '')) === sdl) return;
  throw new Problem(
    'CONFLICT',
    'The API changed. Run `npm run schema`, commit schema/schema.graphql and say why.',
  );
}
