import { join } from 'node:path';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { jobXml } from '../../../src/capture/capture-job.http.js';
import { epcisProblemOf, sendEpcisProblem } from '../../../src/epcis-rest/epcis-problem.js';
import { silentLogger } from '../../../src/shared/logger.js';
import type { ProblemCode } from '../../../src/shared/problem.js';
import { Problem, problemCodes } from '../../../src/shared/problem.js';
import { describeWithStandards, standardsFolder } from '../../support/standards.js';
import { xsdFaults } from '../../support/xsd-validator.js';

const codes = Object.keys(problemCodes) as ProblemCode[];
const fault = {
  code: 'TIME_INVALID',
  pointer: '/epcisBody/eventList/0/eventTime',
  found: '"<soon> & later"',
  expected: 'a time',
  remedy: 'Write one.',
  line: 3,
  column: 9,
} as const;

function written(code: ProblemCode): string {
  const details = { parameter: 'EQ_ex:a', faults: [fault, fault], inside: { deep: [1, true] } };
  const problem = new Problem(code, 'What is wrong: <&> \u0000', { details });
  const { document } = epcisProblemOf(problem, { logger: silentLogger, isQuery: true });
  let sent = '';
  const reply = {
    code: () => reply,
    header: () => reply,
    send: (body: string) => {
      sent = body;
      return reply;
    },
  };
  const request = { headers: { accept: 'application/xml' } };
  sendEpcisProblem(request as FastifyRequest, reply as unknown as FastifyReply, document);
  return sent;
}

test('a problem in XML is the exception of the standard, its own members first', () => {
  expect(written('NOT_FOUND')).toMatch(
    /^<\?xml [^>]+>\n<epcis:EPCISException xmlns:epcis="urn:epcglobal:epcis:xsd:2" [^>]+><type>epcisException:NoSuchResourceException<\/type><title>[^<]+<\/title><status>404<\/status><detail>/,
  );
});

describeWithStandards('in XML, by the schema of EPCIS 2.0,', () => {
  test('every problem is valid, and so is a job that holds some', async () => {
    const document = {
      type: 'epcisException:ValidationException',
      title: 'Not valid',
      status: 400,
      detail: '<&>',
    };
    const job = jobXml({
      captureID: 'j1',
      createdAt: '2026-03-14T09:00:00.000Z',
      finishedAt: '2026-03-14T09:00:01.000Z',
      running: false,
      success: false,
      captureErrorBehaviour: 'proceed',
      captured: 1,
      repeated: 0,
      errors: [document],
      warnings: [fault],
    });
    const schema = join(standardsFolder ?? '', 'gs1-epcis/xsd/EPCglobal-epcis-2_0.xsd');
    const faults = await xsdFaults(schema, [...codes.map(written), job]);
    const invalid = [...codes, 'the job'].flatMap((name, index) =>
      faults[index] === 'ok' ? [] : [`${name}: ${faults[index] ?? ''}`],
    );
    expect(invalid).toEqual([]);
  });
});
