import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { documentOf } from './epcis.js';
import { progress } from './figures.js';
import type { Samples } from './figures.js';
import { HttpClient } from './http-client.js';
import type { Network } from './network.js';
import { AFTERWARDS, pick } from './network.js';
import { palletMove } from './workloads.js';

/** From a capture to the subscriber, ms. */
export interface LiveResult {
  /** From sending the document. */
  readonly fromPost: Samples;
  /** From the 202; below zero when the message came first. */
  readonly fromAccepted: Samples;
}

const SUBSCRIPTION = `subscription Watch {
  locationChanges { cursor seq change { eventId package { key } from { state site { key } } to { state site { key } } units } }
}`;

/** Moves pallets one after the other while somebody watches. */
export async function measureLive(
  url: string,
  network: Network,
  { run, rounds }: { readonly run: number; readonly rounds: number },
): Promise<LiveResult> {
  const http = new HttpClient(url, 1);
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
  });
  let arrived: ((at: number) => void) | undefined;
  let failure: unknown;
  client.subscribe<{ locationChanges: { change: object | null } }>(
    { query: SUBSCRIPTION },
    {
      next: ({ data, errors }) => {
        failure ??= errors;
        // A heartbeat has no change.
        if (data?.locationChanges.change !== null) arrived?.(performance.now());
      },
      error: (error) => (failure = error),
      complete: () => undefined,
    },
  );
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const pallets = network.pallets.filter(({ fate }) => fate !== 'broken');
  const begin = AFTERWARDS + run * 1_000_000_000 + 500_000_000;
  const [fromPost, fromAccepted]: [number[], number[]] = [[], []];
  for (let n = -5; n < rounds; n++) {
    progress(`subscription: ${n} of ${rounds}`);
    const pallet = pick(pallets, n + 5);
    const turn = Math.floor((n + 5) / pallets.length);
    const document = documentOf([palletMove(pallet, turn, begin + n * 1000)]);
    const message = new Promise<number>((resolve) => (arrived = resolve));
    const posted = performance.now();
    await http.capture(document);
    const accepted = performance.now();
    const at = await Promise.race([message, timeout(failure)]);
    if (n < 0) continue;
    fromPost.push(at - posted);
    fromAccepted.push(at - accepted);
  }
  await client.dispose();
  await http.close();
  return { fromPost, fromAccepted };
}

async function timeout(failure: unknown): Promise<never> {
  await new Promise((resolve) => setTimeout(resolve, 10_000).unref());
  throw new Error(`No message within ten seconds: ${JSON.stringify(failure)}`);
}
