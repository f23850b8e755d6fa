import { refusedArgument } from '../shared/problem.js';
import type { DisclosureTerms } from './disclosure.js';

const LONGEST_REASON = 500;

/**
 * A reason as it is stored.
 *
 * @param argument what it is called, for messages
 * @throws Problem `BAD_USER_INPUT`
 */
export function checkedReason(reason: string, argument: string): string {
  const text = reason.trim();
  if (text !== '' && text.length <= LONGEST_REASON) return text;
  throw refusedArgument(argument, reason, {
    rule: `must have 1 to ${LONGEST_REASON} characters.`,
    remedy: 'Say in a sentence why.',
  });
}

/** @throws Problem `BAD_USER_INPUT` for an end that is not in the future */
export function checkEnd(until: number | null, now: number, argument: string): void {
  if (until !== null && until <= now)
    throw refusedArgument(argument, new Date(until).toISOString(), {
      rule: 'must be in the future.',
      remedy: 'Give a later time, or end a disclosure with withdrawDisclosure.',
    });
}

/**
 * Terms as they are stored.
 *
 * @param grantor key of the organisation's party; null for the host
 * @param place where the arguments stand, for messages, e.g. `input.`
 * @throws Problem `BAD_USER_INPUT`
 */
export function checkedTerms(
  terms: DisclosureTerms,
  { grantor, now, place }: { grantor: string | null; now: number; place: string },
): DisclosureTerms {
  const { grantee, products, until, reason } = terms;
  checkEnd(until, now, `${place}until`);
  if (products?.length === 0)
    throw refusedArgument(`${place}products`, '[]', {
      rule: 'must name a product.',
      remedy: 'Leave it out to disclose it of all packages.',
    });
  if (grantee !== null && grantee === grantor)
    throw refusedArgument(`${place}grantee`, grantee, {
      rule: 'must be another organisation than your own.',
      remedy: 'Give the GLN of who shall see more, or leave it out for everybody.',
    });
  return { ...terms, reason: checkedReason(reason, `${place}reason`) };
}
