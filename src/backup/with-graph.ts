import { openGraph } from '../graph/graph.js';
import type { Graph } from '../graph/graph.js';
import { runNeo4j } from '../neo4j-child/embedded-neo4j.js';
import type { EmbeddedNeo4jOptions } from '../neo4j-child/embedded-neo4j.js';
import type { Folders } from '../neo4j-child/folders.js';

/** Starts Neo4j in a locked folder, asks it, and stops it normally. */
export async function withGraph<T>(
  options: EmbeddedNeo4jOptions,
  folders: Folders,
  work: (graph: Graph) => Promise<T>,
): Promise<T> {
  const neo4j = await runNeo4j(options, folders);
  const graph = openGraph(neo4j);
  try {
    return await work(graph);
  } finally {
    await graph.close();
    await neo4j.stop();
  }
}
