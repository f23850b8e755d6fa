import { readFile } from 'node:fs/promises';
import type { Graph } from '../graph/graph.js';
import { admitOrganisations } from './admit-organisation.js';
import type { Admission } from './admit-organisation.js';

/** A company of the demo that takes part as a partner. */
export interface DemoPartner extends Admission {
  readonly name: string;
}

/** Lets the companies of a file (`seeds/partners.json`) take part, and gives them back. */
export async function admitDemoPartners(
  graph: Graph,
  file: string,
): Promise<readonly DemoPartner[]> {
  const partners = JSON.parse(await readFile(file, 'utf8')) as readonly DemoPartner[];
  await admitOrganisations(graph, partners, () => undefined);
  return partners;
}
