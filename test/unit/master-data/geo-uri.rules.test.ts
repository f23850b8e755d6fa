import { placeOfGeoUri } from '../../../src/master-data/geo-uri.rules.js';

test.each([
  ['geo:48.2,16.37', 48.2, 16.37],
  ['GEO:-90,180,340.5', -90, 180],
  ['geo:90,-180;crs=wgs84;u=35', 90, -180],
])('%s lies where it says', (uri, lat, lon) => {
  expect(placeOfGeoUri(uri)).toEqual({ lat, lon });
});

test.each([
  ['urn:epc:id:sgln:9506000.13435.0'],
  ['geo:48.2'],
  ['geo:90.1,0'],
  ['geo:0,-180.5'],
  ['geo:1,2;crs=moon'],
  ['geo:1,2;crs=wgs84x'],
])('%s tells no place on Earth', (uri) => {
  expect(placeOfGeoUri(uri)).toBeNull();
});
