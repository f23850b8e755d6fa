import type { Effect } from '../holdings/holding.js';
import type { MemoryWorld } from './memory-world.js';
import { placeProperties } from './place-columns.js';
import type { Holding, Row } from './state.js';

/** A projection in memory, in the lines that `readDigest` gives for the stored one, without handoffs and lots. */
export function memoryDigest(memory: MemoryWorld): readonly string[] {
  return [
    ...packageLines(memory),
    ...holdingLines(memory),
    ...countLines(memory),
    ...heldLines(memory),
    ...exceptionLines(memory),
    ...claimLines(memory),
  ].sort();
}

function packageLines({ world }: MemoryWorld): readonly string[] {
  const lines: string[] = [];
  for (const { key, container, lot, current, history } of world.packages.values()) {
    const rows = history?.rows ?? [];
    if (rows.length === 0) continue;
    lines.push(`package ${key} ${container ? `container ${current.id}` : `unit ${lot}`}`);
    rows.forEach((row, i) => {
      lines.push(`row ${key} ${row.from}..${rows[i + 1]?.from ?? ''} ${rowText(row)}`);
    });
  }
  return lines;
}

function holdingLines({ world, marked }: MemoryWorld): readonly string[] {
  const used = new Set<string | null>();
  for (const { history } of world.packages.values())
    for (const { holding } of history?.rows ?? []) used.add(holding);
  return [...world.holdings.values()]
    .filter(({ id, dissolvedAt }) => dissolvedAt !== undefined || used.has(id))
    .map((holding) => `${holdingText(holding)} marked ${marked.get(holding.id) ?? 0}`);
}

function holdingText({ id, kind, dissolvedAt, endedBy, effect }: Holding): string {
  const place = effect === undefined ? 'inside' : effectText(effect);
  return `holding ${id} ${kind} ${dissolvedAt ?? ''} ${endedBy ?? ''} ${place}`;
}

function countLines({ world, boxes }: MemoryWorld): readonly string[] {
  return [...world.counts].flatMap(([id, lots]) =>
    [...lots].map(([lot, n]) => `count ${id} ${lot} ${n} ${boxes.get(id)?.get(lot) ?? 0}`),
  );
}

function heldLines({ held }: MemoryWorld): readonly string[] {
  return [...held].flatMap(([line, n]) => (n === 0 ? [] : [`held ${line} ${n}`]));
}

function exceptionLines({ findings }: MemoryWorld): readonly string[] {
  return [...findings].flatMap(([at, list]) =>
    list.map(({ code, eventId, detail }) => `exception ${at} ${code} ${eventId} ${detail ?? ''}`),
  );
}

function claimLines({ claims }: MemoryWorld): readonly string[] {
  return [...claims].flatMap(([key, list]) =>
    list.map(({ lot, eventId }) => `claim ${key} ${lot} ${eventId}`),
  );
}

function rowText({ holding, own, mark }: Row): string {
  if (holding === null) return own === null ? 'STAY' : `STAY ${effectText(own)}`;
  if (mark === undefined) return `IN ${holding}`;
  return `IN ${holding} mark ${mark.status} ${mark.since} ${mark.at} ${mark.differs}`;
}

function effectText(effect: Effect): string {
  const { mode, site, origin, by, status, since } = placeProperties(effect);
  return `${mode} ${site} ${origin ?? ''} ${by ?? ''} ${status} ${since}`;
}
