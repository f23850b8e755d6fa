const GEO = /^geo:(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)(?:,-?\d+(?:\.\d+)?)?((?:;[^;]+)*)$/i;

/**
 * Latitude and longitude of a place named by a geo: URI, in degrees of WGS 84 (RFC 5870). Null for other names and other reference systems.
 */
export function placeOfGeoUri(uri: string): { readonly lat: number; readonly lon: number } | null {
  const [, lat, lon, parameters = ''] = GEO.exec(uri) ?? [];
  if (lat === undefined || /;crs=(?!wgs84(?:;|$))/i.test(parameters)) return null;
  const place = { lat: Number(lat), lon: Number(lon) };
  return Math.abs(place.lat) <= 90 && Math.abs(place.lon) <= 180 ? place : null;
}
