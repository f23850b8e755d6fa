import { epochMillis } from '../epcis/formats.js';

const EXPECTED =
  /^(?:(?:expected|estimated)(?:Time|Date)?(?:Of)?(?:Arrival|Delivery|Receipt)(?:Time|Date)?|eta)$/i;

/**
 * When the shipping event says its shipment is expected, epoch ms. EPCIS has no field for this, so any extension whose local name says so
 * is taken (`ex:expectedArrival`, `ex:estimatedTimeOfArrival`, `ex:expectedDeliveryDate`, `ex:eta` …).
 */
export function expectedArrivalOf(event: object): number | null {
  for (const [name, value] of Object.entries(event)) {
    const local = name.split(/[:/#]/).at(-1) ?? '';
    if (typeof value !== 'string' || !EXPECTED.test(local)) continue;
    return epochMillis(/^\d{4}-\d\d-\d\d$/.test(value) ? `${value}T00:00:00Z` : value);
  }
  return null;
}
