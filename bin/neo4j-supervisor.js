/* eslint jsdoc/no-types: off, @typescript-eslint/explicit-module-boundary-types: off -- JavaScript: JSDoc holds the types */
/**
 * Stands between a Node process and its Neo4j: starts the JVM, starts it again when it dies by itself, and stops it when
 * the parent says so or is gone, `kill -9` included (then the IPC channel closes). In a process group of its own, so
 * that Ctrl-C in a terminal reaches the parent only, which then stops us in its own order.
 *
 * Forked by src/neo4j-child/supervised-jvm.ts with one argument: a JSON of {java, args, cwd, log, stopMs, restarts}.
 * Sends {pid} for every start, {ended: code|signal, again: number} when it starts again, and {exit: code|signal} when it gives up;
 * takes 'stop', and 'restart' for a Neo4j that runs and does not work.
 */
import { spawn } from 'node:child_process';
import { closeSync, openSync, writeSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { clearTimeout, setTimeout } from 'node:timers';

// What Neo4j writes is for its owner only.
process.umask(0o077);

/** @type {unknown} */
const argument = JSON.parse(process.argv[2] ?? '{}');
const order =
  /** @type {{java: string, args: string[], cwd: string, log: string, stopMs: number, restarts: number}} */ (
    argument
  );

/** A Neo4j that ran this long before it died is worth another full set of tries. */
const HEALTHY_MS = 60_000;

/** @type {import('node:child_process').ChildProcess | undefined} */
let jvm;
/** @type {NodeJS.Timeout | undefined} */
let killer;
let stopping = false;
let restarts = 0;

/** @param {object} message */
function tell(message) {
  if (process.connected) process.send?.(message, () => undefined);
}

function start() {
  const log = openSync(order.log, 'a');
  const began = performance.now();
  const child = spawn(order.java, order.args, {
    cwd: order.cwd,
    stdio: ['ignore', log, log],
    windowsHide: true,
  });
  jvm = child;
  closeSync(log);
  child.once('error', (error) => {
    note(`could not be started: ${error.message}`);
    giveUp('error');
  });
  child.once('spawn', () => {
    tell({ pid: child.pid });
    if (stopping) stop();
  });
  child.once('exit', (code, signal) => {
    jvm = undefined;
    const how = signal ?? code;
    if (performance.now() - began > HEALTHY_MS) restarts = 0;
    if (stopping || restarts >= order.restarts) {
      giveUp(how);
      return;
    }
    restarts++;
    tell({ ended: how, again: restarts });
    note(`ended by itself (${String(how)}); starting it again`);
    setTimeout(start, 300);
  });
}

/**
 * @param limitMs until it is killed
 */
function stop(limitMs = order.stopMs) {
  stopping = true;
  if (jvm === undefined) return;
  jvm.kill('SIGTERM');
  killer ??= setTimeout(() => jvm?.kill('SIGKILL'), limitMs);
}

/** Ended like one that died by itself, and started again as often. */
function restart() {
  const victim = jvm;
  if (victim === undefined || stopping) return;
  note('does not work any more; ending it');
  victim.kill('SIGTERM');
  const limit = setTimeout(() => victim.kill('SIGKILL'), order.stopMs);
  victim.once('exit', () => {
    clearTimeout(limit);
  });
}

/** @param {string | number | null} how */
function giveUp(how) {
  clearTimeout(killer);
  tell({ exit: how });
  if (process.connected) process.disconnect();
}

/** @param {string} text */
function note(text) {
  const log = openSync(order.log, 'a');
  writeSync(log, `custody-graph: Neo4j ${text}\n`);
  closeSync(log);
}

process.on('message', (message) => {
  if (message === 'stop') stop();
  if (message === 'restart') restart();
});
// A parent that was killed may be started again at once; what a killed Neo4j left is recovered from its transaction log.
process.on('disconnect', () => {
  stop(3_000);
});
process.on('SIGTERM', () => {
  stop();
});
process.on('SIGINT', () => undefined);
process.on('SIGHUP', () => undefined);
start();
