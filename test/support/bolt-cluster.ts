/**
 * A cluster of three members, played before the one Neo4j of the tests. Each member is a port that answers ROUTE itself, takes writes
 * only as the leader, knows which commits it has, and passes everything else through.
 *
 * Bookmarks of Neo4j have the number of a transaction in them. Clients see `commit:<number>` instead, and Neo4j sees none.
 */
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import {
  BOLT,
  BoltReader,
  boltMessage,
  chunked,
  firstField,
  lastField,
  unpackAll,
  withLastField,
} from './bolt-wire.js';
import type { BoltMap, BoltMessage } from './bolt-wire.js';

/** A statement that a member was sent outside a transaction, or the beginning of a transaction. */
export interface Asked {
  readonly member: BoltMember;
  readonly isLeader: boolean;
  readonly mode: 'read' | 'write';
  /** The name of the statement; `BEGIN` for a transaction. */
  readonly name: string;
  readonly database: unknown;
  /** The newest commit whose bookmark came with it; 0 without a bookmark. */
  readonly carried: number;
  /** The newest commit of the cluster at that moment. */
  readonly newest: number;
}

/** The Neo4j behind the members. */
interface Behind {
  readonly uri: string;
  /** The only database that the members have. Behind them it is called `neo4j`. */
  readonly database: string;
}

/** Three members, of which the first leads. */
export class BoltCluster {
  /** What the members were sent, in order. */
  readonly asked: Asked[] = [];
  /** The number of the newest commit that Neo4j told of. */
  newest = 0;
  leader: BoltMember | undefined;
  readonly members: readonly [BoltMember, BoltMember, BoltMember];

  constructor(readonly behind: Behind) {
    this.members = [new BoltMember(this), new BoltMember(this), new BoltMember(this)];
    this.leader = this.members[0];
  }

  static async start(behind: Behind): Promise<BoltCluster> {
    const cluster = new BoltCluster(behind);
    for (const member of cluster.members) await member.start();
    return cluster;
  }

  get uri(): string {
    return `neo4j://${this.members[0].address}`;
  }

  get followers(): readonly BoltMember[] {
    return this.members.filter((member) => member !== this.leader);
  }

  stop(): void {
    for (const member of this.members) member.die();
  }

  /** The routing table. Dead members are in it, because a cluster does not notice at once that one has died. */
  table(): BoltMap {
    const addresses = (members: readonly BoltMember[]): string[] =>
      members.map(({ address }) => address);
    const led = this.leader === undefined ? [] : [this.leader];
    return {
      ttl: 300,
      db: this.behind.database,
      servers: [
        { role: 'ROUTE', addresses: addresses(this.members) },
        { role: 'READ', addresses: addresses(this.followers) },
        { role: 'WRITE', addresses: addresses(led) },
      ],
    };
  }
}

/** A member of the cluster. */
export class BoltMember {
  /** The newest commit that it has. A member that keeps up has all. */
  applied = Infinity;
  /** How long it waits for a commit that it does not have, ms. */
  patienceMs = 30_000;
  readonly #cluster: BoltCluster;
  readonly #sockets = new Set<Socket>();
  readonly #wakers = new Set<() => void>();
  #server: Server | undefined;
  #port = 0;
  #diesAtCommit: (() => void) | undefined;

  constructor(cluster: BoltCluster) {
    this.#cluster = cluster;
  }

  get address(): string {
    return `127.0.0.1:${this.#port}`;
  }

