/** What a run of the tests can be told from outside; nothing else under test/ reads the environment. */
// eslint-disable-next-line no-restricted-properties -- the one owner, as src/config.ts is for src
const { env } = process;

/** Whether there is a night to spend: `CUSTODY_TEST_NIGHTLY=1`. */
export const nightly = env['CUSTODY_TEST_NIGHTLY'] === '1';

/** Where the standards' own files are: `CUSTODY_STANDARDS`; beside the checkout when that is not said. */
export const standards: string | undefined = env['CUSTODY_STANDARDS'];

/** Seed of the random histories: `CUSTODY_TEST_SEED`. */
export const seed = Number(env['CUSTODY_TEST_SEED'] ?? 20_261_121);

/** Where full answers are written to, to be compared (`CUSTODY_ANSWERS_DIR`); whether their digests are stored anew (`CUSTODY_ANSWERS_RECORD=1`). */
export const answersDir: string | undefined = env['CUSTODY_ANSWERS_DIR'];
export const recordAnswers = env['CUSTODY_ANSWERS_RECORD'] === '1';

/** How many random histories to try: `CUSTODY_TEST_RUNS`, or else more in a nightly run. */
export function historiesToTry(usual: {
  readonly daily: number;
  readonly nightly: number;
}): number {
  return Number(env['CUSTODY_TEST_RUNS'] ?? (nightly ? usual.nightly : usual.daily));
}
