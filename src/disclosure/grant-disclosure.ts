import { randomUUID } from 'node:crypto';
import { readPartyKeys, readTopmost } from '../master-data/operators.read-model.js';
import { Problem } from '../shared/problem.js';
import type { Disclosure, DisclosureTerms } from './disclosure.js';
import { changeDisclosures, storeDisclosure, withdraw } from './disclosure.store.js';
import type { DisclosureDeps } from './disclosure.store.js';
import { checkedTerms } from './terms.rules.js';

/**
 * Discloses something of what the organisation of the credentials sees.
 *
 * @param place where the arguments stand, for messages, e.g. `input.`
 * @throws Problem `BAD_USER_INPUT` that names the argument
 */
export async function grantDisclosure(
  deps: DisclosureDeps,
  asked: DisclosureTerms,
  place = '',
): Promise<Disclosure> {
  const { view, clock } = deps;
  const { organisation: grantor } = view.principal;
  const now = clock.now();
  const grantee = asked.grantee === null ? null : await organisationOf(view, asked.grantee);
  const terms = checkedTerms({ ...asked, grantee }, { grantor, now, place });
  return changeDisclosures(deps, async (tx) => {
    const result = await storeDisclosure(tx, { ...terms, id: randomUUID(), grantor, at: now });
    return { result, operation: 'grantDisclosure', ids: idsOf(result) };
  });
}

/** A daughter company asks as the company it belongs to, so the grantee is that company. */
async function organisationOf(view: DisclosureDeps['view'], party: string): Promise<string> {
  const key = (await readPartyKeys(view, [party])).get(party) ?? party;
  const [top] = await readTopmost(view, [key]);
  return top ?? key;
}

/** What a disclosure names, for the audit log. */
export function idsOf({ id, grantee, products }: Disclosure): string[] {
  return [id, ...(grantee === null ? [] : [grantee]), ...(products ?? [])];
}

/**
 * Ends a disclosure at once.
 *
 * @throws Problem `NOT_FOUND` for one that the organisation of the credentials did not grant
 */
export async function withdrawDisclosure(deps: DisclosureDeps, id: string): Promise<Disclosure> {
  return changeDisclosures(deps, async (tx) => {
    const { organisation } = deps.view.principal;
    const result = await withdraw(tx, id, { by: organisation, at: deps.clock.now() });
    if (result === null)
      throw new Problem(
        'NOT_FOUND',
        `You granted no disclosure "${id.slice(0, 100)}". Ask disclosures for their ids.`,
      );
    return { result, operation: 'withdrawDisclosure', ids: idsOf(result) };
  });
}
