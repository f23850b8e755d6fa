import type { MemoryWorld } from './memory-world.js';
import type { Place } from '../holdings/holding.js';
import { placeProperties } from './place-columns.js';
import type { Sight } from './sight.js';
import { sightProperties } from './sight-columns.js';
import type { Effect, Holding, Row } from './state.js';

/** A projection in memory, in the lines that `readDigest` gives for the stored one, without handoffs and lots. */
export function memoryDigest(memory: MemoryWorld): readonly string[] {
  return [
    ...packageLines(memory),
    ...holdingLines(memory),
    ...countLines(memory),
    ...heldLines(memory),
    ...exceptionLines(memory),
    ...claimLines(memory),
    ...shownLines(memory),
    ...seenLines(memory),
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
    .map(
      (holding) =>
        `${holdingText(holding)} marked ${marked.get(holding.id) ?? 0} own ${world.owns.get(holding.id) ?? 0}`,
    );
}

function holdingText({ id, kind, dissolvedAt, endedBy, effect }: Holding): string {
  const place = effect === undefined ? 'inside' : effectText(effect);
  return `holding ${id} ${kind} ${dissolvedAt ?? ''} ${endedBy ?? ''} ${place}`;
}

function countLines({ world }: MemoryWorld): readonly string[] {
  return [...world.counts].flatMap(([id, lots]) =>
    [...lots].map(([lot, n]) => `count ${id} ${lot} ${n} ${world.boxes.get(id)?.get(lot) ?? 0}`),
  );
}

function heldLines({ held }: MemoryWorld): readonly string[] {
  return [...held].flatMap(([line, n]) => (n === 0 ? [] : [`held ${line} ${n}`]));
}

function exceptionLines({ findings }: MemoryWorld): readonly string[] {
  return [...findings].flatMap(([at, list]) =>
    list.map(
      ({ code, eventId, detail, viewers = [] }) =>
        `exception ${at} ${code} ${eventId} ${detail ?? ''} for ${viewers.join(' ')}`,
    ),
  );
}

function claimLines({ claims }: MemoryWorld): readonly string[] {
  return [...claims].flatMap(([key, list]) =>
    list.map(({ lot, eventId }) => `claim ${key} ${lot} ${eventId}`),
  );
}

function shownLines({ shown }: MemoryWorld): readonly string[] {
  return [...shown].flatMap(([id, list]) =>
    list.map(
      ({ organisation, lot, units, boxes, place }) =>
        `shown ${id} ${organisation} ${lot} ${units} ${boxes}${place === null ? '' : ` at ${place.replaceAll('\n', ' ')}`}`,
    ),
  );
}

function seenLines({ seen }: MemoryWorld): readonly string[] {
  return [...seen].flatMap(([eventId, viewers]) =>
    [...viewers].map(
      ([one, { whole, names }]) =>
        `seen ${eventId} ${one} ${whole ? 'whole' : 'part'} ${names?.join(' ') ?? 'all'}`,
    ),
  );
}

function rowText({ holding, own, mark, title, apart }: Row): string {
  if (holding === null) return own === null ? 'STAY' : `STAY ${effectText(own)}`;
  const told =
    mark === undefined ? '' : ` mark ${mark.status} ${mark.since} ${mark.at} ${mark.differs}`;
  const owned = title === undefined ? '' : ` title ${title.title ?? ''} ${title.since} ${title.at}`;
  return `IN ${holding}${told}${owned}${apart === undefined ? '' : sightLine(apart)}`;
}

function sightLine(sight: Sight | undefined, place?: Place): string {
  const { hands, title, titleAt, believed, told } = sightProperties(sight, place);
  if (hands === null) return '';
  return ` sight ${hands.join(',')} ${title ?? ''} ${titleAt ?? ''} ${believed ?? ''}${told == null ? '' : ` told ${told}`}`;
}

function effectText(effect: Effect): string {
  const { mode, site, origin, by, status, since } = placeProperties(effect);
  const seen = sightLine(effect.sight, effect.place);
  return `${mode} ${site} ${origin ?? ''} ${by ?? ''} ${status} ${since}${seen}`;
}
