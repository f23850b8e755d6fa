import { keyOfUri, parseIdentifier } from '../../../src/gs1/identifier.js';

describe('EPC tag URI', () => {
  test.each([
    ['urn:epc:tag:sgtin-96:3.0614141.812345.6789', 'urn:epc:id:sgtin:0614141.812345.6789'],
    ['urn:epc:tag:sgtin-198:3.0614141.712345.32a%2Fb', 'urn:epc:id:sgtin:0614141.712345.32a%2Fb'],
    ['urn:epc:tag:[att=x01]:sgtin-96:3.0614141.812345.1', 'urn:epc:id:sgtin:0614141.812345.1'],
    ['urn:epc:tag:sscc-96:3.0614141.1234567890', 'urn:epc:id:sscc:0614141.1234567890'],
    ['urn:epc:tag:sgln-96:3.0614141.12345.400', 'urn:epc:id:sgln:0614141.12345.400'],
    ['urn:epc:tag:sgln-195:3.0614141.12345.32a%2Fb', 'urn:epc:id:sgln:0614141.12345.32a%2Fb'],
    ['urn:epc:tag:grai-96:3.0614141.12345.400', 'urn:epc:id:grai:0614141.12345.400'],
    ['urn:epc:tag:giai-202:3.0614141.32a%2Fb', 'urn:epc:id:giai:0614141.32a%2Fb'],
    ['urn:epc:tag:gsrn-96:3.0614141.1234567890', 'urn:epc:id:gsrn:0614141.1234567890'],
    ['urn:epc:tag:gsrnp-96:3.0614141.1234567890', 'urn:epc:id:gsrnp:0614141.1234567890'],
    ['urn:epc:tag:gdti-174:3.0614141.12345.ABC', 'urn:epc:id:gdti:0614141.12345.ABC'],
    ['urn:epc:tag:sgcn-96:3.4012345.67890.04711', 'urn:epc:id:sgcn:4012345.67890.04711'],
    ['urn:epc:tag:itip-110:0.4012345.012345.04.04.981', 'urn:epc:id:itip:4012345.012345.04.04.981'],
    ['urn:epc:tag:cpi-var:3.0614141.5PQ7%2FZ43.12345', 'urn:epc:id:cpi:0614141.5PQ7%2FZ43.12345'],
    ['urn:epc:tag:gid-96:31415.271828.1414', 'urn:epc:id:gid:31415.271828.1414'],
    ['urn:epc:tag:usdod-96:3.CAGEY.5678', 'urn:epc:id:usdod:CAGEY.5678'],
    ['urn:epc:tag:adi-var:3.35962.PQ7VZ4.M37GXB92', 'urn:epc:id:adi:35962.PQ7VZ4.M37GXB92'],
    ['urn:epc:pat:sgtin-96:3.0614141.112345.*', 'urn:epc:idpat:sgtin:0614141.112345.*'],
    ['urn:epc:pat:sgtin-96:*.0614141.112345.*', 'urn:epc:idpat:sgtin:0614141.112345.*'],
    ['urn:epc:pat:sgtin-198:[0-7].0614141.112345.*', 'urn:epc:idpat:sgtin:0614141.112345.*'],
    ['urn:epc:pat:gid-96:31415.271828.*', 'urn:epc:idpat:gid:31415.271828.*'],
  ])('%s names the same as %s', (tag, pure) => {
    expect(keyOfUri(tag)).toBe(keyOfUri(pure));
    expect(keyOfUri(tag)).not.toBeNull();
    expect(keyOfUri(tag)).not.toBe(tag);
  });

  test.each([
    ['urn:epc:tag:sgtin-97:3.0614141.812345.6789', 'UNKNOWN_FORM'],
    ['urn:epc:tag:sgtin:0614141.812345.6789', 'UNKNOWN_FORM'],
    ['urn:epc:tag:sgtin-96:x.0614141.812345.6789', 'VALUE'],
    ['urn:epc:tag:sgtin-96:*.0614141.812345.6789', 'VALUE'],
    ['urn:epc:tag:sgtin-96:0614141.812345.6789', 'VALUE'],
    ['urn:epc:pat:sgtin-96:3.0614141.112345.[1-5]', 'UNKNOWN_FORM'],
    ['urn:epc:pat:sgtin-96:3.0614141.*.*', 'UNKNOWN_FORM'],
  ])('%s is refused with %s', (urn, code) => {
    expect(parseIdentifier(urn)).toMatchObject({ ok: false, code });
    expect(keyOfUri(urn)).toBeNull();
  });

  test('the raw form is refused, and what to do is said', () => {
    for (const raw of ['urn:epc:raw:96.x3034257BF7194E4000001A85', 'urn:epc:raw:[umi=1]:64.1234'])
      expect(parseIdentifier(raw)).toMatchObject({
        ok: false,
        code: 'UNKNOWN_FORM',
        message: expect.stringContaining('Decode it to its pure identity') as string,
      });
  });
});

describe('EPC schemes that are no GS1 key', () => {
  test.each([
    'urn:epc:id:gid:95100000.12345.',
    'urn:epc:id:gid:095.1.1',
    'urn:epc:id:usdod:cagey.5678',
    'urn:epc:id:adi:2S194.12345678901',
    'urn:epc:id:bic:CSQU305438',
    'urn:epc:id:imovn:91761877',
  ])('%s is malformed', (urn) => {
    expect(parseIdentifier(urn)).toMatchObject({ ok: false, code: 'CHARACTER' });
    expect(keyOfUri(urn)).toBeNull();
  });
});
