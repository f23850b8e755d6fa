import type { LookupAddress } from 'node:dns';
import { DestinationGuard, internalKindOf } from '../../../src/delivery/destination.js';
import type { Resolver } from '../../../src/delivery/destination.js';

const resolving =
  (...addresses: string[]): Resolver =>
  (_host, done) => {
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };

const guard = (
  addresses: readonly string[],
  allowed: true | readonly string[] = [],
): DestinationGuard => new DestinationGuard(allowed, resolving(...addresses));

test.each([
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '127.0.0.1',
  '127.9.9.9',
  '169.254.169.254',
  '172.16.0.1',
  '192.0.0.192',
  '192.168.1.1',
  '198.18.0.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::7f00:1',
  '::ffff:10.0.0.1',
  '::ffff:169.254.169.254',
  '64:ff9b::a00:1',
  '64:ff9b:1::808:808',
  '100::1',
  '2001::1',
  '2001:db8::1',
  '2002:a00:1::',
  'fc00::1',
  'fd00:ec2::254',
  'fe80::1',
  'fe80::1%eth0',
  'fec0::1',
  'ff02::1',
])('%s is internal', (address) => {
  expect(internalKindOf(address)).not.toBeNull();
});

test.each(['8.8.8.8', '172.15.0.1', '2606:4700::1111', '::ffff:8.8.8.8', '64:ff9b::808:808'])(
  '%s is public',
  (address) => {
    expect(internalKindOf(address)).toBeNull();
  },
);

test.each([
  ['https://127.0.0.1/hook'],
  ['https://2130706433/hook'],
  ['https://0x7f.1/hook'],
  ['https://[::ffff:7f00:1]/hook'],
  ['https://[::1]:8443/hook'],
  ['https://user:secret@192.168.0.1/hook'],
  ['https://localhost/hook'],
  ['http://8.8.8.8/hook'],
  ['ftp://8.8.8.8/hook'],
  ['file:///etc/passwd'],
])('%s is refused when a subscription is made', async (dest) => {
  const refused = guard(['127.0.0.1']).admit(dest);

  await expect(refused).rejects.toMatchObject({ code: 'SUBSCRIPTION_CONTROLS' });
  await expect(refused).rejects.not.toThrow(/secret/);
});

test('a name with one public and one internal address is refused', async () => {
  await expect(guard(['8.8.8.8', '10.0.0.1']).admit('https://example.com/')).rejects.toMatchObject({
    code: 'SUBSCRIPTION_CONTROLS',
  });
});

test('a public name passes, and one that cannot be resolved now', async () => {
  const unknown = new DestinationGuard([], (_host, done) => {
    done(Object.assign(new Error('no such host'), { code: 'ENOTFOUND' }), []);
  });

  await expect(guard(['8.8.8.8']).admit('https://example.com/')).resolves.toBeUndefined();
  await expect(unknown.admit('https://example.com/')).resolves.toBeUndefined();
});

test.each([
  ['http://127.0.0.1:8080/', true],
  ['http://erp.internal/', ['erp.internal']],
  ['http://10.1.2.3/', ['10.1.0.0/16']],
  ['https://erp.internal/', ['10.1.0.0/16']],
  ['http://[::1]/', ['::1']],
] as const)('%s passes when the operator allows %j', async (dest, allowed) => {
  await expect(guard(['10.1.2.3'], allowed).admit(dest)).resolves.toBeUndefined();
});

test('what is allowed for one network is not for another', async () => {
  await expect(guard([], ['10.1.0.0/16']).admit('https://10.2.0.1/')).rejects.toMatchObject({
    code: 'SUBSCRIPTION_CONTROLS',
  });
});

function lookup(
  checked: DestinationGuard,
  options: { all?: boolean; family?: number },
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    checked.lookup('example.com', options, (error, address, family) => {
      if (error) reject(error);
      else resolve(Array.isArray(address) ? address : [address, family]);
    });
  });
}

test('a name that now leads inside is not connected to, however it is asked', async () => {
  const rebound = guard(['8.8.8.8', '127.0.0.1']);

  await expect(lookup(rebound, { all: true })).rejects.toThrow('127.0.0.1');
  await expect(lookup(rebound, {})).rejects.toThrow('127.0.0.1');
});

test('a public name is connected to at the addresses that were checked', async () => {
  const found: LookupAddress[] = [
    { address: '8.8.8.8', family: 4 },
    { address: '2606:4700::1111', family: 6 },
  ];
  const checked = guard(['8.8.8.8', '2606:4700::1111']);

  expect(await lookup(checked, { all: true })).toEqual(found);
  expect(await lookup(checked, { family: 6 })).toEqual(['2606:4700::1111', 6]);
});
