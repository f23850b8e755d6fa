import { Command } from 'commander';
import { findDocuments, importFile, reasonOf } from '../capture/index.js';
import type { CaptureFault, PathFailure } from '../capture/index.js';
import { isProblem } from '../shared/problem.js';
import { startBar } from './progress.js';
import { note, say } from './terminal.js';
import type { CaptureContext } from './with-capture.js';
import { withCapture } from './with-capture.js';

/** `custody-graph import`: captures documents of files and folders; run it again to continue. */
export function importCommand(): Command {
  return new Command('import')
    .description('capture EPCIS documents from files and folders; run again to continue')
    .argument(
      '<paths...>',
      'EPCIS documents: .xml (2.0 or 1.2), .json, .jsonld, or .ndjson with one document per line; or folders of them',
    )
    .action(async (paths: string[]) => {
      const { files, passedOver, failed } = await findDocuments(paths);
      const failures = [...failed];
      const totals = { captured: 0, repeated: 0, faults: 0, warnings: 0 };
      if (files.length > 0)
        await withCapture((context) => importAll(context, files, { totals, failures }));
      for (const path of passedOver) note(`${path}: skipped, because its name has another ending.`);
      for (const { path, reason } of failures) note(`${path}: not stored: ${reason}`);
      const { captured, repeated, faults, warnings } = totals;
      say(
        `${files.length} files: ${captured} events stored, ${repeated} known already, ${faults} faults, ${warnings} warnings; ${failures.length} paths are not, or not wholly, stored.`,
      );
      if (failures.length > 0) process.exitCode = 1;
    });
}

interface Outcome {
  readonly totals: { captured: number; repeated: number; faults: number; warnings: number };
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
      failures.push({ path, reason: `not tried, because ${gone}` });
      continue;
    }
    try {
      const { captured, repeated, faults, warnings } = await importOne(context, path);
      totals.captured += captured;
      totals.repeated += repeated;
      totals.faults += faults;
      totals.warnings += warnings;
      if (faults > 0) failures.push({ path, reason: `${faults} faults` });
    } catch (error) {
      failures.push({ path, reason: reasonOf(error) });
      // Without a store the next file would fail too.
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
    for (const fault of done.faults) note(lineOf(path, fault));
    for (const warning of done.warnings) note(`warning: ${lineOf(path, warning)}`);
    const { captured, repeated } = done;
    const [faults, warnings] = [done.faults.length, done.warnings.length];
    say(
      `${path}: ${captured} stored, ${repeated} known already, ${faults} faults, ${warnings} warnings.`,
    );
    return { captured, repeated, faults, warnings };
  } finally {
    bar.stop();
  }
}

function lineOf(file: string, { pointer, found, expected, remedy }: CaptureFault): string {
  return `${file}${pointer}: found ${found}, expected ${expected}. ${remedy}`;
}
