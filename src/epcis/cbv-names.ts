/** Kinds of master data. */
export type MasterDataKind = 'product' | 'site' | 'party';

/** Kinds of nodes that elements of vocabularies are kept on: `word` is whatever is none of the others, business steps among them. */
export type VocabularyKind = MasterDataKind | 'word';

const ADDRESS = {
  name: 'name',
  address: 'streetAddressOne',
  city: 'city',
  region: 'state',
  postalCode: 'postalCode',
  country: 'countryCode',
};

/** Our properties by the names that the CBV has for them (CBV 1.2 section 9); what it has no name for is not told. */
export const CBV_NAMES: Readonly<Record<MasterDataKind, Readonly<Record<string, string>>>> = {
  product: {
    name: 'regulatedProductName',
    description: 'tradeItemDescription',
    manufacturer: 'manufacturerOfTradeItemPartyName',
    form: 'dosageFormType',
    strength: 'strengthDescription',
    packSize: 'netContentDescription',
    ndc: 'additionalTradeItemIdentification',
  },
  site: { ...ADDRESS, lat: 'latitude', lon: 'longitude' },
  party: ADDRESS,
};
