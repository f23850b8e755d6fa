import type { CharacterSet } from './characters.js';

/** A rule that the content of a component obeys; `element-rules.ts` holds what each demands. */
export type ElementRule =
  | 'check'
  | 'pair'
  | 'gcp'
  | 'gcp2'
  | 'day0'
  | 'day'
  | 'date'
  | 'time'
  | 'hour'
  | 'minute'
  | 'second'
  | 'country'
  | 'country999'
  | 'country2'
  | 'currency'
  | 'escapes'
  | 'latitude'
  | 'longitude'
  | 'yesno'
  | 'minus'
  | 'importer'
  | 'package'
  | 'media'
  | 'sex'
  | 'order'
  | 'nonzero'
  | 'zero'
  | 'winding'
  | 'piece'
  | 'iban'
  | 'plain'
  | 'letter'
  | 'coupon'
  | 'offer';

/** A part of an element's value; only the last one of an element has a variable length. */
export interface AiComponent {
  readonly set: CharacterSet;
  readonly minLength: number;
  readonly maxLength: number;
  /** It may be left out; then nothing follows it. */
  readonly optional: boolean;
  readonly rules: readonly ElementRule[];
}

/**
 * One application identifier (AI) of the GS1 General Specifications.
 *
 * AIs in `requires` and `excludes` may end in `n`, which stands for any digit.
 */
export interface ApplicationIdentifier {
  readonly ai: string;
  /** Name for messages, in our own words. */
  readonly name: string;
  readonly components: readonly AiComponent[];
  /** The first two digits tell its length, so no FNC1 has to follow. */
  readonly isPredefined: boolean;
  /** It may be a data attribute in the query of a GS1 Digital Link. */
  readonly isAttribute: boolean;
  /** One whole group of these must be present; empty when the AI can stand alone. */
  readonly requires: readonly (readonly string[])[];
  readonly excludes: readonly string[];
  /** Qualifiers that may follow it in a Digital Link path; undefined when it cannot begin one. */
  readonly linkPaths?: readonly (readonly string[])[];
}

/**
 * Each row is `AIs; components; flags; requires; excludes; path; name`.
 *
 * AIs: `11 13`, `7030-7039`, `310+` for 3100 to 3105. Components: set (`n` digits, `x` set 82, `y`
 * set 39, `z` set 64), length or `..most`, rules after colons, `?` if optional. Flags: F predefined
 * length, Q attribute of a Digital Link. `self`: the series itself (310n). Path: `-` begins a
 * Digital Link without qualifiers.
 *
 * @see GS1 General Specifications 3 (definitions), 4.13 and 4.14 (associations), 7.11 (sets); GS1 Digital Link URI Syntax 4
 */
