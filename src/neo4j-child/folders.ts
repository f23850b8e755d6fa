import { join, resolve } from 'node:path';

/** The files and folders of an embedded Neo4j. */
export interface Folders {
  readonly root: string;
  readonly home: string;
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
    conf: join(root, 'conf'),
    lock: join(root, 'lock.json'),
    running: join(root, 'running.json'),
    password: join(root, 'password'),
    console: join(root, 'console.log'),
  };
}
