import type { Changes, PackageChange, RowChange } from './changes.rules.js';

/** Packages that one event names in one role. */
export interface Naming {
  readonly id: string;
  readonly role: string;
  readonly keys: readonly string[];
}

/** New units that one event names and that enter one holding and stay there. One statement writes all of them. */
export interface BirthGroup {
  readonly eventId: string;
  readonly role: string;
  readonly holding: string;
  readonly lot: string;
  readonly last: number;
  readonly from: number;
  readonly keys: string[];
}

/** The units that are written as births, and the changes that remain to be written one by one. */
export interface Births {
  readonly groups: readonly BirthGroup[];
  readonly changes: Changes;
  readonly names: readonly Naming[];
}

/**
 * Finds the new units to which a batch does only one thing: one event brings them into one holding, as a commissioning
 * does. Everything about them is then created together, so no key is looked up again.
 */
export function birthsOf(changes: Changes, names: readonly Naming[]): Births {
  const fresh = new Map(
    changes.packages.flatMap((one) => (one.isNew && !one.container ? [[one.key, one]] : [])),
  );
  if (fresh.size === 0) return { groups: [], changes, names };
  const once = namedOnce(names, fresh);
  const groups = new Map<string, BirthGroup>();
  const born = new Set<string>();
  for (const change of changes.rows) {
    const { key } = change;
    const unit = fresh.get(key);
    const naming = once.get(key);
    const entry = onlyEntry(change);
    if (unit === undefined || naming === undefined || entry === undefined) continue;
    const { holding, from } = entry;
    const { id: eventId, role } = naming;
    const { lot, last } = unit;
    const group = `${eventId} ${role} ${holding} ${lot} ${last} ${from}`;
    const known = groups.get(group);
    if (known !== undefined) known.keys.push(key);
    else groups.set(group, { eventId, role, holding, lot, last, from, keys: [key] });
    born.add(key);
  }
  return { groups: [...groups.values()], ...without(born, changes, names) };
}

/** The membership that a change creates, when it creates only this one, open and without a mark; else undefined. */
function onlyEntry(change: RowChange): { holding: string; from: number } | undefined {
  const [interval, ...more] = change.created;
  const others = change.removed.length + change.retimed.length + more.length;
  if (interval === undefined || others > 0 || interval.to !== null) return undefined;
  const { holding, mark, title, apart, from } = interval.row;
  const isPlain = mark === undefined && title === undefined && apart === undefined;
  return holding !== null && isPlain ? { holding, from } : undefined;
}

function namedOnce(
  names: readonly Naming[],
  among: ReadonlyMap<string, PackageChange>,
): Map<string, Naming> {
  const once = new Map<string, Naming>();
  const again = new Set<string>();
  for (const naming of names)
    for (const key of naming.keys)
      if (once.has(key)) again.add(key);
      else if (among.has(key)) once.set(key, naming);
  for (const key of again) once.delete(key);
  return once;
}

function without(
  born: ReadonlySet<string>,
  changes: Changes,
  names: readonly Naming[],
): Pick<Births, 'changes' | 'names'> {
  const rest = <T extends { readonly key: string }>(list: readonly T[]): T[] =>
    list.filter(({ key }) => !born.has(key));
  return {
    changes: { ...changes, packages: rest(changes.packages), rows: rest(changes.rows) },
    names: names.flatMap((naming) => {
      const keys = naming.keys.filter((key) => !born.has(key));
      return keys.length === 0 ? [] : [{ ...naming, keys }];
    }),
  };
}
