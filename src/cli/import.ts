import { Command } from 'commander';
import { findDocuments, importFile, reasonOf } from '../capture/index.js';
import type { PathFailure } from '../capture/index.js';
import { isProblem } from '../shared/problem.js';
import { startBar } from './progress.js';
import { note, say } from './terminal.js';
import type { CaptureContext } from './with-capture.js';
import { withCapture } from './with-capture.js';

/** `custody-graph import`: EPCIS documents from files and folders, with progress; run again, it goes on where not all is stored. */
export function importCommand(): Command {
  return new Command('import')
    .description('capture EPCIS documents from files and folders; run again to go on')
    .argument(
      '<paths...>',
      'EPCIS documents: .xml (2.0 or 1.2), .json, .jsonld, or .ndjson with a document a line; or folders of them',
    )
    .action(async (paths: string[]) => {
      const { files, passedOver, failed } = await findDocuments(paths);
      const failures = [...failed];
      const totals = { captured: 0, repeated: 0, faults: 0 };
      if (files.length > 0)
        await withCapture((context) => importAll(context, files, { totals, failures }));
      for (const path of passedOver) note(`${path}: left out, its name ends otherwise.`);
      for (const { path, reason } of failures) note(`${path}: not stored: ${reason}`);
      const { captured, repeated, faults } = totals;
      say(
        `${files.length} files: ${captured} events stored, ${repeated} known already, ${faults} faults; ${failures.length} paths are not, or not wholly, stored.`,
      );
      if (failures.length > 0) process.exitCode = 1;
    });
}

interface Outcome {
  readonly totals: { captured: number; repeated: number; faults: number };
  readonly failures: PathFailure[];
}

async function importAll(
  context: CaptureContext,
  files: readonly string[],
  { totals, failures }: Outcome,
): Promise<void> {
  let gone: string | undefined;
  for (const path of files) {
    if (gone !== undefined) {
      failures.push({ path, reason: `not tried, as ${gone}` });
      continue;
    }
    try {
      const { captured, repeated, faults } = await importOne(context, path);
      totals.captured += captured;
      totals.repeated += repeated;
      totals.faults += faults;
      if (faults > 0) failures.push({ path, reason: `${faults} faults` });
    } catch (error) {
      failures.push({ path, reason: reasonOf(error) });
      // Without a store the next file fares no better.
      if (isProblem(error) && !(await context.store.graph.ready())) gone = reasonOf(error);
    }
  }
}

async function importOne(
  { capture, store }: CaptureContext,
  path: string,
): Promise<Outcome['totals']> {
  const bar = startBar(path, 'events');
  try {
    const done = await importFile({ capture, graph: store.graph }, path, bar.update);
    bar.stop();
    for (const { pointer, found, expected, remedy } of done.faults)
      note(`${path}${pointer}: found ${found}, expected ${expected}. ${remedy}`);
    const { captured, repeated } = done;
    say(`${path}: ${captured} stored, ${repeated} known already, ${done.faults.length} faults.`);
    return { captured, repeated, faults: done.faults.length };
  } finally {
    bar.stop();
  }
}
