import type { Effect } from '../holdings/holding.js';

/** A place and status as properties of a holding or a STAY. An unknown site is `?`, and times are plain numbers. */
export interface PlaceProperties {
  readonly mode: 'AT' | 'TO' | 'UNKNOWN';
  readonly site: string;
  readonly origin: string | null;
  readonly by: string | null;
  readonly status: string;
  readonly since: number;
}

/** The properties of an effect; see schema/graph-model.md. */
export function placeProperties({ place, status, since }: Effect): PlaceProperties {
  const told = { status, since };
  switch (place.mode) {
    case 'AT':
      return { mode: 'AT', site: place.site, origin: null, by: null, ...told };
    case 'TO':
      return {
        mode: 'TO',
        site: place.site ?? '?',
        origin: place.back ?? '?',
        by: place.by,
        ...told,
      };
    case 'UNKNOWN':
      return { mode: 'UNKNOWN', site: '?', origin: null, by: null, ...told };
  }
}
