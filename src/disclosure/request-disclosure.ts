import { randomUUID } from 'node:crypto';
import type { View } from '../access/view.js';
import { gtinOfKey } from '../gs1/identifier.js';
import { NOW } from '../holdings/holding.js';
import { readHistory } from '../holdings/whereabouts.read-model.js';
import { keepSeen, readOrigins } from '../location/index.js';
import { readHolders, readTopmost } from '../master-data/operators.read-model.js';
import { Problem, forbidden, refusedArgument } from '../shared/problem.js';
import type { DisclosureKind, DisclosureRequest } from './disclosure.js';
import {
  changeDisclosures,
  lockRequest,
  storeAnswer,
  storeDisclosure,
  storeRequest,
} from './disclosure.store.js';
import type { DisclosureDeps } from './disclosure.store.js';
import { idsOf } from './grant-disclosure.js';
import { checkedReason, checkEnd } from './terms.rules.js';

/**
 * Asks who made a package to disclose its path. Where the register does not say who made it, the host is asked.
 *
 * @param key the package
 * @throws Problem `NOT_FOUND` for a package that who asks never saw; `BAD_USER_INPUT` that names the argument; `FORBIDDEN` for the host
 */
export async function requestDisclosure(
  deps: DisclosureDeps,
  key: string,
  reason: string,
): Promise<DisclosureRequest> {
  const { view, clock } = deps;
  const { organisation: asker } = view.principal;
  if (asker === null)
    throw forbidden('ONLY_PARTNER', 'The host sees every journey whole, so it requests nothing.', {
      remedy: 'Ask for the journey.',
    });
  const why = checkedReason(reason, 'reason');
  if (gtinOfKey(key) === null)
    throw refusedArgument('package', key, {
      rule: 'must be of a product, because an answer is for a product.',
      remedy: 'Ask about a unit (SGTIN) that is inside.',
    });
  if ((await keepSeen(view, [key])).length === 0)
    throw new Problem('NOT_FOUND', `There is no package ${key}.`);
  const maker = await readMaker(view, key);
  if (maker === asker)
    throw refusedArgument('package', key, {
      rule: 'must be made by another organisation than your own.',
      remedy: 'Ask journey: you see what you did.',
    });
  return changeDisclosures(deps, async (tx) => {
    const told = { id: randomUUID(), package: key, asker, maker, reason: why, at: clock.now() };
    const result = await storeRequest(tx, told);
    return { result, operation: 'requestDisclosure', ids: [result.id, key] };
  });
}

/** The organisation that is registered to run the site where a package was made, then; null when the register knows nobody. */
async function readMaker(view: View, key: string): Promise<string | null> {
  const history = await readHistory(view, [{ key, at: NOW }]);
  const origin = (await readOrigins(view, new Map([[key, history.seenUntil(key)]]))).get(key);
  if (!origin?.site) return null;
  const [holder] = await readHolders(view, [{ site: origin.site, at: origin.at }]);
  return holder ? ((await readTopmost(view, [holder]))[0] ?? holder) : null;
}

/** An answer to a request. */
export interface DisclosureAnswer {
  readonly disclose: boolean;
  /** Needed to disclose. */
  readonly what: DisclosureKind | null;
  /** Epoch ms. Needed to disclose. */
  readonly until: number | null;
  readonly reason: string;
}

/**
 * Answers a request. With yes, the product of the package is disclosed to who asked, with an end.
 *
 * @param place where the arguments stand, for messages, e.g. `input.`
 * @throws Problem `NOT_FOUND` for a request that the organisation of the credentials may not answer; `CONFLICT` for one that is answered;
 * `BAD_USER_INPUT` that names the argument
 */
export async function answerDisclosure(
  deps: DisclosureDeps,
  id: string,
  asked: DisclosureAnswer,
  place = '',
): Promise<DisclosureRequest> {
  const { organisation: grantor } = deps.view.principal;
  const at = deps.clock.now();
  const { reason, terms } = checked(asked, at, place);
  return changeDisclosures(deps, async (tx) => {
    const request = await lockRequest(tx, id, grantor);
    if (request === null) throw noSuchRequest(id);
    if (request.answeredAt !== null)
      throw new Problem(
        'CONFLICT',
        `The request ${request.id} is answered already. Use grantDisclosure or withdrawDisclosure to change what is disclosed.`,
      );
    const gtin = gtinOfKey(request.package);
    const granted =
      terms === null || gtin === null
        ? null
        : await storeDisclosure(tx, {
            ...{ ...terms, id: randomUUID(), grantor, grantee: request.asker },
            ...{ products: [gtin], at, reason },
          });
    const told = { at, answer: reason, disclosure: granted?.id ?? null };
    const result = await storeAnswer(tx, request.id, told);
    const ids = [request.id, request.package, ...(granted === null ? [] : idsOf(granted))];
    return { result, operation: 'answerDisclosure', ids };
  });
}

interface CheckedAnswer {
  readonly reason: string;
  /** Null for no. */
  readonly terms: { readonly what: DisclosureKind; readonly until: number } | null;
}

function checked(
  { disclose, what, until, reason }: DisclosureAnswer,
  now: number,
  place: string,
): CheckedAnswer {
  const why = checkedReason(reason, `${place}reason`);
  if (!disclose) return { reason: why, terms: null };
  if (what === null) throw missing(`${place}what`, 'Say what you disclose, e.g. CHAIN.');
  if (until === null) throw missing(`${place}until`, 'Say when the disclosure ends.');
  checkEnd(until, now, `${place}until`);
  return { reason: why, terms: { what, until } };
}

function missing(argument: string, remedy: string): Problem {
  return refusedArgument(argument, 'null', { rule: 'is needed to disclose something.', remedy });
}

function noSuchRequest(id: string): Problem {
  return new Problem(
    'NOT_FOUND',
    `There is no request "${id.slice(0, 100)}" that you may answer. Ask disclosureRequests for their ids.`,
  );
}