  /** Listens, at the same port as before if it died. */
  async start(): Promise<void> {
    this.#server = createServer((client) => {
      const { hostname, port } = new URL(this.#cluster.behind.uri);
      const behind = connect(Number(port), hostname);
      for (const [socket, other] of [
        [client, behind],
        [behind, client],
      ] as const) {
        this.#sockets.add(socket);
        socket.setNoDelay(true);
        socket.on('error', () => other.destroy());
        socket.on('close', () => {
          this.#sockets.delete(socket);
          other.destroy();
        });
      }
      new Connection(this.#cluster, this, client, behind).serve();
    });
    await new Promise<void>((resolve) => this.#server?.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Closes its port and all its connections, like a machine that lost its power. */
  die(): void {
    this.#server?.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Dies when its next commit is done, before it answers. Resolves then. */
  async dieAtCommit(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#diesAtCommit = resolve;
    });
  }

  /** @returns whether it died */
  committed(): boolean {
    if (this.#diesAtCommit === undefined) return false;
    this.die();
    this.#diesAtCommit();
    this.#diesAtCommit = undefined;
    return true;
  }

  /** Lags from now on: it has no commit that comes after this. What it has then must be an empty store, see {@link Connection}. */
  lag(): void {
    this.applied = this.#cluster.newest;
  }

  /** Has all commits again. */
  catchUp(): void {
    this.applied = Infinity;
    for (const wake of this.#wakers) wake();
  }

  /** Waits for a commit. @returns whether it has it */
  async has(commit: number): Promise<boolean> {
    if (commit <= this.applied) return true;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.patienceMs);
      this.#wakers.add(() => {
        clearTimeout(timer);
        resolve();
      });
    });
    return commit <= this.applied;
  }
}

const NOT_A_LEADER = {
  code: 'Neo.ClientError.Cluster.NotALeader',
  message: 'No write operations are allowed on this member',
};
const DATABASE_NOT_FOUND = {
  code: 'Neo.ClientError.Database.DatabaseNotFound',
  message: 'Graph not found',
};
const BOOKMARK_TIMEOUT = {
  code: 'Neo.TransientError.Transaction.BookmarkTimeout',
  message: 'The database is not up to the requested version',
};

/**
 * A connection of a client to a member. It takes one message after the other.
 *
 * A member that lags answers a read which asks for no newer commit than it has. The Neo4j behind it cannot go back in time, so such a
 * read gets no rows: it is what an empty store gives.
 */
class Connection {
  readonly #messages: BoltMessage[] = [];
  readonly #answers: BoltMessage[] = [];
  #wake = (): void => undefined;
  #answered = (): void => undefined;
  /** After our own FAILURE, everything is ignored until RESET. */
  #hasFailed = false;
  #isInTransaction = false;
  #isWriting = false;
  #givesNothing = false;

  constructor(
    private readonly cluster: BoltCluster,
    private readonly member: BoltMember,
    private readonly client: Socket,
    private readonly behind: Socket,
  ) {}

  serve(): void {
    void this.#serve().catch(() => this.client.destroy());
  }

