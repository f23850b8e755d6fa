import { isPartner } from '../access/view.js';
import type { View } from '../access/view.js';
import type { RecallScope } from './recall-scope.js';
import { readSentOn } from './sent-on.read-model.js';
import { passedOnOf } from './sent-on.rules.js';
import type { PassedOnRow } from './sent-on.rules.js';

/**
 * What a partner sent on of the affected lots and does not have any more, by the party at the other end. Nothing for the host, whose rows show
 * it all. The cost grows with the shippings of the partner.
 */
export async function findPassedOn(view: View, { selection }: RecallScope): Promise<PassedOnRow[]> {
  if (!isPartner(view)) return [];
  const lots = [...selection.lots.keys()];
  const { shippings, units, had } = await readSentOn(view, lots);
  return passedOnOf(shippings, units, had);
}
