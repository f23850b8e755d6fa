/**
 * For clients in TypeScript: makes the types of the answers from this schema and from your own questions. It is no part of the service.
 * Copy this file into your project, put the address of your service and your folders into it, and run
 *
 *     npm install --save-dev graphql typescript @graphql-codegen/cli @graphql-codegen/client-preset
 *     npx graphql-codegen --config codegen.ts
 *
 * Then `graphql('query …')` of the generated folder knows the type of each answer.
 */
const config = {
  schema: 'http://localhost:4000/schema.graphql',
  documents: ['src/**/*.{ts,tsx,graphql}'],
  ignoreNoDocuments: true,
  generates: {
    'src/custody-graph/': {
      preset: 'client',
      config: {
        strictScalars: true,
        useTypeImports: true,
        enumsAsTypes: true,
        scalars: {
          /** Milliseconds and log positions: exact up to 53 bits. */
          Long: 'number',
          /** UTC with milliseconds, `2026-03-01T08:30:00.000Z`. */
          DateTime: 'string',
          /** A day, `2026-03-01`. */
          Date: 'string',
          /** Keep it and send it back; do not read it. */
          Cursor: 'string',
          /** Whatever a source stated. Look before you use it. */
          JSON: 'unknown',
          ID: 'string',
        },
      },
    },
  },
};
export default config;
