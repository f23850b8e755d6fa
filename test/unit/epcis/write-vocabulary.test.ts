import type { EpcisEvent } from '../../../src/epcis/event.js';
import {
  isCbvXmlFormat,
  vocabularyFormOf,
  withVocabularyForm,
  wordIn,
} from '../../../src/epcis/translate-vocabulary.js';

const BARE = {
  type: 'ObjectEvent',
  bizStep: 'shipping',
  disposition: 'in_transit',
  persistentDisposition: { set: ['completeness_verified'], unset: ['https://example.com/disp'] },
  bizTransactionList: [
    { type: 'po', bizTransaction: 'urn:x:shipping' },
    { bizTransaction: 'urn:x:y' },
  ],
  sourceList: [{ type: 'owning_party', source: 'urn:x:po' }],
  destinationList: [{ type: 'https://example.com/sdt', destination: 'urn:x:po' }],
  errorDeclaration: { reason: 'did_not_occur', declarationTime: '2026-03-14T09:26:53Z' },
  sensorElementList: [
    { sensorReport: [{ type: 'Temperature', exception: 'ALARM_CONDITION', component: 'x' }] },
  ],
  'ours:step': 'shipping',
};

const inForm = (event: unknown, form: 'BARE' | 'URN' | 'WEB_URI'): unknown =>
  withVocabularyForm(event as EpcisEvent, form);

it('every word of the CBV in an event becomes its URN, or its Web URI, and comes back as the word', () => {
  const urn = inForm(BARE, 'URN');
  expect(urn).toEqual({
    ...BARE,
    bizStep: 'urn:epcglobal:cbv:bizstep:shipping',
    disposition: 'urn:epcglobal:cbv:disp:in_transit',
    persistentDisposition: {
      set: ['urn:epcglobal:cbv:disp:completeness_verified'],
      unset: ['https://example.com/disp'],
    },
    bizTransactionList: [
      { type: 'urn:epcglobal:cbv:btt:po', bizTransaction: 'urn:x:shipping' },
      { bizTransaction: 'urn:x:y' },
    ],
    sourceList: [{ type: 'urn:epcglobal:cbv:sdt:owning_party', source: 'urn:x:po' }],
    errorDeclaration: { ...BARE.errorDeclaration, reason: 'urn:epcglobal:cbv:er:did_not_occur' },
    sensorElementList: [
      {
        sensorReport: [
          {
            type: 'https://gs1.org/voc/Temperature',
            exception: 'https://gs1.org/voc/ALARM_CONDITION',
            component: 'urn:epcglobal:cbv:comp:x',
          },
        ],
      },
    ],
  });
  expect(inForm(urn, 'WEB_URI')).toMatchObject({
    bizStep: 'https://ref.gs1.org/cbv/BizStep-shipping',
    bizTransactionList: [{ type: 'https://ref.gs1.org/cbv/BTT-po' }, {}],
    errorDeclaration: { reason: 'https://ref.gs1.org/cbv/ER-did_not_occur' },
    sensorElementList: [{ sensorReport: [{ component: 'https://ref.gs1.org/cbv/Comp-x' }] }],
  });
  expect(inForm(inForm(urn, 'WEB_URI'), 'BARE')).toEqual(BARE);
});

it('an event without such words is the same object', () => {
  const plain = { type: 'ObjectEvent', bizStep: 'https://example.com/steps/own' };
  expect(inForm(plain, 'URN')).toBe(plain);
});

it('a word that is none of its vocabulary stays as it is', () => {
  expect(wordIn('URN', 'bizStep', 'in_transit')).toBe('in_transit');
  expect(wordIn('BARE', 'disposition', 'urn:epcglobal:cbv:disp:made_up')).toBe(
    'urn:epcglobal:cbv:disp:made_up',
  );
});

it('the values of GS1-CBV-XML-Format are those of the standard', () => {
  expect(['Always_URN', 'always_urn', 'toString'].map(isCbvXmlFormat)).toEqual([
    true,
    false,
    false,
  ]);
  expect(vocabularyFormOf('Always_URN')).toBe('URN');
  expect(vocabularyFormOf('Always_Web_URI')).toBe('WEB_URI');
  expect(vocabularyFormOf('Never_Translates')).toBeNull();
});
