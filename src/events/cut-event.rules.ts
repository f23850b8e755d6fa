import { keyOfUri } from '../gs1/identifier.js';

/** What somebody sees of an event. */
export interface SeenOfEvent {
  /** It sent the event or is named in it, so it sees all of it. */
  readonly whole: boolean;
  /** The packages that it sees of those the event names; null for all of them. */
  readonly names: readonly string[] | null;
}

type Given = Readonly<Record<string, unknown>>;

/** Says what, when, where and why. Who was there sees this. */
const KEPT = [
  ...['type', 'eventID', 'eventTime', 'eventTimeZoneOffset', 'recordTime', 'action'],
  ...['bizStep', 'disposition', 'persistentDisposition', 'readPoint', 'bizLocation'],
];
const LISTS = ['epcList', 'childEPCs', 'inputEPCList', 'outputEPCList'];

/** The namespace of the mark `cg:redacted` of an event that is not whole. */
const OURS = { cg: 'urn:custody-graph:epcis' };

/**
 * An event with only what somebody sees of it who is not named in it: the packages that it sees, and what is common to all of them. The
 * rest is left out, and `cg:redacted` says that there is more. It is written anew, so nothing of another's text is in it.
 */
export function cutEvent(event: Given, { names }: SeenOfEvent): Record<string, unknown> {
  const sees = (epc: unknown): boolean =>
    typeof epc === 'string' && (names === null || names.includes(keyOfUri(epc) ?? epc));
  const cut: Record<string, unknown> = { '@context': [OURS] };
  for (const field of KEPT) if (event[field] !== undefined) cut[field] = event[field];
  for (const field of LISTS) {
    const list = event[field];
    if (Array.isArray(list)) cut[field] = list.filter(sees);
  }
  if (sees(event['parentID'])) cut['parentID'] = event['parentID'];
  if (isBegun(cut) && event['ilmd'] !== undefined) cut['ilmd'] = event['ilmd'];
  return { ...cut, 'cg:redacted': true };
}

/** Whether it begins packages that are seen: master data of their lot is told of each of them. */
function isBegun({ type, epcList, outputEPCList }: Given): boolean {
  const begun = type === 'TransformationEvent' ? outputEPCList : epcList;
  return Array.isArray(begun) && begun.length > 0;
}
