import { COMMIT_CURSOR, COMMITTED_CURSOR, connect } from '@custody-graph/client';

const { CUSTODY_URL: url, CUSTODY_KEY: authorization } = process.env;
const custody = connect({ url, authorization });
const name = 'my-consumer';
const { committedCursor } = await custody.ask(COMMITTED_CURSOR, { name });
for await (const message of custody.changes({ after: committedCursor?.cursor })) {
  if (message.kind !== null) console.log(JSON.stringify(message)); // what you do with it
  await custody.ask(COMMIT_CURSOR, { name, cursor: message.cursor }).catch(console.error);
}
