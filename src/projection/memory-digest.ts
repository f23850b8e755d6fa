import type { MemoryWorld } from './memory-world.js';
import { placeProperties } from './place-columns.js';
import type { Effect, Row } from './state.js';

/** The projection kept in memory, in the lines that `readDigest` gives of the stored one; handoffs and lots apart. */
export function memoryDigest({ world, findings, marked, boxes }: MemoryWorld): readonly string[] {
  const lines: string[] = [];
  const used = new Set<string>();
  for (const { key, container, lot, current, history } of world.packages.values()) {
    const rows = history?.rows ?? [];
    if (rows.length === 0) continue;
    lines.push(`package ${key} ${container ? `container ${current.id}` : `unit ${lot}`}`);
    rows.forEach((row, i) => {
      if (row.holding !== null) used.add(row.holding);
      lines.push(`row ${key} ${row.from}..${rows[i + 1]?.from ?? ''} ${rowText(row)}`);
    });
  }
  for (const { id, kind, dissolvedAt, endedBy, effect } of world.holdings.values()) {
    if (dissolvedAt === undefined && !used.has(id)) continue;
    const place = effect === undefined ? 'inside' : effectText(effect);
    const told = `${id} ${kind} ${dissolvedAt ?? ''} ${endedBy ?? ''} ${place}`;
    lines.push(`holding ${told} marked ${marked.get(id) ?? 0}`);
  }
  for (const [id, lots] of world.counts)
    for (const [lot, n] of lots)
      lines.push(`count ${id} ${lot} ${n} ${boxes.get(id)?.get(lot) ?? 0}`);
  for (const [at, list] of findings)
    for (const { code, eventId, detail } of list)
      lines.push(`exception ${at} ${code} ${eventId} ${detail ?? ''}`);
  return lines.sort();
}

function rowText({ holding, own, mark }: Row): string {
  if (holding === null) {
    if (own === null) return 'STAY';
    const { mode, site, origin, by, status, since } = placeProperties(own);
    return `STAY ${mode} ${site} ${origin ?? ''} ${by ?? ''} ${status} ${since}`;
  }
  if (mark === undefined) return `IN ${holding}`;
  return `IN ${holding} mark ${mark.status} ${mark.since} ${mark.at} ${mark.differs}`;
}

function effectText(effect: Effect): string {
  const { mode, site, origin, by, status, since } = placeProperties(effect);
  return `${mode} ${site} ${origin ?? ''} ${by ?? ''} ${status} ${since}`;
}
