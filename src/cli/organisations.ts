import { Command, InvalidArgumentError } from 'commander';
import { admitOrganisation, readAdmitted } from '../rebuild/index.js';
import { partyKey } from './keys.js';
import { startBar } from './progress.js';
import { say } from './terminal.js';
import { withStore } from './with-store.js';

/** `custody-graph organisations admit|list`: who besides the host takes part. */
export function organisationsCommand(): Command {
  const admit = new Command('admit')
    .description('let an organisation take part, and derive again who sees what')
    .argument('<GLN>', 'GLN of the organisation, the topmost of its group', partyKey)
    .option('--prefix <digits>', 'a GS1 company prefix of it; repeat it for more', prefix, [])
    .action(async (organisation: string, options: { readonly prefix: readonly string[] }) => {
      let events = 0;
      await withStore(async ({ store }) => {
        const bar = startBar('rebuild', 'events');
        const admitted = { organisation, prefixes: options.prefix };
        await admitOrganisation(store.graph, admitted, (done, total) => {
          events = done;
          bar.update(done, total);
        });
        bar.stop();
      });
      say(`${organisation} takes part. Who sees what was derived from ${events} events.`);
    });
  const list = new Command('list')
    .description('list the organisations that take part')
    .action(async () => {
      const found = await withStore(({ store }) => store.graph.write(readAdmitted));
      for (const { organisation, name, prefixes } of found)
        say([organisation, name ?? '(not registered)', ...prefixes].join('  '));
      if (found.length === 0) say('Only the host takes part.');
    });
  return new Command('organisations')
    .description('say which organisations take part besides the host')
    .addCommand(admit)
    .addCommand(list);
}

/** @see GS1 General Specifications, 1.4.2: a company prefix has 4 to 12 digits */
function prefix(text: string, before: readonly string[]): readonly string[] {
  if (/^\d{4,12}$/.test(text)) return [...before, text];
  throw new InvalidArgumentError('A GS1 company prefix has 4 to 12 digits.');
}
