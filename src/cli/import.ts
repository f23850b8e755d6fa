import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import {
  findDocuments,
  importFile,
  reasonOf,
  sentenceOf,
  spoolDocument,
} from '../capture/index.js';
import type { CaptureFault, ErrorBehaviour, ImportedFile } from '../capture/index.js';
import { isProblem } from '../shared/problem.js';
import { startBar } from './progress.js';
import { note, say } from './terminal.js';
import type { CaptureContext } from './with-capture.js';
import { withCapture } from './with-capture.js';

const STANDARD_INPUT = '-';

interface Options {
  readonly errorBehaviour: 'proceed' | 'rollback';
}

/** `custody-graph import`: captures documents of files and folders; run it again to continue. */
export function importCommand(): Command {
  return new Command('import')
    .description('capture EPCIS documents from files and folders; run again to continue')
    .argument(
      '<paths...>',
      'EPCIS documents: .xml (2.0 or 1.2), .json, .jsonld, or .ndjson with one document per line; folders of them; or - for standard input',
    )
    .addOption(
      new Option(
        '--error-behaviour <behaviour>',
        'of a document with a fault, store the rest (proceed) or nothing (rollback)',
      )
        .choices(['proceed', 'rollback'])
        .default('proceed'),
    )
    .action(async (paths: string[], { errorBehaviour }: Options) => {
      const given = paths.filter((path) => path !== STANDARD_INPUT);
      const { files, passedOver, failed } = await findDocuments(given);
      const outcome = new Outcome();
      for (const { path, reason } of failed)
        outcome.failures.push(`${path}: not stored: ${reason}`);
      const sources: Source[] = files.map((path) => ({ name: path, path }));
      await withStandardInput(given.length < paths.length, async (spooled) => {
        if (spooled !== undefined) sources.push({ name: 'standard input', path: spooled });
        const behaviour = errorBehaviour === 'rollback' ? 'ROLLBACK' : 'PROCEED';
        if (sources.length > 0)
          await withCapture((context) => importAll(context, sources, { behaviour, outcome }));
      });
      for (const path of passedOver) note(`${path}: skipped, because its name has another ending.`);
      say(outcome.inOneLine(sources.length));
      for (const line of outcome.failures) note(line);
      if (outcome.failures.length > 0) process.exitCode = 1;
    });
}

/** A document to import, and how the user calls it. */
interface Source {
  readonly name: string;
  readonly path: string;
}

/** What became of all files. */
class Outcome {
  captured = 0;
  repeated = 0;
  faults = 0;
  warnings = 0;
  storedBefore = 0;
  /** A line for each path of which something is missing. */
  readonly failures: string[] = [];

  /** Counts a file in, and tells of it in one line. */
  add(name: string, { captured, repeated, storedBefore, faults, warnings }: ImportedFile): string {
    this.captured += captured;
    this.repeated += repeated;
    this.faults += faults.length;
    this.warnings += warnings.length;
    if (storedBefore) {
      this.storedBefore++;
      return `${name}: stored before, ${counted(repeated, 'event')}.`;
    }
    if (faults[0] !== undefined) {
      const part = captured + repeated === 0 ? 'not stored' : 'not wholly stored';
      const more = faults.length === 1 ? '' : ` (and ${counted(faults.length - 1, 'other fault')})`;
      this.failures.push(`${name}: ${part}: ${sentenceOf(faults[0])}${more}`);
    }
    return `${name}: ${captured} stored, ${repeated} known already, ${counted(faults.length, 'fault')}, ${counted(warnings.length, 'warning')}.`;
  }

  inOneLine(files: number): string {
    const { captured, repeated, faults, warnings, storedBefore, failures } = this;
    const before = storedBefore === 0 ? '' : ` (${storedBefore} stored before)`;
    return `${counted(files, 'file')}${before}: ${captured} events stored, ${repeated} known already, ${counted(faults, 'fault')}, ${counted(warnings, 'warning')}; ${failures.length} not, or not wholly, stored.`;
  }
}

interface Import {
  readonly behaviour: ErrorBehaviour;
  readonly outcome: Outcome;
}

/** Gives the path of a file with what standard input has, if it is asked for. The file is removed afterwards. */
async function withStandardInput(
  isGiven: boolean,
  work: (path: string | undefined) => Promise<void>,
): Promise<void> {
  if (!isGiven) return work(undefined);
  const folder = await mkdtemp(join(tmpdir(), 'custody-graph-'));
  try {
    await work(await spoolDocument(process.stdin, folder));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function importAll(
  context: CaptureContext,
  sources: readonly Source[],
  order: Import,
): Promise<void> {
  const { failures } = order.outcome;
  let gone: string | undefined;
  for (const source of sources) {
    if (gone !== undefined) {
      failures.push(`${source.name}: not stored: not tried, because ${gone}`);
      continue;
    }
    try {
      await importOne(context, source, order);
    } catch (error) {
      failures.push(`${source.name}: not, or not wholly, stored: ${reasonOf(error)}`);
      // Without a store the next file would fail too.
      if (isProblem(error) && !(await context.store.graph.ready())) gone = reasonOf(error);
    }
  }
}

async function importOne(
  { capture, store }: CaptureContext,
  { name, path }: Source,
  { behaviour, outcome }: Import,
): Promise<void> {
  const bar = startBar(name, 'events');
  try {
    const deps = { capture, graph: store.graph, errorBehaviour: behaviour };
    const done = await importFile(deps, path, bar.update);
    bar.stop();
    for (const fault of done.faults) note(lineOf(name, fault));
    for (const warning of done.warnings) note(`warning: ${lineOf(name, warning)}`);
    say(outcome.add(name, done));
  } finally {
    bar.stop();
  }
}

function lineOf(file: string, { pointer, found, expected, remedy }: CaptureFault): string {
  return `${file}${pointer}: found ${found}, expected ${expected}. ${remedy}`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
