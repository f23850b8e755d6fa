import type { Driver } from 'neo4j-driver';

/** Connections of a driver in use and idle. The driver has no public view of them. These fields have kept their names since version 4. */
export function poolOf(driver: Driver): { inUse: number; idle: number } {
  const { _connectionProvider: provider } = driver as unknown as {
    _connectionProvider?: {
      _connectionPool?: {
        _activeResourceCounts?: Record<string, number>;
        _pools?: Record<string, { length: number }>;
      };
    };
  };
  const pool = provider?._connectionPool;
  const sum = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0);
  return {
    inUse: sum(Object.values(pool?._activeResourceCounts ?? {})),
    idle: sum(Object.values(pool?._pools ?? {}).map((p) => p.length)),
  };
}
