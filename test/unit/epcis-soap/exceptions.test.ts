import { HOST } from '../../../src/access/principal.js';
import {
  EPCIS_EXCEPTIONS,
  EpcisException,
  exceptionXml,
} from '../../../src/epcis-soap/epcis-exception.js';
import { addSoap } from '../../../src/epcis-soap/soap.http.js';
import type { SoapDeps } from '../../../src/epcis-soap/soap.http.js';
import type { EpcisAnswer, EpcisCall, EpcisResource } from '../../../src/epcis-rest/resource.js';
import { silentLogger } from '../../../src/shared/logger.js';
import { Problem } from '../../../src/shared/problem.js';
import { describeWithStandards, standardsFolder } from '../../support/standards.js';
import { xsdFaults } from '../../support/xsd-validator.js';

/** Asks for names of queries where reading them fails with `error`. */
async function askFailing(error: Error, soap: 'soap/envelope/' | '2003'): Promise<EpcisAnswer> {
  const resources: EpcisResource[] = [];
  const standing = { names: () => Promise.reject(error) };
  addSoap({ resource: (one) => void resources.push(one) }, {
    standing,
    logger: silentLogger,
  } as unknown as SoapDeps);
  const uri =
    soap === '2003'
      ? 'http://www.w3.org/2003/05/soap-envelope'
      : 'http://schemas.xmlsoap.org/soap/envelope/';
  const text = `<s:Envelope xmlns:s="${uri}"><s:Body><q:GetQueryNames xmlns:q="urn:epcglobal:epcis-query:xsd:1"/></s:Body></s:Envelope>`;
  const call = {
    view: { principal: HOST },
    query: new URLSearchParams(),
    signal: new AbortController().signal,
    body: () => Promise.resolve({ bytes: Buffer.from(text), contentType: 'text/xml' }),
  };
  const operation = resources[0]?.operations.find(({ method }) => method === 'POST');
  if (operation === undefined) throw new Error('No POST');
  return operation.handle(call as unknown as EpcisCall);
}

test.each([
  [new Problem('FORBIDDEN', 'no'), 'SecurityException', 'Sender', 400],
  [new Problem('OPERATION_TOO_COMPLEX', 'no'), 'QueryTooComplexException', 'Sender', 400],
  [new Problem('QUERY_TOO_LARGE', 'no'), 'QueryTooLargeException', 'Sender', 400],
  [new Problem('SERVICE_UNAVAILABLE', 'no'), 'ImplementationException', 'Receiver', 500],
  [new Error('a secret of ours'), 'ImplementationException', 'Receiver', 500],
])('%s is told as %s', async (error, exception, code, status) => {
  const newer = await askFailing(error, '2003');
  const old = await askFailing(error, 'soap/envelope/');

  expect(newer).toMatchObject({ status, mediaType: 'application/soap+xml' });
  expect(newer.body).toContain(`<soap:Value>soap:${code}</soap:Value>`);
  expect(newer.body).toContain(`<soap:Detail><epcisq:${exception} `);
  expect(newer.body).not.toContain('secret');
  expect(old).toMatchObject({ status: 500, mediaType: 'text/xml' });
  expect(old.body).toContain(`<faultcode>soap:${code === 'Sender' ? 'Client' : 'Server'}<`);
});

describeWithStandards('by the schema of 2.0', () => {
  test('every exception is valid, whatever is known', async () => {
    const about = { queryName: 'q & a', subscriptionID: '<1>', severity: 'SEVERE' } as const;
    const documents = EPCIS_EXCEPTIONS.flatMap((name) => [
      exceptionXml(new EpcisException(name, 'because', about), '2.0'),
      exceptionXml(new EpcisException(name, 'because'), '2.0'),
    ]);
    const schema = `${standardsFolder}/gs1-epcis/xsd/EPCglobal-epcis-query-2_0.xsd`;

    expect(new Set(await xsdFaults(schema, documents))).toEqual(new Set(['ok']));
  });
});
