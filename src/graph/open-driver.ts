import neo4j from 'neo4j-driver';
import type { Driver } from 'neo4j-driver';

/** How the driver reaches Neo4j. */
export interface DriverOptions {
  /** `bolt://` for one server, `neo4j://` for a cluster (see `cluster.ts`). */
  readonly uri: string;
  readonly user: string;
  readonly password: string;
  /** Longest wait for a free connection, ms; default 5,000. */
  readonly acquireTimeoutMs?: number;
  /** How long a write is retried after transient faults, ms; default 15,000. */
  readonly retryMs?: number;
  /** Called with Neo4j's notifications about a statement (unknown label, cartesian product …). They are off without it. */
  readonly onNotification?: (statement: string, notification: string) => void;
}

/** Opens a driver with at most `size` connections to each server. */
export function openDriver(options: DriverOptions, size: number): Driver {
  return neo4j.driver(options.uri, neo4j.auth.basic(options.user, options.password), {
    disableLosslessIntegers: true,
    telemetryDisabled: true,
    fetchSize: 5000,
    maxConnectionPoolSize: size,
    connectionAcquisitionTimeout: options.acquireTimeoutMs ?? 5_000,
    connectionTimeout: 5_000,
    connectionLivenessCheckTimeout: 30_000,
    maxTransactionRetryTime: options.retryMs ?? 15_000,
    ...(options.onNotification === undefined
      ? { notificationFilter: { minimumSeverityLevel: 'OFF' as const } }
      : {}),
  });
}
