import type { TestApp } from '../support/app-for-tests.js';

export const PROCEED = { 'GS1-Capture-Error-Behaviour': 'proceed' };

export interface Captured {
  readonly __typename: string;
  readonly jobId?: string;
  readonly captured?: number;
  readonly repeated?: number;
  readonly eventIds?: string[];
  readonly faults: {
    code: string;
    pointer: string;
    found: string;
    expected: string;
    remedy: string;
  }[];
}

export async function captureEvents(
  app: TestApp,
  document: unknown,
  errorBehaviour?: string,
): Promise<Captured> {
  const query = `mutation ($document: JSON!, $errorBehaviour: CaptureErrorBehaviour! = ROLLBACK) {
    captureEvents(document: $document, errorBehaviour: $errorBehaviour) {
      __typename
      ... on CaptureAccepted { jobId captured repeated eventIds faults { code pointer found expected remedy } }
      ... on CaptureRejected { faults { code pointer found expected remedy } }
    }
  }`;
  const variables = errorBehaviour === undefined ? { document } : { document, errorBehaviour };
  const { data, errors } = await app.graphql(query, variables);
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return data['captureEvents'] as Captured;
}

export interface Given {
  readonly id: string;
  readonly retracted: boolean;
  readonly document: Record<string, unknown>;
  readonly declarations: readonly { reason: string | null; document: Record<string, unknown> }[];
}

export async function eventOf(app: TestApp, id: string): Promise<Given | null> {
  const query = `query ($id: ID!) {
    event(id: $id) { id: eventId retracted document declarations { reason document } }
  }`;
  const { data, errors } = await app.graphql(query, { id });
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return data['event'] as Given | null;
}

export async function idsStored(app: TestApp): Promise<string[]> {
  const { data } = await app.graphql('{ events(first: 100) { nodes { id: eventId } } }');
  return (data['events'] as { nodes: { id: string }[] }).nodes.map(({ id }) => id).sort();
}

export async function jobAt(
  app: TestApp,
  path: string,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(`${app.url}${path}`);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
