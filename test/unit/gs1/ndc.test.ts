import { ndcForms } from '../../../src/gs1/ndc.js';

// 0006-0277-31 is 4-4-2; as HIPAA writes it, the labeler has five digits.
test.each(['0006-0277-31', '00006-0277-31', '00006027731'])(
  '%s has the spellings and the GTIN of one code',
  (text) => {
    const forms = ndcForms(text)!;

    expect(forms.spellings).toEqual(
      expect.arrayContaining(['0006-0277-31', '0006027731', '00006-0277-31', '00006027731']),
    );
    expect(forms.gtins).toContain('00300060277313');
  },
);

test('a code that has no zero to leave out has one spelling of ten digits less', () => {
  expect(ndcForms('12345-678-90')).toEqual({
    spellings: ['12345067890', '12345-0678-90', '1234567890', '12345-678-90'],
    gtins: ['00312345678906'],
  });
});

test('ten digits without hyphens may be any of three codes', () => {
  const { spellings } = ndcForms('1234567890')!;

  expect(spellings).toEqual(
    expect.arrayContaining(['1234-5678-90', '12345-678-90', '12345-6789-0', '1234567890']),
  );
});

test.each([
  '',
  '123456789',
  '123-4567-89',
  '12345-6789-012',
  '1234-567-890',
  'abcd-efgh-ij',
  '09506000134352',
])('%s is no NDC', (text) => {
  expect(ndcForms(text)).toBeNull();
});
