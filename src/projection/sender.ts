import type { GraphTransaction } from '../graph/transaction.js';

type Statement = Parameters<GraphTransaction['start']>[0];

/** Sends statements without waiting. */
export class Sender {
  private readonly pending: Promise<unknown>[] = [];

  constructor(private readonly tx: GraphTransaction) {}

  send(statement: Statement, params: Readonly<Record<string, unknown>>): void {
    this.pending.push(this.tx.start(statement, params));
  }

  rows(statement: Statement, rows: readonly unknown[]): void {
    if (rows.length > 0) this.send(statement, { rows });
  }

  groups(statement: Statement, groups: readonly unknown[]): void {
    if (groups.length > 0) this.send(statement, { groups });
  }

  ids(statement: Statement, ids: readonly string[]): void {
    if (ids.length > 0) this.send(statement, { ids });
  }

  async done(): Promise<void> {
    await Promise.all(this.pending);
  }
}
