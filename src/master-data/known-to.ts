import { isPartner } from '../access/view.js';
import type { View } from '../access/view.js';
import type { MasterRecord } from './master-data.js';

/** What tells whether somebody knows a record. */
export type Known = Pick<MasterRecord, 'known' | 'registered'>;

/** Whether a record exists for who asks. What events alone name does not exist for partners: the events may be another's. */
export function isKnownTo(view: View, { known, registered }: Known): boolean {
  return isPartner(view) ? registered : known;
}
