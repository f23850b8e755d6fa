import { NOBODY, demand } from '../../../src/access/principal.js';
import { notKnown } from '../../../src/access/refusals.js';
import { Problem } from '../../../src/shared/problem.js';

test.each(['MISSING', 'BAD', 'EXPIRED', 'REVOKED', 'SUSPENDED'] as const)(
  'credentials that are %s are refused with the reason and what to do',
  (reason) => {
    const { details, message } = notKnown(reason);

    expect(details).toEqual({ reason, remedy: expect.any(String) as string });
    expect(message.endsWith(String(details?.['remedy']))).toBe(true);
  },
);

test('a missing scope is refused with its name, the reason and what to do', () => {
  let refused: unknown;
  try {
    demand(NOBODY, 'read', 'Query.locate');
  } catch (error) {
    refused = error;
  }

  expect(refused).toBeInstanceOf(Problem);
  expect(refused).toMatchObject({
    code: 'FORBIDDEN',
    details: {
      reason: 'NO_SCOPE',
      scope: 'read',
      remedy: expect.stringContaining('key') as string,
    },
  });
});
