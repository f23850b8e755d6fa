#!/usr/bin/env node
import process from 'node:process';
import { URL } from 'node:url';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(
    `Custody Graph needs Node 20.19 or later; this is ${process.versions.node}. See https://nodejs.org/en/download\n`,
  );
  process.exit(1);
}
process.setSourceMapsEnabled(true);
const { build } = await import('./build.js');
build();
/** @type {string} */
const main = new URL('../dist/cli/main.js', import.meta.url).href;
await import(main);
