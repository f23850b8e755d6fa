import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Neo4jAccess } from '../src/neo4j-child/embedded-neo4j.js';

/** What statements of one name cost the writer. */
export interface StatementCost {
  readonly name: string;
  readonly runs: number;
  readonly ms: number;
  readonly rows: number;
}

/** A statement that a request ran, and when. */
export interface RecordedRead {
  readonly text: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly started: number;
  readonly ended: number;
}

/** What the service process is asked over IPC. */
export type Question = { readonly id: number } & (
  | { readonly ask: 'statements' | 'cpu' | 'memory' | 'record' | 'recorded' | 'profile' | 'stop' }
  | { readonly ask: 'profiled'; readonly file: string }
);

/** What it answers. */
export interface Answer {
  readonly statements?: readonly StatementCost[];
  readonly reads?: readonly RecordedRead[];
  /** CPU time used so far, ms. */
  readonly cpuMs?: number;
  /** Heap and buffers in use. */
  readonly bytes?: number;
  readonly url?: string;
}

type Asked = Question extends infer Q ? (Q extends Question ? Omit<Q, 'id'> : never) : never;

/** The service in a process of its own, so that it does not share an event loop with the load. */
export class ServiceProcess {
  private asked = 0;
  private readonly waiting = new Map<number, (answer: Answer) => void>();

  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {
    child.on('message', (message: Answer & { readonly id: number }) => {
      this.waiting.get(message.id)?.(message);
      this.waiting.delete(message.id);
    });
  }

  /** Starts it on that Neo4j; resolves when it says that it is ready, which it is when its statements are planned. */
  static async start(
    access: Neo4jAccess,
    settings: Readonly<Record<string, string>> = {},
  ): Promise<ServiceProcess> {
    const service = await ServiceProcess.listening(access, settings);
    while ((await fetch(`${service.url}/health/ready`)).status !== 200) await sleep(50);
    return service;
  }

  private static listening(
    { uri, user, password }: Neo4jAccess,
    settings: Readonly<Record<string, string>>,
  ): Promise<ServiceProcess> {
    const child = fork(
      fileURLToPath(new URL('service.ts', import.meta.url)),
      [uri, user, password, JSON.stringify(settings)],
      { execArgv: ['--import', 'tsx'], serialization: 'advanced' },
    );
    return new Promise((resolve, reject) => {
      child.once('message', ({ url }: Answer) => {
        resolve(new ServiceProcess(child, url ?? ''));
      });
      child.once('exit', (code) => {
        reject(new Error(`The service ended with ${String(code)}`));
      });
    });
  }

  /** Asks it something about itself. */
  ask(question: Asked): Promise<Answer> {
    const id = ++this.asked;
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      this.child.send({ ...question, id });
    });
  }

  /** Lets it finish and waits for its end. */
  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    await this.ask({ ask: 'stop' });
    await ended;
  }
}
