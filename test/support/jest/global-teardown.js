/* eslint jsdoc/no-types: off, @typescript-eslint/explicit-module-boundary-types: off -- JavaScript: JSDoc holds the types */
/** Ends the Neo4j of global-setup.js, if it started one. */
async function teardown() {
  const { stopNeo4jOfTests } = /** @type {{ stopNeo4jOfTests?: () => Promise<void> }} */ (
    globalThis
  );
  await stopNeo4jOfTests?.();
}

export { teardown as default };
