import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { chown, mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../src/neo4j-child/free-port.js';
import { load } from './load.js';
import { STATUS } from './naive.js';
import type { BenchEvent, Network } from './network.js';
import { REGISTER } from './network.js';
import { peer } from './peers.js';
import { ANSWERS, INSERTS, SCHEMA } from './postgres-statements.js';
import type { Rival } from './questions.js';

/** PostgreSQL with the same events in tables. */
export interface PostgresRival extends Rival {
  readonly load: (network: Network) => Promise<number>;
  readonly close: () => Promise<void>;
}

/** What we use of `pg`. */
interface Client {
  connect(): Promise<void>;
  query(text: string, values?: readonly unknown[]): Promise<{ rows: unknown[] }>;
  query(config: { name: string; text: string; values: unknown[] }): Promise<{ rows: unknown[] }>;
  end(): Promise<void>;
}
type ClientClass = new (options: object) => Client;

/** Starts one in `.data/bench`, that ends and goes with the run; undefined where PostgreSQL is not installed. */
export async function startPostgres(): Promise<PostgresRival | undefined> {
  const bin = findPostgres();
  if (bin === undefined) return undefined;
  const folder = resolve('.data', 'bench', `postgres-${process.pid}`);
  const user = await makeFolder(folder);
  const port = await freePort(undefined);
  // Who is on this machine may ask it: it holds nothing but the network, and only while this runs.
  const made = spawnSync(`${bin}/initdb`, ['-D', folder, ...INITDB], { ...user, cwd: folder });
  if (made.status !== 0) throw new Error(`initdb failed: ${String(made.stderr)}`);
  const settings = { ...SETTINGS, port, listen_addresses: '127.0.0.1' };
  const server = spawn(
    `${bin}/postgres`,
    [
      '-D',
      folder,
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    { ...user, cwd: folder, stdio: 'ignore' },
  );
  const ended = new Promise((done) => server.once('exit', done));
  process.once('exit', () => {
    server.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  const client = await connect(port);
  for (const statement of SCHEMA) await client.query(statement);
  await client.query(INSERTS.site, [JSON.stringify(REGISTER)]);
  return {
    name: 'PostgreSQL, SQL',
    load: (network) => loadInto(client, network),
    ask: async (what, params) => {
      const values = Object.values(params);
      return (await client.query({ name: what, text: ANSWERS[what], values })).rows;
    },
    close: async () => {
      await client.end();
      server.kill('SIGINT');
      await ended;
    },
  };
}

const INITDB = ['-A', 'trust', '-U', 'bench', '-E', 'UTF8', '--locale=C', '--no-sync'];
/** About the memory that Neo4j has; no compiling, as is usual where most statements take milliseconds. */
const SETTINGS = {
  unix_socket_directories: '',
  shared_buffers: '2GB',
  effective_cache_size: '4GB',
  work_mem: '256MB',
  max_wal_size: '4GB',
  jit: 'off',
};

/** Debian's folder of the newest version. */
function findPostgres(): string | undefined {
  const root = '/usr/lib/postgresql';
  try {
    const newest = Math.max(...readdirSync(root).map(Number));
    return Number.isFinite(newest) ? `${root}/${newest}/bin` : undefined;
  } catch {
    return undefined;
  }
}

/** It refuses to run as root: then it runs as the user that its package made. */
async function makeFolder(folder: string): Promise<{ uid?: number; gid?: number }> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (process.getuid?.() !== 0) return {};
  const id = (what: string): number =>
    Number(String(spawnSync('id', [what, 'postgres']).stdout).trim());
  const [uid, gid] = [id('-u'), id('-g')];
  await chown(folder, uid, gid);
  return { uid, gid };
}

async function connect(port: number): Promise<Client> {
  const { Client: Made } = peer('pg') as { Client: ClientClass };
  for (let tries = 1; ; tries++) {
    const client = new Made({ host: '127.0.0.1', port, user: 'bench', database: 'postgres' });
    try {
      await client.connect();
      return client;
    } catch (error) {
      if (tries === 100) throw error;
      await sleep(100);
    }
  }
}

async function loadInto(client: Client, network: Network): Promise<number> {
  let events = 0;
  const list = { what: 'PostgreSQL', clients: 1, events: 500 };
  const took = await load(network, list, async (document) => {
    const rows = JSON.stringify(document.map((event) => toRow(event, events++)));
    await client.query('BEGIN');
    for (const statement of INSERTS.events) await client.query(statement, [rows]);
    await client.query('COMMIT');
  });
  await client.query('VACUUM ANALYZE');
  return took;
}

function toRow({ kind, t, site, to, lot, parent, keys }: BenchEvent, id: number): object {
  const row = { id, kind, t, site: to ?? site, origin: site, status: STATUS[kind] };
  return { ...row, lot: lot?.id, parent, keys };
}
