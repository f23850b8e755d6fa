import { runCommand } from '../support/service-process.js';

test('--version prints name and version', async () => {
  const { code, out } = await runCommand(['--version']);

  expect([code, out]).toEqual([0, 'custody-graph 0.1.0\n']);
});
