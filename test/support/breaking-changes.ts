import { CriticalityLevel, diff } from '@graphql-inspector/core';
import { buildSchema } from 'graphql';

/** The heading of schema/CHANGES.md under which breaking changes are named. */
const HEADING = '## Breaking since the last release';

/**
 * What breaks clients of the schema `before` and is not named in `changes`, the text of schema/CHANGES.md: one line for each, with its remedy. A
 * change is named by its path in backticks, e.g. `Query.package`, below the heading.
 */
export async function unannounced(
  before: string,
  now: string,
  changes: string,
): Promise<readonly string[]> {
  const said = sectionOf(changes);
  const found = await diff(buildSchema(before), buildSchema(now));
  return found
    .filter(({ criticality }) => criticality.level === CriticalityLevel.Breaking)
    .map(({ message, path = '' }) => ({ message, entry: `\`${path}\`` }))
    .filter(({ entry }) => !said.includes(entry))
    .map(
      ({ message, entry }) =>
        `${message}. Clients break: keep what was there, or write ${entry} and why in schema/CHANGES.md, under "${HEADING.slice(3)}".`,
    );
}

function sectionOf(changes: string): string {
  const [, after] = changes.split(`${HEADING}\n`);
  if (after === undefined) throw new Error(`schema/CHANGES.md has no heading "${HEADING}"`);
  return after.split('\n## ')[0]!;
}
