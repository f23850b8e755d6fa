import type { Place } from '../../../src/holdings/holding.js';
import { UNKNOWN } from '../../../src/holdings/holding.js';
import type { Fact } from '../../../src/projection/fact.js';
import { placeStatedBy } from '../../../src/projection/stated-place.rules.js';
import { A, B, U0, receive, see, ship, voidShipping } from '../../support/projection-case.js';

const at = (site: string): Place => ({ mode: 'AT', site });
const to = (site: string | null, back: string | null, by = 's'): Place => ({
  ...{ mode: 'TO', site, back, by },
});
const [shipped, lost] = [ship('s', 2, [U0], { dest: B, site: A }), ship('s', 2, [U0])];
const [voided, returned] = [voidShipping('v', 3, [U0]), voidShipping('v', 3, [U0], { site: B })];

test.each<[string, Fact, Place, Place | null]>([
  ['a shipping from a site', shipped, at(A), to(B, A)],
  ['a shipping from nowhere known', lost, UNKNOWN, to(null, null)],
  ['a further shipping, which came from where the first did', shipped, to(null, A, 'r'), to(B, A)],
  ['a sighting at a site', see('x', 3, [U0], { site: B }), to(B, A), at(B)],
  ['a receipt without a site', receive('x', 3, [U0]), to(B, A), null],
  ['a void, which goes back to before the shipping', voided, to(B, A), at(A)],
  ['a void of what was shipped from nowhere known', voided, to(B, null), UNKNOWN],
  ['a void of what is not in transit', voided, at(A), at(A)],
  ['a void of what is nowhere known', voided, UNKNOWN, UNKNOWN],
  ['a void that names a site', returned, to(B, A), at(B)],
])('%s', (_, fact, now, place) => {
  expect(placeStatedBy(fact, now)).toEqual(place);
});
