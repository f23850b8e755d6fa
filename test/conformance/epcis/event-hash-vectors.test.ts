import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { eventHash, preHash } from '../../../src/epcis/event-hash.js';
import { ignoredFields, prefixesOf } from '../../../src/epcis/namespaces.js';
import type { EpcisEvent } from '../../../src/epcis/event.js';

const FOLDER = '../shared/standards/event-hash/';
const present = existsSync(FOLDER);
const names = present
  ? readdirSync(FOLDER)
      .filter((file) => file.endsWith('.jsonld'))
      .map((file) => file.replace('.jsonld', ''))
  : [];

/** These files of the folder are torn (overwritten or cut in the middle of a line); their hashes are whole. */
const TORN = new Set(['epcisDocWithAllGS1Keys', 'epcisDocWithDefaultSchemaInContext']);

interface Vector {
  '@context': unknown;
  epcisBody: {
    eventList?: EpcisEvent[];
    queryResults?: { resultsBody: { eventList: EpcisEvent[] } };
  };
}

function read(name: string): {
  events: EpcisEvent[];
  context: unknown;
  ignored: ReadonlySet<string>;
} {
  const document = JSON.parse(readFileSync(`${FOLDER}${name}.jsonld`, 'utf8')) as Vector;
  const context = document['@context'];
  const { eventList, queryResults } = document.epcisBody;
  return {
    events: eventList ?? queryResults?.resultsBody.eventList ?? [],
    context,
    ignored: ignoredFields(queryResults, prefixesOf(context)),
  };
}

function lines(file: string): string[] {
  return existsSync(FOLDER + file)
    ? readFileSync(FOLDER + file, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
    : [];
}

if (!present) {
  // eslint-disable-next-line jest/no-disabled-tests -- the vectors are not ours to ship
  it.skip(`the event hash equals the published vectors (skipped: ${FOLDER} is absent)`, () =>
    undefined);
} else {
  describe('the event hash', () => {
    it.each(names)('equals the published hashes of %s', (name) => {
      const { events, context, ignored } = read(name);
      expect(events.map((event) => eventHash(event, context, ignored))).toEqual(
        lines(`${name}.hashes`),
      );
    });

    it.each(names.filter((name) => !TORN.has(name) && existsSync(`${FOLDER}${name}.prehashes`)))(
      'digests the published text of %s',
      (name) => {
        const { events, context, ignored } = read(name);
        expect(events.map((event) => preHash(event, context, ignored))).toEqual(
          lines(`${name}.prehashes`),
        );
      },
    );
  });
}
