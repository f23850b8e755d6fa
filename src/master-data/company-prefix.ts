import { parseIdentifier } from '../gs1/identifier.js';

/** The digits of the GS1 company prefix in an identifier. Only an EPC URN shows where the prefix ends. */
export function companyPrefixOf(text: string): string | undefined {
  if (!text.startsWith('urn:epc:')) return undefined;
  const parsed = parseIdentifier(text);
  if (!parsed.ok || parsed.id.companyPrefixLength === undefined) return undefined;
  const { gtin, gln, companyPrefixLength } = parsed.id;
  if (gtin !== undefined) return gtin.slice(1, 1 + companyPrefixLength);
  return gln?.slice(0, companyPrefixLength);
}