const TABLE = `
00; n18:check:gcp2; FQ; ; ; -; SSCC
01; n14:check:gcp2; FQ; ; 255,37; 22,10,21|235; GTIN
02; n14:check:gcp2; FQ; 37; 01,03; ; GTIN of the contents
03; n14:check:gcp2; F; ; 01,02,37,235; ; GTIN of a made-to-order item
10; x..20; Q; 01,02,03,8006,8026; ; ; lot
11; n6:day0; FQ; 01,02,03,8006,8026; ; ; production date
12; n6:day0; FQ; 8020; ; ; due date
13; n6:day0; FQ; 01,02,03,8006,8026; ; ; packaging date
15; n6:day0; FQ; 01,02,03,8006,8026; ; ; best before date
16; n6:day0; FQ; 01,02,03,8006,8026; ; ; sell by date
17; n6:day0; FQ; 01,02,03,255,8006,8026; ; ; expiry date
20; n2; FQ; 01,02,03,8006,8026; ; ; internal variant
21; x..20; ; 01,03,8006; 235; ; serial
22; x..20; ; 01; ; ; consumer product variant
235; x..28; ; 01; ; ; third-party controlled serial
240 241; x..30; Q; 01,02,03,8006,8026; ; ; additional product identification
242; n..6; Q; 01,02,8006,8026; ; ; made-to-order variation
243; x..20; Q; 01,03; ; ; packaging component
250; x..30; Q; 01+21,03+21,8006+21; ; ; secondary serial
251; x..30; Q; 01,03,8006; ; ; source entity
253; n13:check:gcp x..17?; Q; ; ; -; GDTI
254; x..20; ; 414; ; ; GLN extension
255; n13:check:gcp n..12?; Q; ; 01,02,415,8006,8020,8026; -; GCN
30; n..8; Q; 01,02; ; ; count of a variable measure item
310+ 311+ 312+ 313+ 314+ 315+ 316+ 320+ 321+ 322+ 323+ 324+ 325+ 326+ 327+ 328+ 329+; n6; FQ; 01,02; self; ; trade measure
330+ 331+ 332+ 333+ 334+ 335+ 336+ 340+ 341+ 342+ 343+ 344+ 345+ 346+ 347+ 348+ 349+; n6; FQ; 00,01; self; ; logistic measure
337+; n6; FQ; 01; self; ; kilograms per square metre
350+ 351+ 352+ 356+ 357+ 360+ 361+ 364+ 365+ 366+; n6; FQ; 01,02; self; ; trade measure
353+ 354+ 355+ 362+ 363+ 367+ 368+ 369+; n6; FQ; 00,01; self; ; logistic measure
37; n..8; Q; 00+02,00+8026; ; ; count of the contents
3900-3909; n..15; Q; 255,8020; self,391n,394n,8111; ; amount or coupon value
3910-3919; n3:currency n..15; Q; 8020; self; ; amount with currency
3920-3929; n..15; Q; 01+30,01+31nn,01+32nn,01+35nn,01+36nn; self,393n; ; price
3930-3939; n3:currency n..15; Q; 30,31nn,32nn,35nn,36nn; self; ; price with currency
3940-3943; n4; Q; 255; self,8111; ; coupon discount in percent
3950-3955; n6; Q; 30,31nn,32nn,35nn,36nn; 392n,393n,self,8005; ; price per unit of measure
400; x..30; Q; ; ; ; order number of the customer
401; x..30:gcp; Q; ; ; -; GINC
402; n17:check:gcp; Q; ; ; -; GSIN
403; x..30; Q; 00; ; ; routing code
410 411 412 413 416; n13:check:gcp; FQ; ; ; ; GLN of a role
414; n13:check:gcp; FQ; ; ; 254|7040; GLN of a place
415; n13:check:gcp; FQ; 8020; ; 8020; GLN of the invoicing party
417; n13:check:gcp; FQ; ; ; 7040; GLN of a party
420; x..20; Q; ; 421; ; ship-to postal code
421; n3:country x..9; Q; ; 4307; ; ship-to postal code with country
422; n3:country; Q; 01,02,03,8006,8026; 426; ; country of origin
423 425; n3:country n3:country? n3:country? n3:country? n3:country?; Q; 01,02,03; 426; ; countries of processing or disassembly
424; n3:country; Q; 01,02,03; 426; ; country of processing
426; n3:country; Q; 01,02,03; ; ; country of the full process
427; x..3; Q; 01+422,02+422,03+422; ; ; subdivision of origin
4300 4301 4310 4311 4320; x..35:escapes; Q; 00; ; ; name or description for delivery
4302 4304 4305 4306 4312 4314 4315 4316; x..70:escapes; Q; 00; ; ; line of an address
4303; x..70:escapes; Q; 4302; ; ; ship-to address line 2
4313; x..70:escapes; Q; 4312; ; ; return-to address line 2
4307 4317; x2:country2; Q; 00; ; ; country of an address
4308 4319; x..30; Q; 00; ; ; telephone number
4309; n10:latitude n10:longitude; Q; 00; ; ; ship-to position
4318; x..20; Q; 00; ; ; return-to postal code
4321 4322 4323; n1:yesno; Q; 00; ; ; delivery flag
4324 4325; n6:day0 n4:time; Q; 00; ; ; delivery window
4326; n6:day; Q; 00; ; ; release date
4330; n6 x1:minus?; Q; 00; 4331; ; highest temperature, Fahrenheit
4331; n6 x1:minus?; Q; 00; 4330; ; highest temperature, Celsius
4332; n6 x1:minus?; Q; 00; 4333; ; lowest temperature, Fahrenheit
4333; n6 x1:minus?; Q; 00; 4332; ; lowest temperature, Celsius
7001; n13; Q; 01,02,8006,8026; ; ; NATO stock number
7002; x..30; Q; 01,02; ; ; meat cut
7003; n6:day n4:time; Q; 01,02,03; ; ; expiry date and time
7004; n..4; Q; 01+10,03+10; ; ; active potency
7005; x..12; Q; 01,02; ; ; catch area
7006; n6:day; Q; 01,02; ; ; first freeze date
7007; n6:day n6:day?; Q; 01,02; ; ; harvest date
7008; x..3; Q; 01,02; ; ; species
7009; x..10; Q; 01,02; ; ; fishing gear
7010; x..2; Q; 01,02,03; ; ; production method
7011; n6:day n4:time?; Q; 01,02,03; ; ; test by date
7020; x..20; Q; 01+416,03+416,8006+416; ; ; refurbishment lot
7021; x..20; Q; 01,03,8006; ; ; functional status
7022; x..20; Q; 01+7021,03+7021,8006+7021; ; ; revision status
7023; x..30:gcp; Q; ; ; ; GIAI of an assembly
7030-7039; n3:country999 x..27; Q; 01,02; ; ; processor with country
7040; n1 x1 x1 x1:importer; ; ; ; ; unique identification code with extension
7041; x..4:package; ; 00; ; ; unit type
710-717; x..20; Q; 01; ; ; national healthcare number
7230-7239; x2 x..28; Q; 01,8004; ; ; certification reference
7240; x..20; Q; 01,8006; 03; ; protocol
7241; n2:media; Q; 8017,8018; ; ; media type
7242; x..25; Q; 8017,8018; ; ; version control number
7250; n8:date; Q; 8018; 7251; ; date of birth
7251; n8:date n4:time; Q; 8018; 7250; ; date and time of birth
7252; n1:sex; Q; 8018; ; ; biological sex
7253 7254; x..40:escapes; Q; 8017,8018; 7256,7259; ; part of a name
7255; x..10; Q; 8017,8018; 7256,7259; ; name suffix
7256; x..90:escapes; Q; 8017,8018; ; ; full name
7257; x..70:escapes; Q; 8018; ; ; address of a person
7258; x3:order; Q; 8018+7259; ; ; birth sequence
7259; x..40:escapes; Q; 8018; 7256; ; family name of a baby
8001; n4:nonzero n5:nonzero n3:nonzero n1:winding n1; Q; 01; ; ; roll dimensions
8002; x..20; Q; ; ; ; mobile telephone identifier
8003; n1:zero n13:check:gcp x..16?; Q; ; ; -; GRAI
8004; x..30:gcp; Q; ; ; 7040; GIAI
8005; n6; Q; 01,02; ; ; price per unit
8006; n14:check:gcp2 n4:piece; Q; ; 01,03,37; 22,10,21; ITIP
8007; x..34:iban; Q; 415; ; ; IBAN
8008; n6:day n2:hour n2:minute? n2:second?; Q; 01,02,03; ; ; production time
8009; x..50; Q; 00,01,03; ; ; optical sensor
8010; y..30:gcp; Q; ; ; 8011; CPID
8011; n..12:plain; ; 8010; ; ; component serial
8012; x..20; Q; 01,03,8006; ; ; software version
8013; x..25:pair:gcp; Q; ; ; -; GMN
8014; x..25:pair:gcp:letter; ; 01; ; ; highly individualised device identifier
8017; n18:check:gcp; Q; ; 8018; 8019; GSRN of a provider
8018; n18:check:gcp; Q; ; 8017; 8019; GSRN of a recipient
8019; n..10; ; 8017,8018; ; ; service relation instance
8020; x..25; ; 415; ; ; payment slip
8026; n14:check:gcp2 n4:piece; Q; 37; 02,03,8006; ; ITIP of the contents
8030; z..90; Q; 00,01+21,03+21,253,255,8003,8004,8006+21,8010+8011,8017,8018; ; ; digital signature
8040; n15; ; 01+21; ; ; IMEI
8041; n15; ; 01+21+8040; ; ; second IMEI
8042; n32; ; 01+21+8040; ; ; eSIM
8043; n18 n..2?; ; 01+21+8040; ; ; physical SIM
8110; x..70:coupon; Q; ; ; ; coupon code
8111; n4; Q; 255; ; ; loyalty points
8112; x..70:offer; Q; ; ; ; positive offer coupon
8200; x..70; ; 01; ; ; product web address
90; x..30; Q; ; ; ; internal, by agreement
91-99; x..90; Q; ; ; ; internal
`;

