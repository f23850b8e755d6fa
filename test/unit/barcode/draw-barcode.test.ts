import { HOST } from '../../../src/access/principal.js';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import bwip from 'bwip-js/node';
import fc from 'fast-check';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import type { View } from '../../../src/access/view.js';
import type { BarcodeData, BarcodeFormat } from '../../../src/barcode/barcode.js';
import { drawPng, drawSvg, drawingOf, scaleArgument } from '../../../src/barcode/draw-barcode.js';
import { makeBarcode } from '../../../src/barcode/make-barcode.js';
import { fixedClock } from '../../../src/shared/clock.js';

const GS = '\u001d';
const nothingKnown = {
  view: { principal: HOST, read: () => Promise.resolve([]) } as unknown as View,
  clock: fixedClock(Date.UTC(2026, 10, 21)),
};

interface Matrix {
  readonly pixs: number[];
  readonly pixx: number;
}

beforeAll(async () => {
  const wasm = fileURLToPath(import.meta.resolve('zxing-wasm/reader/zxing_reader.wasm'));
  const { buffer } = new Uint8Array(await readFile(wasm));
  await prepareZXingModule({ overrides: { wasmBinary: buffer }, fireImmediately: true });
});

/** What a scanner makes of the picture: the symbology identifier, then the data. */
async function scanned(data: BarcodeData): Promise<string[]> {
  const found = await readBarcodes(await drawPng(data, 2), { textMode: 'Plain' });
  return found.map(({ symbologyIdentifier, text }) => symbologyIdentifier + text);
}

const barcode = (id: string, format: BarcodeFormat): Promise<BarcodeData> =>
  makeBarcode(nothingKnown, { id, format });

test.each([
  ['(01)09506000134352(17)271231(10)L7(21)A1', `010950600013435217271231` + `10L7${GS}21A1`],
  ['(00)095060001343520000', '00095060001343520000'],
  ['(414)9506000134352(254)12', `4149506000134352` + `25412`],
])('%s is in the DataMatrix and in the GS1-128, marked as GS1 data', async (id, symbol) => {
  expect(await scanned(await barcode(id, 'DATAMATRIX'))).toEqual([`]d2${symbol}`]);
  expect(await scanned(await barcode(id, 'GS1_128'))).toEqual([`]C1${symbol}`]);
});

test('the Digital Link is in the QR code', async () => {
  const data = await barcode('(01)09506000134352(17)271231(10)L/7(21)A%1', 'QR_DIGITAL_LINK');

  expect(await scanned(data)).toEqual([
    ']Q1https://id.gs1.org/01/09506000134352/10/L%2F7/21/A%251?17=271231',
  ]);
});

const SET_82 = `0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!"%&'()*+,-./:;<=>?_`;
const values = (maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...SET_82.split('')), minLength: 1, maxLength });

test('any serial and lot are in the symbol as they are', async () => {
  await fc.assert(
    fc.asyncProperty(values(12), values(8), async (serial, lot) => {
      const elements = `0109506000134352` + `10${lot}${GS}21${serial}`;
      for (const format of ['DATAMATRIX', 'GS1_128'] as const) {
        const id = `01/09506000134352/21/${serial}`;
        const data = await makeBarcode(nothingKnown, { id, format, lot });

        const identifier = format === 'DATAMATRIX' ? ']d2' : ']C1';
        expect(await scanned(data)).toEqual([identifier + elements]);
      }
    }),
    { numRuns: 30 },
  );
});

test('there is a quiet zone around the symbol, and a module is twice the scale wide', async () => {
  const data = await barcode('(01)09506000134352', 'DATAMATRIX');
  const [symbol] = bwip.raw(drawingOf(data, 1)) as unknown as Matrix[];

  const svg = await drawSvg(data, 3);
  const png = await drawPng(data, 3);

  const wide = (symbol!.pixx + 2) * 6;
  expect(svg).toContain(`viewBox="0 0 ${wide} ${wide}"`);
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([wide, wide]);
});

test('under the GS1-128 stands its text', async () => {
  const data = await barcode('(00)095060001343520000', 'GS1_128');

  expect(drawingOf(data, 2)).toMatchObject({ includetext: true, alttext: data.text });
});

test.each([0, 11, 1.5, NaN])('the scale %d is refused', (scale) => {
  expect(() => scaleArgument(scale)).toThrow('1 to 10');
});
