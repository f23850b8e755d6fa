import { HOST } from '../access/principal.js';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { jsonSource } from '../epcis/source-document.js';
import { Problem } from '../shared/problem.js';
import type { CaptureDeps, CaptureOutcome } from './capture-document.js';
import { captureDocument } from './capture-document.js';

/** What was loaded. */
export interface LoadedScenarios {
  readonly scenarios: number;
  readonly events: number;
}

/**
 * Captures the documents of scenarios (`events*.json` in each folder) like any document, in the order of their names.
 *
 * @param names folders to load; all when left out
 * @throws Problem `NOT_FOUND` for a name that is not a scenario; it lists the scenarios
 * @throws Problem `BAD_USER_INPUT` when a document is refused
 */
export async function loadScenarios(
  deps: CaptureDeps,
  folder: string,
  names?: readonly string[],
): Promise<LoadedScenarios> {
  const known = (await readdir(folder, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
  const unknown = names?.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new Problem('NOT_FOUND', `No scenario "${unknown}". There are: ${known.join(', ')}.`);
  let events = 0;
  const chosen = names ?? known;
  for (const name of chosen) {
    const files = (await readdir(join(folder, name))).filter((file) =>
      /^events.*\.json$/.test(file),
    );
    for (const file of files.sort())
      events += (await loadFile(deps, join(folder, name, file))).captured;
  }
  return { scenarios: chosen.length, events };
}

async function loadFile(deps: CaptureDeps, path: string): Promise<CaptureOutcome> {
  const document: unknown = JSON.parse(await readFile(path, 'utf8'));
  const outcome = await captureDocument(deps, jsonSource(document), {
    errorBehaviour: 'ROLLBACK',
    sender: HOST,
  });
  const fault = outcome.faults[0];
  if (fault !== undefined)
    throw new Problem(
      'BAD_USER_INPUT',
      `${path}${fault.pointer}: found ${fault.found}, expected ${fault.expected}. ${fault.remedy}`,
    );
  return outcome;
}
