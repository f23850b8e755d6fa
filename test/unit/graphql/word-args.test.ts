import {
  BIZ_STEPS,
  EVENT_TYPES,
  STATUSES,
  wordArg,
  wordArgs,
} from '../../../src/graphql/word-args.js';

const refusalOf = (value: string, list = BIZ_STEPS): string => {
  try {
    wordArgs('filter.bizSteps', [value], list);
  } catch (problem) {
    return (problem as Error).message;
  }
  return 'taken';
};

describe('a word of a filter', () => {
  test('is one word in any spelling of the standard', () => {
    const spellings = [
      'shipping',
      'urn:epcglobal:cbv:bizstep:shipping',
      'https://ref.gs1.org/cbv/BizStep-shipping',
      'cbv:BizStep-shipping',
    ];

    expect(wordArgs('a', spellings, BIZ_STEPS)).toEqual(spellings.map(() => 'shipping'));
    expect(wordArg('a', 'decommissioned', STATUSES)).toBe('decommissioned');
    expect(wordArg('a', 'epcis:ObjectEvent', EVENT_TYPES)).toBe('ObjectEvent');
  });

  test("that is a URI of one's own, or an older word of the standard, stays as it is", () => {
    const free = [
      'https://example.com/steps/rinsing',
      'ex:rinsing',
      'urn:epcglobal:cbv:bizstep:transforming',
    ];

    expect(wordArgs('a', free, BIZ_STEPS)).toEqual(free);
    expect(wordArg('a', 'ex:TemperatureEvent', EVENT_TYPES)).toBe('ex:TemperatureEvent');
  });

  test.each([
    ['shiping', 'shipping'],
    ['SHIPPING', 'shipping'],
    ['urn:epcglobal:cbv:bizstep:recieving', 'receiving'],
    ['https://ref.gs1.org/cbv/BizStep-pakcing', 'packing'],
    ['cbv:BizStep-comissioning', 'commissioning'],
  ])('that nothing can ever match is refused with the nearest: %s', (given, meant) => {
    expect(refusalOf(given)).toContain(
      `Argument "filter.bizSteps[0]": "${given}" is not a known business`,
    );
    expect(refusalOf(given)).toContain(`Did you mean "${meant}"? Known: accepting, arriving,`);
  });

  test('of a disposition and of an event type too', () => {
    expect(refusalOf('recaled', STATUSES)).toContain('Did you mean "recalled"?');
    expect(refusalOf('AggregationEvents', EVENT_TYPES)).toContain('mean "AggregationEvent"?');
    expect(refusalOf('', STATUSES)).toContain('is not a known status');
  });
});
