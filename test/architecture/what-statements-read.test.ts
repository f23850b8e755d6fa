import type { Reads } from '../../src/graph/cypher.js';
import { statementsOfOurs } from '../support/statements.js';

/** As `Reads` tells them: the first that anything in a text tells of is what it reads. */
const KINDS: readonly Reads[] = ['events', 'packages', 'host', 'public'];
/** Labels and relationship types by kind; those that are not here tell of events. */
const NAMES = [
  /^(Package|Unit|Container|Lot|Holding|FILLED|IN|STAY|HOLDS|HOLDS_INSIDE|HELD)$/,
  /^(Log|ApiKey|Access|AccessChain|Organisation|Feed|Told|CommittedCursor|RevokedSubject|AccessState|CaptureJob|Disclosure|DisclosureRequest|NamedQuery|QuerySubscription|Webhook|DeadLetter|RevokedPageToken|Serial(Pool|Range|Allocation))$/,
  /^(Product|Site|Party|Word|WITHIN|OPERATED_BY)$/,
];

function toldIn(text: string): Reads | undefined {
  const found = [...text.matchAll(/:([A-Z]\w*(?:\|[A-Z]\w*)*)/g)];
  const names = found.flatMap(([, some = '']) => some.split('|'));
  return KINDS[Math.min(...names.map((name) => 1 + NAMES.findIndex((one) => one.test(name))))];
}

/** Their rows do not tell of all that is walked through: packages are counted from events, and terms lead to master data. */
const WALKED_THROUGH: Readonly<Record<string, Reads>> = {
  'epcis-query.epcs': 'packages',
  'epcis-query.withAttribute': 'public',
  'location.classes-inside': 'packages',
  'recall.classLeft': 'packages',
  'holdings.contradicted': 'packages',
  'recall.lotsOfProduct': 'packages',
  'recall.silentContainers': 'packages',
  'serials.commissioned': 'packages',
};

test('what is the own of somebody is compared with who asks', async () => {
  const own = (await statementsOfOurs()).filter(({ reads }) => reads === 'own');
  const open = own.filter(
    ({ text }) =>
      !/(?:\.(?:sentBy|organisation|grantee|asker|p) =|CommittedCursor \{p:) (?:coalesce\()?\$given\.viewer/.test(
        text,
      ),
  );
  expect(own.length).toBeGreaterThan(0);
  expect(open.map(({ name }) => name)).toEqual([]);
});

test('what a view reads is what the names in the text tell of', async () => {
  const others = (await statementsOfOurs()).flatMap(({ name, reads, text }) =>
    reads === undefined || reads === 'own' || reads === 'seen' || reads === toldIn(text)
      ? []
      : [[name, reads] as const],
  );
  expect(Object.fromEntries(others)).toEqual(WALKED_THROUGH);
});

/** One text serves both, because its function limits what is asked for, or what was read. */
const LIMITED = [
  'barcode.packageLabel',
  'epcis-query.headers',
  'events.headers',
  'location.fillingOf',
  'location.history',
  'location.origins',
  'location.packages',
  'location.packagesInHoldingsDown',
  'location.packagesInHoldingsUp',
  'recall.fillings',
  'recall.innerFillings',
  'recall.knownPackages',
  'recall.members',
  'recall.unitsOfHoldingDown',
  'recall.unitsOfHoldingUp',
  'trace.lots-of-packages',
];
// `w.by`: what another discloses of what he sees, as read for who asks.
const ASKS_WHO = /(?:\.p|\bIN \w+\.\w+) = (?:coalesce\(w\.by, )?\$given\.viewer|\$given\.viewer IN/;

test('what a partner is told of events and packages is compared with who asks, or is public', async () => {
  const statements = (await statementsOfOurs()).filter(
    ({ reads }) => reads === 'events' || reads === 'packages' || reads === 'seen',
  );
  const limited = statements.filter(({ options }) => options.limited !== undefined);
  const texts = statements.flatMap((one) => (one.reads === 'seen' ? one : (one.forPartner ?? [])));
  const open = texts.filter(
    (one) => !limited.includes(one) && !ASKS_WHO.test(one.text) && toldIn(one.text) !== 'public',
  );
  expect(texts.length).toBeGreaterThan(30);
  expect(open.map(({ name }) => name)).toEqual([]);
  expect(limited.map(({ name }) => name).sort()).toEqual(LIMITED);
});
