/** Where the EPCIS interface is. */
export const EPCIS_PREFIX = '/epcis';
