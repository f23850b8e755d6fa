import { writtenOperation } from './operation';

/** What the editors hold. */
export interface EditorContents {
  query: string;
  operationName: string | undefined;
  variables: Record<string, unknown> | undefined;
  headers: Record<string, unknown> | undefined;
}

/** A command for a POSIX shell that sends the operation; undefined for a subscription, which curl cannot follow. */
export function asCurl(url: URL, contents: EditorContents): string | undefined {
  if (isSubscription(contents)) return undefined;
  const headers = Object.entries(httpHeaders(contents)).map(
    ([name, value]) => `  -H ${shellQuoted(`${name}: ${value}`)} \\\n`,
  );
  const body = JSON.stringify(payload(contents));
  return `curl -sS ${shellQuoted(url.href)} \\\n${headers.join('')}  --data-raw ${shellQuoted(body)}\n`;
}

/** A TypeScript module that sends the operation and prints the answer, or every message of a subscription. */
export function asTypeScript(url: URL, contents: EditorContents): string {
  return isSubscription(contents) ? graphqlWsModule(url, contents) : fetchModule(url, contents);
}

function fetchModule(url: URL, contents: EditorContents): string {
  return `const response = await fetch(${JSON.stringify(url.href)}, {
  method: 'POST',
  headers: ${indented(httpHeaders(contents), 2)},
  body: JSON.stringify({
${fields(contents, 4)}  }),
});
const answer: unknown = await response.json();
console.log(JSON.stringify(answer, null, 2));

export {};
`;
}

function graphqlWsModule(url: URL, contents: EditorContents): string {
  const parameters = contents.headers
    ? `  connectionParams: ${indented(contents.headers, 2)},\n`
    : '';
  return `// npm install graphql-ws. Node.js 20 has no WebSocket: install ws, too, and pass it as webSocketImpl.
import { createClient } from 'graphql-ws';

// This ends when the connection breaks. To go on without a gap, send the last cursor as \`after\`.
const client = createClient({
  url: ${JSON.stringify(url.href.replace(/^http/, 'ws'))},
${parameters}  retryAttempts: 0,
});
const messages = client.iterate({
${fields(contents, 2)}});
for await (const message of messages) console.log(JSON.stringify(message, null, 2));
`;
}

function fields(contents: EditorContents, indent: number): string {
  const { operationName, query, variables } = payload(contents);
  const at = ' '.repeat(indent);
  const name = operationName === undefined ? '' : `${at}operationName: '${operationName}',\n`;
  const values = variables === undefined ? '' : `${at}variables: ${indented(variables, indent)},\n`;
  return `${name}${at}query: \`${query.replace(/[\\`]|\$\{/g, '\\$&')}\`,\n${values}`;
}

function payload({ query, operationName, variables }: EditorContents): {
  operationName?: string | undefined;
  query: string;
  variables?: Record<string, unknown> | undefined;
} {
  const name = writtenOperation(query, operationName)?.operation.name?.value;
  return { operationName: name, query, variables };
}

function httpHeaders({ headers = {} }: EditorContents): Record<string, string> {
  const own = Object.entries(headers).map(([name, value]) => [name, String(value)] as const);
  const typed = own.some(([name]) => name.toLowerCase() === 'content-type');
  return Object.fromEntries([
    ...(typed ? [] : [['content-type', 'application/json'] as const]),
    ...own,
  ]);
}

function isSubscription({ query, operationName }: EditorContents): boolean {
  return writtenOperation(query, operationName)?.operation.operation === 'subscription';
}

/** Between single quotes a shell reads everything as it is, so a single quote itself is written outside of them. */
function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function indented(value: object, indent: number): string {
  return JSON.stringify(value, null, 2).replaceAll('\n', `\n${' '.repeat(indent)}`);
}
