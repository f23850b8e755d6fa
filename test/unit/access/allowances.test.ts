/** @jest-environment node */
import { Allowances } from '../../../src/access/allowances.js';
import type { AllowanceRules } from '../../../src/access/allowances.js';
import { EVERYBODY, HOST } from '../../../src/access/principal.js';
import type { Principal } from '../../../src/access/principal.js';

const NOW = 1_700_000_000_000;
const timers = import.meta.jest;
beforeEach(() => timers.useFakeTimers({ now: NOW }));
afterEach(() => timers.useRealTimers());

const aKey = (more: Partial<Principal> = {}): Principal => ({ ...HOST, subject: 'key:a', ...more });
const partner = (subject: string): Principal =>
  aKey({ kind: 'PARTY', organisation: '417/9506000134352', subject });

function allowances(rules: Partial<AllowanceRules> = {}): Allowances {
  return new Allowances(
    { costPerMinute: 100, sockets: 1, subscriptions: 2, ...rules },
    { now: () => timers.now() },
  );
}

describe('cost', () => {
  test('is spent for a minute, and the refusal tells how long to wait', async () => {
    const given = allowances();
    await given.spend(aKey(), 60);
    timers.advanceTimersByTime(15_500);
    const refused = given.spend(aKey(), 41);

    await expect(refused).rejects.toMatchObject({
      ...{ code: 'RATE_LIMITED', retryAfterSeconds: 45, details: { retryAfter: 45 } },
      message: expect.stringMatching(/RATE_COST_PER_MINUTE.*Wait 45 s/) as string,
    });
    timers.advanceTimersByTime(44_500);
    await given.spend(aKey(), 100);
  });

  test('of what was refused is not taken: something smaller may still be asked', async () => {
    const given = allowances();
    await given.spend(aKey(), 60);
    await expect(given.spend(aKey(), 41)).rejects.toThrow();

    await given.spend(aKey(), 40);
    expect((await given.of(aKey()))?.cost).toEqual({ limit: 100, left: 0, resetAt: NOW + 60_000 });
  });

  test('of more than a whole minute takes all of it, once', async () => {
    const given = allowances();
    await given.spend(aKey(), 5000);

    await expect(given.spend(aKey(), 1)).rejects.toThrow('RATE_COST_PER_MINUTE');
  });

  test('is shared by the keys of a partner, and by nobody else', async () => {
    const given = allowances();
    await given.spend(partner('key:p1'), 100);

    await expect(given.spend(partner('key:p2'), 1)).rejects.toThrow();
    await given.spend(aKey(), 100);
    await given.spend(aKey({ subject: 'key:b' }), 100);
    // An administrator who looks as the partner does.
    await given.spend({ ...partner('key:c'), actor: 'key:c' }, 100);
    await expect(given.spend(aKey({ subject: 'key:c' }), 1)).rejects.toThrow();
  });

  test.each([
    ['0 is set', { costPerMinute: 0 }, aKey()],
    ['the service is open', {}, EVERYBODY],
  ])('has no limit when %s', async (_what, rules, principal) => {
    const given = allowances(rules);
    for (let i = 0; i < 3; i++) await given.spend(principal, 1_000_000);

    expect((await given.of(principal))?.cost ?? null).toBeNull();
  });
});

describe('places', () => {
  test('are as many as set, and come back once when they are given back', async () => {
    const given = allowances();
    const [first] = [given.hold('subscriptions', aKey()), given.hold('subscriptions', aKey())];
    expect(() => given.hold('subscriptions', aKey())).toThrow('2 subscriptions open');
    first();
    first();

    expect((await given.of(aKey()))?.subscriptions).toEqual({ limit: 2, used: 1 });
    given.hold('subscriptions', aKey());
    expect(() => given.hold('subscriptions', aKey())).toThrow('MAX_SUBSCRIPTIONS_EACH');
  });

  test('of sockets and subscriptions are counted apart, for each organisation', () => {
    const given = allowances();
    given.hold('sockets', partner('key:p1'));
    given.hold('subscriptions', partner('key:p1'));
    given.hold('sockets', aKey());

    expect(() => given.hold('sockets', partner('key:p2'))).toThrow('MAX_SOCKETS_EACH');
  });

  test('have no limit when the service is open', () => {
    const given = allowances();
    for (let i = 0; i < 3; i++) given.hold('sockets', EVERYBODY);
  });
});