/**
 * All assigned application identifiers, by their digits.
 *
 * @see GS1 General Specifications 3
 */
export const APPLICATION_IDENTIFIERS: ReadonlyMap<string, ApplicationIdentifier> = new Map(
  TABLE.trim()
    .split('\n')
    .flatMap(readRow)
    .map((one) => [one.ai, one]),
);

const LENGTHS: ReadonlyMap<string, number> = new Map(
  [...APPLICATION_IDENTIFIERS.keys()].map((ai) => [ai.slice(0, 2), ai.length]),
);

/** Length of the AIs with these first two digits, if any (GS1 General Specifications 7.8.2). */
export function aiLength(firstTwo: string): number | undefined {
  return LENGTHS.get(firstTwo);
}

/** True when `ai` is `pattern`, in which `n` stands for any digit. */
export function matchesAi(pattern: string, ai: string): boolean {
  if (!pattern.endsWith('n')) return pattern === ai;
  const digits = pattern.slice(0, pattern.indexOf('n'));
  return pattern.length === ai.length && ai.startsWith(digits);
}

function readRow(row: string): readonly ApplicationIdentifier[] {
  const [ais = '', format = '', flags = '', requires = '', excludes = '', paths = '', name = ''] =
    row.split(';').map((column) => column.trim());
  const components = format.split(' ').map(readComponent);
  return ais
    .split(' ')
    .flatMap(expand)
    .map((ai) => ({
      ai,
      name,
      components,
      isPredefined: flags.includes('F'),
      isAttribute: flags.includes('Q'),
      requires: list(requires, ',').map((group) => group.split('+')),
      excludes: list(excludes, ',').map((one) => (one === 'self' ? `${ai.slice(0, 3)}n` : one)),
      ...(paths !== '' && {
        linkPaths: paths === '-' ? [[]] : paths.split('|').map((path) => path.split(',')),
      }),
    }));
}

function list(text: string, separator: string): readonly string[] {
  return text === '' ? [] : text.split(separator);
}

/** `310+` is 3100 to 3105, `91-99` is 91 to 99. */
function expand(ais: string): readonly string[] {
  if (ais.endsWith('+')) return ['0', '1', '2', '3', '4', '5'].map((n) => ais.slice(0, -1) + n);
  const [first = '', last = first] = ais.split('-');
  const many = Number(last) - Number(first) + 1;
  return Array.from({ length: many }, (_, at) =>
    String(Number(first) + at).padStart(first.length, '0'),
  );
}

function readComponent(text: string): AiComponent {
  const [form = '', ...rules] = text.replace('?', '').split(':');
  const length = Number(form.replace(/^[a-z](\.\.)?/, ''));
  return {
    set: form.charAt(0).toUpperCase() as CharacterSet,
    minLength: form.includes('..') ? 1 : length,
    maxLength: length,
    optional: text.endsWith('?'),
    rules: rules as ElementRule[],
  };
}
