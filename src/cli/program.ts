import { Command } from 'commander';
import { settings } from '../config.js';
import { VERSION } from '../version.js';
import { backupCommand } from './backup.js';
import { hashCommand } from './hash.js';
import { importCommand } from './import.js';
import { keysCommand } from './keys.js';
import { migrateCommand } from './migrate.js';
import { organisationsCommand } from './organisations.js';
import { rebuildCommand } from './rebuild.js';
import { restoreCommand } from './restore.js';
import { schemaCommand } from './schema.js';
import { seedCommand } from './seed.js';
import { startCommand } from './start.js';
import { verifyCommand } from './verify.js';

/** The command line. Each subcommand has its file; every `--help` ends with the settings. */
export function makeProgram(): Command {
  const program = new Command('custody-graph')
    .description('Custody of serialized medicines as a graph: EPCIS events in, live answers out')
    .version(`custody-graph ${VERSION}`, '-V, --version', 'name and version')
    .showHelpAfterError('(see --help)');
  const commands = [
    startCommand(),
    migrateCommand(),
    seedCommand(),
    importCommand(),
    hashCommand(),
    rebuildCommand(),
    verifyCommand(),
    organisationsCommand(),
    keysCommand(),
    backupCommand(),
    restoreCommand(),
    schemaCommand(),
  ];
  for (const command of commands) program.addCommand(command.addHelpText('after', settingsHelp()));
  return program.addHelpText('after', settingsHelp());
}

// Each setting has two lines: name, default and unit; then what it does.
function settingsHelp(): string {
  const lines = settings().map(
    ({ name, standard, unit, meaning }) =>
      `  ${name}  (default: ${standard === '' ? 'none' : standard}; ${unit})\n      ${meaning}`,
  );
  return `\nSettings, read from the environment:\n${lines.join('\n')}`;
}
