import { isOutdated, toProblem } from '../../../src/graph/graph-errors.js';
import { Problem } from '../../../src/shared/problem.js';

const driverError = (code: string, message = 'said so'): Error =>
  Object.assign(new Error(message), { code });

test.each([
  ['ServiceUnavailable', 'SERVICE_UNAVAILABLE'],
  ['SessionExpired', 'SERVICE_UNAVAILABLE'],
  ['Neo.TransientError.General.DatabaseUnavailable', 'SERVICE_UNAVAILABLE'],
  ['Neo.TransientError.Transaction.DeadlockDetected', 'SERVICE_UNAVAILABLE'],
  ['Neo.ClientError.Transaction.TransactionTimedOutClientConfiguration', 'TIMEOUT'],
  ['Neo.ClientError.Transaction.LockAcquisitionTimeout', 'TIMEOUT'],
  ['Neo.TransientError.Transaction.LockAcquisitionTimeout', 'TIMEOUT'],
  ['Neo.ClientError.Schema.ConstraintValidationFailed', 'CONFLICT'],
  ['Neo.ClientError.Security.Unauthorized', 'SETUP'],
  ['Neo.ClientError.Statement.SyntaxError', 'INTERNAL_SERVER_ERROR'],
])('%s is %s', (code, expected) => {
  const error = driverError(code);
  expect(toProblem(error, 'a.b')).toMatchObject({
    code: expected,
    cause: error,
    details: { statement: 'a.b' },
  });
});

test('a follower that is asked to write is no reason to wait only: the remedy is another NEO4J_URI', () => {
  expect(toProblem(driverError('Neo.ClientError.Cluster.NotALeader'))).toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
    message: expect.stringContaining('NEO4J_URI') as unknown,
  });
});

test('a pool without a free connection is SERVICE_UNAVAILABLE, and worth a retry', () => {
  const error = driverError('N/A', 'Connection acquisition timed out in 5000 ms. Pool status: …');
  expect(toProblem(error)).toMatchObject({ code: 'SERVICE_UNAVAILABLE', retryAfterSeconds: 2 });
});

test('what is not an error of the driver passes unchanged', () => {
  for (const error of [
    new RangeError('mine'),
    driverError('ENOENT'),
    new Problem('NOT_FOUND', 'no'),
    'text',
  ])
    expect(toProblem(error)).toBe(error);
});

test('the text of a driver error is not shown to the caller', () => {
  const problem = toProblem(
    driverError('Neo.ClientError.Statement.SyntaxError', 'MATCH (secret)'),
    'a.b',
  );
  expect((problem as Error).message).not.toContain('secret');
});

test('a statement that a commit got in the way of is begun again, one that waited for a lock too long is not', () => {
  expect(isOutdated(driverError('Neo.TransientError.Transaction.Outdated'))).toBe(true);
  expect(isOutdated(driverError('Neo.TransientError.Transaction.DeadlockDetected'))).toBe(false);
});
