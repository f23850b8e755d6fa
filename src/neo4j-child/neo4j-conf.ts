import { totalmem } from 'node:os';

/** Memory of a Neo4j, MiB. */
export interface Neo4jMemory {
  readonly heapMb: number;
  readonly pageCacheMb: number;
}

/**
 * Shares of this machine's memory: a quarter for the heap (512 MiB to 4 GiB), an eighth for the
 * page cache (256 MiB to 8 GiB). The rest is for Node, the system's file cache and other programs.
 * Two million units need about 600 MB of store. A long document is one transaction and needs the
 * heap: 50,000 events of one unit each took 1.2 GiB.
 */
export function memoryFor(totalMb: number = totalmem() / 2 ** 20): Neo4jMemory {
  const eighth = Math.floor(totalMb / 8);
  return {
    heapMb: Math.min(Math.max(2 * eighth, 512), 4096),
    pageCacheMb: Math.min(Math.max(eighth, 256), 8192),
  };
}

/** Settings that differ between our Neo4j instances. */
export interface Neo4jConf {
  readonly port: number;
  readonly heapMb: number;
  readonly pageCacheMb: number;
  /** Size of one transaction log file, MiB; each database reserves one at its start. */
  readonly logFileMb: number;
  /** Other settings, which override these. */
  readonly more?: Readonly<Record<string, string>> | undefined;
}

/** Text of `neo4j.conf`: bolt on loopback only, no other listener, no usage reports. */
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
    // A transaction over its share fails alone. Without this limit it would starve all others.
    'db.memory.transaction.max': `${Math.floor(heapMb * 0.65)}m`,
    'dbms.memory.transaction.total.max': `${Math.floor(heapMb * 0.8)}m`,
    // Every commit is still flushed to disk. With preallocate, a flush does not change the size of
    // the file. A checkpoint every five minutes keeps recovery after a kill short. Old logs are
    // removed early, because no incremental backup needs them.
    'db.tx_log.preallocate': 'true',
    'db.tx_log.rotation.size': `${logFileMb}m`,
    'db.tx_log.rotation.retention_policy': '1 days 1G',
    'db.checkpoint.interval.time': '5m',
    // Every writer locks the log node first; a writer that hangs must not block the others forever.
    'db.lock.acquisition.timeout': '30s',
    // Measured: at its end Neo4j waits ten seconds for clients long gone. We close ours first.
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
    // The heap starts small, so that an idle service stays small.
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
