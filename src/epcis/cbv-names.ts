/** Kinds of master data. */
export type MasterDataKind = 'product' | 'site' | 'party';

/** Kinds of nodes for vocabulary elements; `word` is everything else, such as business steps. */
export type VocabularyKind = MasterDataKind | 'word';

const ADDRESS = {
  name: 'name',
  address: 'streetAddressOne',
  city: 'city',
  region: 'state',
  postalCode: 'postalCode',
  country: 'countryCode',
};

/** Our properties and their CBV names (CBV 1.2 section 9). Others are left out. */
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