  async #serve(): Promise<void> {
    await this.#shakeHands();
    const fromClient = new BoltReader();
    const fromServer = new BoltReader();
    this.client.on('data', (bytes: Buffer) => {
      this.#messages.push(...fromClient.take(bytes));
      this.#wake();
    });
    this.behind.on('data', (bytes: Buffer) => {
      this.#answers.push(...fromServer.take(bytes));
      this.#answered();
    });
    while (!this.client.destroyed) {
      const message = this.#messages.shift();
      if (message === undefined)
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
          this.client.once('close', resolve);
        });
      else await this.#take(message);
    }
  }

  /** Agrees on Bolt 5.0 to 5.8, whatever else the client offers. */
  async #shakeHands(): Promise<void> {
    await once(this.client, 'data');
    this.behind.write(
      Buffer.from('6060b0170008080500000000000000000000000000', 'hex').subarray(0, 20),
    );
    const [version] = (await once(this.behind, 'data')) as [Buffer];
    this.client.write(version);
  }

  async #take(message: BoltMessage): Promise<void> {
    const { signature } = message;
    if (signature === BOLT.RESET) {
      this.#hasFailed = false;
      this.#isInTransaction = false;
    }
    if (signature === BOLT.GOODBYE) this.behind.end(chunked(message.bytes));
    else if (this.#hasFailed) this.#answer(boltMessage(BOLT.IGNORED));
    else if (signature === BOLT.ROUTE)
      this.#answer(boltMessage(BOLT.SUCCESS, { rt: this.cluster.table() }));
    else if (signature === BOLT.BEGIN || (signature === BOLT.RUN && !this.#isInTransaction))
      await this.#begin(message);
    else if (signature === BOLT.COMMIT) await this.#commit(message);
    else {
      if (signature === BOLT.ROLLBACK) this.#isInTransaction = false;
      await this.#pass(message.bytes);
    }
  }

  async #begin(message: BoltMessage): Promise<void> {
    const asked = this.#noted(message);
    const { mode, isLeader, carried, database } = asked;
    if (database !== this.cluster.behind.database) this.#fail(DATABASE_NOT_FOUND);
    else if (mode === 'write' && !isLeader) this.#fail(NOT_A_LEADER);
    else if (!(await this.member.has(carried))) this.#fail(BOOKMARK_TIMEOUT);
    else {
      this.#isInTransaction = message.signature === BOLT.BEGIN;
      this.#isWriting = mode === 'write';
      this.#givesNothing = this.member.applied !== Infinity && !isLeader;
      const ours = { db: 'neo4j', bookmarks: [] };
      await this.#pass(withLastField(message, (value) => ({ ...value, ...ours })));
    }
  }

  #noted(message: BoltMessage): Asked {
    const { member, cluster } = this;
    const { mode, db, bookmarks } = lastField(message).value;
    const carried = ((bookmarks ?? []) as readonly string[]).map((one) =>
      Number(one.replace('commit:', '')),
    );
    const asked: Asked = {
      member,
      isLeader: member === cluster.leader,
      mode: mode === 'r' ? 'read' : 'write',
      name: message.signature === BOLT.BEGIN ? 'BEGIN' : nameOf(String(firstField(message))),
      database: db,
      carried: Math.max(0, ...carried),
      newest: cluster.newest,
    };
    cluster.asked.push(asked);
    return asked;
  }

  async #commit(message: BoltMessage): Promise<void> {
    this.#isInTransaction = false;
    if (this.#isWriting && this.member !== this.cluster.leader) {
      this.behind.write(chunked(boltMessage(BOLT.ROLLBACK)));
      await this.#nextAnswer();
      this.#fail(NOT_A_LEADER);
      return;
    }
    await this.#pass(message.bytes, () => this.#isWriting && this.member.committed());
  }

  /** Hands a message on, and its answers back. */
  async #pass(message: Buffer, isLost = (): boolean => false): Promise<void> {
    this.behind.write(chunked(message));
    for (;;) {
      const answer = await this.#nextAnswer();
      if (answer === undefined) return;
      if (answer.signature === BOLT.RECORD) {
        if (!this.#givesNothing) this.#answer(answer.bytes);
        continue;
      }
      if (answer.signature === BOLT.FAILURE) this.#isInTransaction = false;
      const told = answer.signature === BOLT.SUCCESS ? this.#withOurBookmark(answer) : answer.bytes;
      if (!isLost()) this.#answer(told);
      return;
    }
  }

  #withOurBookmark(answer: BoltMessage): Buffer {
    const { bookmark } = lastField(answer).value;
    if (typeof bookmark !== 'string') return answer.bytes;
    const commit = commitOf(bookmark);
    this.cluster.newest = Math.max(this.cluster.newest, commit);
    const told = `commit:${Math.min(commit, this.member.applied)}`;
    return withLastField(answer, (value) => ({ ...value, bookmark: told }));
  }

  async #nextAnswer(): Promise<BoltMessage | undefined> {
    while (this.#answers.length === 0 && !this.behind.destroyed)
      await new Promise<void>((resolve) => {
        this.#answered = resolve;
        this.behind.once('close', resolve);
      });
    return this.#answers.shift();
  }

  #fail(failure: { readonly code: string; readonly message: string }): void {
    this.#hasFailed = true;
    const { code, message } = failure;
    // The fields of Bolt 5.7 and later.
    const gql = { gql_status: '50N42', description: message, diagnostic_record: {} };
    this.#answer(boltMessage(BOLT.FAILURE, { neo4j_code: code, message, ...gql }));
  }

  #answer(message: Buffer): void {
    this.client.write(chunked(message));
  }
}

/** The name of a statement of ours; the statement itself of any other. */
function nameOf(statement: string): string {
  return /\/\* (\S+) \*\//.exec(statement)?.[1] ?? statement;
}

/** The number of the transaction in a bookmark of Neo4j. */
function commitOf(bookmark: string): number {
  const values = unpackAll(Buffer.from(bookmark.replace(/^FB:/, ''), 'base64')).flat(3);
  return values.findLast((one) => typeof one === 'number') ?? 0;
}
