/**
 * The service as a process of its own, for tests that kill it. Loads everything, says "loaded", starts on the first line it is sent,
 * says its address, and stops on SIGTERM: what `custody-graph start` does, without loading 20 times in a row while a test waits.
 */
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { readConfig } from '../../src/config.js';
import { startService } from '../../src/service.js';
import { silentLogger } from '../../src/shared/logger.js';

process.stdout.write('loaded\n');
await once(createInterface({ input: process.stdin }), 'line');
const service = await startService(readConfig(), {
  logger: silentLogger,
  onProgress: () => undefined,
});
process.on('SIGTERM', () => {
  void service.stop().then(() => process.exit(0));
});
process.stdout.write(`${service.url}\n`);
