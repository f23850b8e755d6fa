import type { Principal } from '../access/principal.js';
import type { Finding, Issue } from '../epcis/faults.js';
import { WarningList, issueOf } from '../epcis/faults.js';
import type { MasterDataEntry } from '../epcis/master-data.js';
import { sitesOf } from '../epcis/readers.js';
import { OPERATOR } from '../master-data/index.js';
import type { ParsedEvent } from '../epcis/parse-document.js';
import { DAY_MS } from '../shared/ahead.js';
import { toFault } from './capture-fault.js';
import type { ReadDocument } from './read-document.js';

/** What a partner may send. */
export interface PartnerRules {
  readonly sender: Pick<Principal, 'organisation' | 'sites'>;
  /** Key of the organisation that is registered to run a site at a time. */
  readonly runBy: (site: string, at: number) => string;
  /** Epoch ms. */
  readonly now: number;
  /** How long ago an event may have happened. */
  readonly backdateDays: number;
}

/** The sites that a document names: as read point, as business location, or in its master data. */
export function sitesNamedIn({ events, masterData }: ReadDocument): readonly string[] {
  const named = events.flatMap(({ event }) => {
    const { readPoint, bizLocation } = sitesOf(event);
    return [readPoint, bizLocation];
  });
  const told = masterData.map(({ type, key }) => (type === 'site' ? key : undefined));
  return [...new Set([...named, ...told].filter((site) => site !== undefined))];
}

/**
 * What a partner may send of a document. Each event that he may not send is a fault: he speaks for his own sites only, and not of times
 * long ago, because whoever tells the beginning of a package decides who is in its chain. Master data is taken for his own sites, without
 * who runs them.
 */
export function partnersPart(read: ReadDocument, rules: PartnerRules): ReadDocument {
  const judged = read.events.map((event) => ({ event, faults: faultsOf(event, rules) }));
  const refused = judged.flatMap(({ faults }) => faults).map(toFault);
  const masterData = read.masterData.flatMap((entry) => ownEntry(entry, rules));
  const left = read.masterData.length - masterData.length;
  return {
    ...read,
    events: judged.filter(({ faults }) => faults.length === 0).map(({ event }) => event),
    masterData,
    faults: [...read.faults, ...refused],
    warnings: left === 0 ? read.warnings : warned(read, left),
  };
}

function faultsOf(
  { event, eventTimeMs, pointer, place, errorDeclaration }: ParsedEvent,
  rules: PartnerRules,
): Issue[] {
  const { readPoint, bizLocation } = sitesOf(event);
  const faults: Issue[] = [];
  // An event of one's own may be declared wrong at any time; the writer knows whose it is.
  if (errorDeclaration !== undefined) return faults;
  if (readPoint === undefined && bizLocation === undefined)
    faults.push(issueOf(NOT_OWN_SITE, `${pointer}/readPoint`, 'nothing', place));
  for (const [name, site] of Object.entries({ readPoint, bizLocation }))
    if (site !== undefined && !isOwn(site, eventTimeMs, rules))
      faults.push(issueOf(NOT_OWN_SITE, `${pointer}/${name}`, site, place));
  if (eventTimeMs < rules.now - rules.backdateDays * DAY_MS) {
    const found = new Date(eventTimeMs).toISOString();
    faults.push(issueOf(tooOld(rules.backdateDays), `${pointer}/eventTime`, found, place));
  }
  return faults;
}

function isOwn(site: string, at: number, { sender, runBy }: PartnerRules): boolean {
  return runBy(site, at) === sender.organisation && (sender.sites?.includes(site) ?? true);
}

const NOT_OWN_SITE: Finding = {
  code: 'NOT_ALLOWED',
  expected: 'a site that your organisation is registered to run, and that your key is good for',
  remedy: 'Send events of your own sites only, or ask the host to register who runs this site.',
};

function tooOld(days: number): Finding {
  return {
    code: 'NOT_ALLOWED',
    expected: `a time of the last ${days} days`,
    remedy: 'Ask the host to capture what happened before.',
  };
}

const NOT_TAKEN: Finding = {
  code: 'MASTER_DATA_NOT_TAKEN',
  expected: 'master data of your own sites',
  remedy: 'Ask the host to register products, parties and other sites.',
};

/** Who runs a site and what it is a part of decide who sees what is there, so only the host says it. */
function ownEntry(entry: MasterDataEntry, rules: PartnerRules): MasterDataEntry[] {
  if (entry.type !== 'site' || !isOwn(entry.key, rules.now, rules)) return [];
  const { type, vocabulary, id, key } = entry;
  const attributes = Object.entries(entry.attributes).filter(([name]) => !OPERATOR.includes(name));
  return [{ type, vocabulary, id, key, attributes: Object.fromEntries(attributes), children: [] }];
}

function warned({ warnings }: ReadDocument, left: number): ReadDocument['warnings'] {
  const list = new WarningList();
  list.take(warnings);
  list.add(issueOf(NOT_TAKEN, '/epcisHeader/epcisMasterData', `${left} other entries`));
  return list;
}
