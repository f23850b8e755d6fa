/** The portal: a page for a partner, made with the kit alone. The key is kept as long as the page is open, and nowhere else. */
import { AccessRefused, ME, WHERE, connect } from './client.js';
import type { Custody, Named } from './client.js';

const MOST_SHOWN = 100;

let inside = new AbortController();
let custody: Custody;

onSubmit('enter', 'key', async (key) => {
  inside.abort();
  inside = new AbortController();
  at('inside').hidden = true;
  for (const id of ['who', 'found', 'changes']) say(id, '');
  // This page is at `portal` of the service, which may itself be below a path.
  const url = new URL('.', location.href).href;
  custody = connect({ url, authorization: key.trim() || undefined });
  const { me } = await custody.ask(ME);
  const open = me.open ? ' This service is open to all: never use it so with real data.' : '';
  say('who', `You are ${me.organisation === null ? 'the host' : nameOf(me.organisation)}.${open}`);
  at('inside').hidden = false;
  at('waiting').hidden = false;
  follow(inside.signal).catch(tell);
});

onSubmit('look', 'id', async (id) => {
  say('found', '');
  const { locate } = await custody.ask(WHERE, { id });
  const { known, destination, holder } = locate;
  const place = whereIs({ ...locate, site: destination ?? locate.site });
  const who = holder === null ? '' : `, with ${nameOf(holder)}`;
  say('found', known ? `${locate.package.key} ${place}${who}` : `You see no package ${id}.`);
});

async function follow(signal: AbortSignal): Promise<void> {
  for await (const message of custody.changes({ filter: { kinds: ['LOCATION'] }, signal })) {
    const { recordTime, location: change } = message;
    if (change === null || recordTime === null) continue;
    const [item, time] = [document.createElement('li'), document.createElement('time')];
    time.textContent = new Date(recordTime).toLocaleString();
    item.append(time, `${change.package.key} ${whereIs({ ...change.to, status: change.status })}`);
    at('waiting').hidden = true;
    at('changes').prepend(item);
    at('changes').children[MOST_SHOWN]?.remove();
  }
}

function tell(error: unknown): void {
  const isRefused = error instanceof AccessRefused;
  if (isRefused) {
    at('inside').hidden = true;
    say('who', '');
  }
  say('wrong', `${isRefused ? 'Your key was refused. ' : ''}${(error as Error).message}`);
}

interface Somewhere {
  readonly state: 'SITE' | 'IN_TRANSIT' | 'PASSED_ON' | 'UNKNOWN';
  /** In transit, where it goes. */
  readonly site: Named | null;
  readonly status: string | null;
}

function whereIs({ state, site, status }: Somewhere): string {
  const name = site === null ? 'an unknown place' : nameOf(site);
  const place = {
    SITE: `is at ${name}`,
    IN_TRANSIT: `is under way to ${name}`,
    PASSED_ON: 'was passed on and is no longer yours to see',
    UNKNOWN: 'is at an unknown place',
  }[state];
  return status === null ? place : `${place} (${status})`;
}

function nameOf({ name, key }: Named): string {
  return name ?? key;
}

function onSubmit(id: string, field: string, act: (value: string) => Promise<void>): void {
  const form = at(id) as HTMLFormElement;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    say('wrong', '');
    act((form.elements.namedItem(field) as HTMLInputElement).value).catch(tell);
  });
}

function say(id: string, text: string): void {
  at(id).textContent = text;
}

function at(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`The page has no #${id}.`);
  return found;
}
