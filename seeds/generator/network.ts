import { MAKERS_PREFIX, TRADE_PREFIX, partyOf, placeOf } from './identifiers.js';
import type { Named } from './identifiers.js';
import type { GeneratorOptions } from './options.js';

/** A company with its one site. */
export interface Company {
  readonly name: string;
  readonly role: 'ingredients' | 'maker' | 'packager' | 'wholesaler' | 'pharmacy';
  readonly site: Named;
  readonly party: Named;
}

/** Everybody who takes part. */
export interface Network {
  readonly ingredients: Company;
  readonly makers: readonly Company[];
  readonly packagers: readonly Company[];
  readonly wholesalers: readonly Company[];
  readonly pharmacies: readonly Company[];
}

const MOST_PHARMACIES = 5000;

/** A network that grows with what flows through it. */
export function networkOf({ units }: Pick<GeneratorOptions, 'units'>): Network {
  const pharmacies = Math.min(MOST_PHARMACIES, Math.max(5, Math.ceil(units / 1000)));
  return {
    ingredients: company('ingredients', MAKERS_PREFIX, 51_000),
    makers: companies('maker', MAKERS_PREFIX, 11_000, 1 + Math.min(9, Math.floor(units / 200_000))),
    packagers: companies(
      'packager',
      MAKERS_PREFIX,
      21_000,
      1 + Math.min(4, Math.floor(units / 500_000)),
    ),
    wholesalers: companies(
      'wholesaler',
      TRADE_PREFIX,
      31_000,
      2 + Math.min(18, Math.floor(units / 100_000)),
    ),
    pharmacies: companies('pharmacy', TRADE_PREFIX, 80_000, pharmacies),
  };
}

/** Every company of a network. */
export function companiesOf(network: Network): readonly Company[] {
  const { ingredients, makers, packagers, wholesalers, pharmacies } = network;
  return [ingredients, ...makers, ...packagers, ...wholesalers, ...pharmacies];
}

function companies(
  role: Company['role'],
  prefix: string,
  first: number,
  count: number,
): readonly Company[] {
  return Array.from({ length: count }, (_, i) => company(role, prefix, first + i));
}

function company(role: Company['role'], prefix: string, reference: number): Company {
  const kind = role[0]?.toUpperCase() ?? '';
  return {
    name: `${kind}${role.slice(1)} ${reference}`,
    role,
    site: placeOf(prefix, reference),
    party: partyOf(prefix, reference),
  };
}
