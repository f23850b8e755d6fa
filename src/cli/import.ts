import { Command } from 'commander';
import { importFile } from '../capture/index.js';
import { startBar } from './progress.js';
import { note, say } from './terminal.js';
import { withCapture } from './with-capture.js';

/** `custody-graph import`: EPCIS documents from files, with progress; run again, it goes on where it stopped. */
export function importCommand(): Command {
  return new Command('import')
    .description('capture EPCIS documents from files; run again to resume')
    .argument(
      '<files...>',
      'EPCIS documents: .xml (2.0 or 1.2), .json, .jsonld, or .ndjson with a document a line',
    )
    .action(async (files: string[]) => {
      const faults = await withCapture(async ({ capture, store }) => {
        let found = 0;
        for (const file of files) {
          const bar = startBar(file, 'events');
          const done = await importFile({ capture, graph: store.graph }, file, bar.update);
          bar.stop();
          for (const { pointer, found: what, expected, remedy } of done.faults)
            note(`${file}${pointer}: found ${what}, expected ${expected}. ${remedy}`);
          found += done.faults.length;
          say(
            `${file}: ${done.captured} stored, ${done.repeated} known already, ${done.faults.length} faults.`,
          );
        }
        return found;
      });
      if (faults > 0) process.exitCode = 1;
    });
}
