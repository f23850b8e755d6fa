import { join, resolve } from 'node:path';

/** The files and folders of an embedded Neo4j. */
export interface Folders {
  readonly root: string;
  readonly home: string;
  /** The home that a restore makes. It takes the place of `home` once it is complete. */
  readonly restoring: string;
  /** The same, complete: the next who uses the folder puts it in its place. */
  readonly restored: string;
  /** The home before, until it is removed. */
  readonly replaced: string;
  readonly conf: string;
  readonly lock: string;
  readonly running: string;
  readonly password: string;
  readonly console: string;
}

/** All paths are below `<dataDir>/neo4j`. */
export function foldersOf(dataDir: string): Folders {
  const root = resolve(dataDir, 'neo4j');
  return {
    root,
    home: join(root, 'home'),
    restoring: join(root, 'restoring'),
    restored: join(root, 'restored'),
    replaced: join(root, 'replaced'),
    conf: join(root, 'conf'),
    lock: join(root, 'lock.json'),
    running: join(root, 'running.json'),
    password: join(root, 'password'),
    console: join(root, 'console.log'),
  };
}
