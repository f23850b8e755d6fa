import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { hashesOf } from '../epcis/document-hashes.js';
import { readSource } from '../epcis/source-document.js';
import { note, say } from './terminal.js';

/** This command stores nothing, so the limits only keep the process safe. */
const LIMITS = { maxEvents: 1_000_000, maxEpcsPerEvent: 10_000_000, maxDepth: 100 };

/** `custody-graph hash`: prints the hash of each event in a document. It needs no database. */
export function hashCommand(): Command {
  return new Command('hash')
    .description('print the event hash of each event of a document (CBV 2.0 section 8.9)')
    .argument('<file>', 'an EPCIS document: .xml, or JSON')
    .option('--prehash', 'print the text that is hashed instead')
    .action(async (file: string, options: { readonly prehash?: boolean }) => {
      const type = file.toLowerCase().endsWith('.xml') ? 'application/xml' : 'application/json';
      const read = readSource(await readFile(file), type, LIMITS);
      const issues = read.ok ? (read.source.issues ?? []) : read.issues;
      for (const { message } of issues) note(`${file}: ${message}`);
      if (!read.ok) {
        process.exitCode = 1;
        return;
      }
      for (const { hash, prehash } of hashesOf(read.source))
        say(options.prehash === true ? prehash : hash);
    });
}
