import { totalmem } from 'node:os';

/** Memory of a Neo4j, MiB. */
export interface Neo4jMemory {
  readonly heapMb: number;
  readonly pageCacheMb: number;
}

/**
 * Shares of this machine's memory: a quarter for the heap (512 MiB to 4 GiB), an eighth for the page cache (256 MiB to
 * 8 GiB); the rest is for Node, the system's file cache and whatever else runs. Two million units take about 600 MB of store. The heap
 * is what a long document needs, which is one transaction: 50,000 events of a unit each took 1.2 GiB.
 */
export function memoryFor(totalMb: number = totalmem() / 2 ** 20): Neo4jMemory {
  const eighth = Math.floor(totalMb / 8);
  return {
    heapMb: Math.min(Math.max(2 * eighth, 512), 4096),
    pageCacheMb: Math.min(Math.max(eighth, 256), 8192),
  };
}

/** What differs from one Neo4j of ours to another. */
export interface Neo4jConf {
  readonly port: number;
  readonly heapMb: number;
  readonly pageCacheMb: number;
  /** Size of one transaction log file, MiB; each database begins by reserving one. */
  readonly logFileMb: number;
  /** Settings of one's own; they win. */
  readonly more?: Readonly<Record<string, string>> | undefined;
}

/** Text of `neo4j.conf`: bolt on loopback only, nothing else listening, nothing reported home. */
export function confText({ port, heapMb, pageCacheMb, logFileMb, more }: Neo4jConf): string {
  const settings: Record<string, string> = {
    'server.default_listen_address': '127.0.0.1',
    'server.bolt.listen_address': `127.0.0.1:${port}`,
    'server.bolt.advertised_address': `127.0.0.1:${port}`,
    'server.http.enabled': 'false',
    'server.https.enabled': 'false',
    'dbms.security.auth_enabled': 'true',
    'dbms.usage_report.enabled': 'false',
    'server.bolt.telemetry.enabled': 'false',
    'server.memory.pagecache.size': `${pageCacheMb}m`,
    // One that outgrows its share fails alone; without a limit of its own it takes the room of all the others first.
    'db.memory.transaction.max': `${Math.floor(heapMb * 0.65)}m`,
    'dbms.memory.transaction.total.max': `${Math.floor(heapMb * 0.8)}m`,
    // Every commit is still flushed to disk. Reserving the file ahead (preallocate) spares each flush the change of the
    // file's size; a checkpoint every five minutes keeps recovery after a kill short; old logs go early, as nothing here
    // takes incremental backups from them.
    'db.tx_log.preallocate': 'true',
    'db.tx_log.rotation.size': `${logFileMb}m`,
    'db.tx_log.rotation.retention_policy': '1 days 1G',
    'db.checkpoint.interval.time': '5m',
    // The log node is locked first by every writer; a writer that hangs must not hang the others for good.
    'db.lock.acquisition.timeout': '30s',
    // Measured: Neo4j waits ten seconds at its end for clients that went away long ago. We close ours first.
    'internal.dbms.bolt.netty_server_shutdown_quiet_period': '0',
    'internal.dbms.bolt.netty_server_shutdown_timeout': '2',
    'internal.server.bolt.thread_pool_shutdown_wait_time': '1s',
    ...more,
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

const opened = ['nio', 'io', 'lang', 'lang.reflect', 'lang.invoke', 'util', 'util.concurrent'];

/** Options of the JVM, after Neo4j's own list; `classPathFile` holds `-cp …`. */
export function jvmArgs(
  heapMb: number,
  classPathFile: string,
  archive: readonly string[],
): string[] {
  return [
    // Starts small, so an idle service stays small.
    `-Xms${Math.min(heapMb, 256)}m`,
    `-Xmx${heapMb}m`,
    '-XX:+UseG1GC',
    '-XX:-OmitStackTraceInFastThrow',
    '-XX:+UnlockExperimentalVMOptions',
    '-XX:+TrustFinalNonStaticFields',
    '-XX:+DisableExplicitGC',
    '-XX:+ExitOnOutOfMemoryError',
    ...opened.map((name) => `--add-opens=java.base/java.${name}=ALL-UNNAMED`),
    '--add-opens=java.base/sun.nio.ch=ALL-UNNAMED',
    '-Dio.netty.tryReflectionSetAccessible=true',
    '-Djdk.tls.ephemeralDHKeySize=2048',
    '-Dfile.encoding=UTF-8',
    '-Djava.awt.headless=true',
    '-Dlog4j2.disable.jmx=true',
    ...archive,
    `@${classPathFile}`,
  ];
}
