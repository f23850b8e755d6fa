import { Kind, parse } from 'graphql';

/** A tab that the playground opens at the first visit of a browser. */
export interface DefaultTab {
  query: string;
  /** JSON. */
  variables: string;
}

/** What the tabs ask about. */
export interface FirstVisit {
  /** Whether the store has the demo. If not, the tabs ask for what the tab Capture writes. */
  demo: boolean;
  /** The end of the log now, as a cursor. The tab Live goes on from there. */
  position: string | undefined;
  /** The clock of the service. An event dated ahead of it would wait. */
  now: Date;
}

const GTIN = '09506000134352';
/** The lot of the demo's first story. */
const DEMO_LOT = { gtin: GTIN, lot: 'A2611' };

/** What the page asks the store at a first visit, to fill in {@link FirstVisit}. */
export const FIRST_QUESTION = `query FirstVisit {
  feedCursor
  lot(gtin: "${GTIN}", lot: "${DEMO_LOT.lot}") {
    id
  }
}`;

const PLANT = 'https://id.gs1.org/414/9506000100012';
const WAREHOUSE = 'https://id.gs1.org/414/0614141300013';

/**
 * The tabs of a first visit: the questions that people ask first, then Capture beside Live.
 *
 * The lines of a comment have at most 38 characters, so that they fit a phone. The root fields of
 * these operations also come first in the docs (`questions-first.ts`).
 */
export function defaultTabs({ demo, position, now }: FirstVisit): DefaultTab[] {
  const toy = `PLAY${Math.floor(now.getTime() / 1000)
    .toString(36)
    .toUpperCase()}`;
  const pack = `https://id.gs1.org/01/${GTIN}/21/${demo ? 'U0001' : toy}`;
  const lot = demo ? DEMO_LOT : { gtin: GTIN, lot: 'PLAY' };
  const hint = demo ? '' : '# No answer yet? Run Capture first.\n';
  const ask = (query: string, variables: object): DefaultTab => ({
    query: query.replace(/^(?!#)/m, hint),
    variables: json(variables),
  });
  return [
    { ...ask(RECALL, {}), variables: recalled(lot) },
    ask(WHERE, { id: pack }),
    ask(JOURNEY, { id: pack, first: 20 }),
    ask(LINEAGE, { id: pack }),
    ask(STOCK, { by: ['LOT', 'SITE', 'HOLDER', 'STATUS'], filter: {} }),
    ask(HANDOFFS, { filter: {}, first: 10 }),
    ask(EVENTS, { filter: {}, first: 10 }),
    ask(MASTER_DATA, { text: null, first: 10 }),
    { query: CAPTURE, variables: json({ document: toyDocument(toy, now) }) },
    { query: LIVE, variables: json({ filter: {}, after: position }) },
  ];
}

const RECALL = `# Who has units of this lot, and who
# had some? Change \`gtin\` and \`lot\` in
# the variables.
query Recall($input: RecallScopeInput!) {
  recallScope(input: $input) {
    completeness {
      complete
      reasons
    }
    totals {
      units
    }
    rows {
      units
      status
      state
      site {
        name
        key
      }
      holder {
        name
        key
      }
    }
    inTransit {
      units
      from {
        name
        key
      }
      to {
        name
        key
      }
    }
    consignees {
      party {
        name
        key
      }
      holdingNow
      everHeld
    }
  }
}
`;

const WHERE = `# Where is this package, and who has
# it? Change \`id\` in the variables:
# what a scanner read, an EPC URN or a
# GS1 Digital Link. Add \`asOf\` for a
# time in the past.
query Where($id: ID!, $asOf: DateTime) {
  locate(id: $id, asOf: $asOf) {
    known
    state
    status
    since
    site {
      name
      key
    }
    origin {
      name
      key
    }
    destination {
      name
      key
    }
    holder {
      name
      key
    }
    lastSeen {
      eventTime
      bizStep
      site {
        name
      }
    }
    containers {
      key
      level
    }
  }
}
`;

const JOURNEY = `# Every event that touched this
# package, itself or inside a
# container (\`via\`). Change \`id\` in
# the variables.
query Journey($id: ID!, $first: Int) {
  journey(id: $id, first: $first) {
    nodes {
      eventTime
      bizStep
      disposition
      readPoint {
        name
        key
      }
      via {
        key
      }
      eventId
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
`;

const LINEAGE = `# What it came from, and what became
# of it: containers, lots, sites, with
# names. Change \`id\` in the variables:
# a package, a lot or a product.
query Lineage($id: ID!) {
  lineage(id: $id, direction: BOTH) {
    truncated
    nodes {
      key
      kind
      site {
        name
      }
      party {
        name
      }
      lot {
        lot
        product {
          name
        }
      }
      package {
        product {
          name
        }
      }
    }
    edges {
      kind
      from
      to
      since
      until
    }
  }
}
`;

const STOCK = `# How many units are where? In the
# variables, change \`by\` (PRODUCT,
# EXPIRY_MONTH) and \`filter\` (gtins,
# sites, lots).
query Stock(
  $by: [InventoryDimension!]!
  $filter: InventoryFilter!
) {
  inventory(by: $by, filter: $filter) {
    units
    state
    status
    product {
      name
      gtin
    }
    lot {
      lot
      expiry
    }
    site {
      name
      key
    }
    holder {
      name
    }
  }
}
`;

const HANDOFFS = `# What was shipped, and what arrived
# of it? The newest comes first.
# Change \`filter\` in the variables,
# e.g. {"statuses": ["PARTIAL"]}.
query Handoffs(
  $filter: HandoffFilter
  $first: Int
) {
  handoffs(filter: $filter, first: $first) {
    nodes {
      status
      shippedAt
      lastReceivedAt
      from {
        name
        key
      }
      to {
        name
        key
      }
      unitCount {
        shipped
        received
        outstanding
        short
        over
      }
      key
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
`;

const EVENTS = `# What was captured? The newest event
# comes first. Change \`filter\` in the
# variables, e.g. {"bizSteps":
# ["shipping"]}.
query Events(
  $filter: EventFilter
  $first: Int
) {
  events(
    filter: $filter
    first: $first
    orderBy: { direction: DESC }
  ) {
    nodes {
      eventTime
      type
      action
      bizStep
      disposition
      readPoint {
        name
        key
      }
      epcList {
        key
      }
      parentID {
        key
      }
      eventId
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
`;

const MASTER_DATA = `# The names behind the keys. Change
# \`text\` in the variables to the
# beginning of a name, e.g. "ced".
query MasterData($text: String, $first: Int) {
  products(first: $first, filter: { text: $text }) {
    nodes {
      name
      gtin
      manufacturer
      registered
    }
  }
  sites(first: $first, filter: { text: $text }) {
    nodes {
      name
      key
      city
      country
      operator {
        name
      }
      registered
    }
  }
  parties(first: $first, filter: { text: $text }) {
    nodes {
      name
      key
      registered
    }
  }
}
`;

const CAPTURE = `# This WRITES two events: a pack is
# made and shipped. Then run Live to
# see it. A second run changes
# nothing. For one more pack, change
# its serial (PLAY...) in the
# variables.
mutation Capture($document: JSON!) {
  captureEvents(document: $document) {
    ... on CaptureAccepted {
      captured
      repeated
      eventIds
      warnings {
        pointer
        found
        remedy
      }
    }
    ... on CaptureRejected {
      faults {
        pointer
        found
        expected
        remedy
      }
    }
  }
}
`;

const LIVE = `# Every change of place or status when
# it is captured. \`after\` also brings
# the newest one since your first
# visit: remove it to see only what
# comes. Change \`filter\`, e.g.
# {"sites": ["0614141300013"]}. A
# message without \`change\` only moves
# the cursor.
subscription Live(
  $filter: LocationFilter
  $after: Cursor
) {
  locationChanges(
    filter: $filter
    after: $after
  ) {
    cursor
    change {
      eventTime
      package {
        key
      }
      from {
        state
        site {
          name
          key
        }
      }
      to {
        state
        site {
          name
          key
        }
      }
      status
      units
    }
  }
}
`;

/** A pack that is made at the demo's plant and shipped to its wholesaler, a few minutes ago. */
function toyDocument(serial: string, now: Date): object {
  const minutesAgo = (minutes: number): string =>
    new Date(now.getTime() - minutes * 60_000).toISOString();
  const epcList = [`https://id.gs1.org/01/${GTIN}/21/${serial}`];
  const here = { readPoint: { id: PLANT }, eventTimeZoneOffset: '+00:00', epcList };
  return {
    '@context': ['https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld'],
    type: 'EPCISDocument',
    schemaVersion: '2.0',
    creationDate: now.toISOString(),
    epcisBody: {
      eventList: [
        {
          type: 'ObjectEvent',
          eventTime: minutesAgo(10),
          ...here,
          action: 'ADD',
          bizStep: 'commissioning',
          disposition: 'active',
          bizLocation: { id: PLANT },
          ilmd: { 'cbvmda:lotNumber': 'PLAY' },
        },
        {
          type: 'ObjectEvent',
          eventTime: minutesAgo(5),
          ...here,
          action: 'OBSERVE',
          bizStep: 'shipping',
          disposition: 'in_transit',
          sourceList: [{ type: 'location', source: PLANT }],
          destinationList: [{ type: 'location', destination: WAREHOUSE }],
        },
      ],
    },
  };
}

/** In lines as short and few as a phone shows them. */
function recalled({ gtin, lot }: typeof DEMO_LOT): string {
  return `{
  "input": { "lots": [{
    "gtin": "${gtin}",
    "lot": "${lot}"
  }] }
}`;
}

function json(value: object): string {
  return JSON.stringify(value, null, 2);
}

/** The root fields of the default tabs, in their order. */
export function questionsToAskFirst(): string[] {
  return defaultTabs({ demo: true, position: undefined, now: new Date(0) })
    .flatMap(({ query }) => parse(query).definitions)
    .flatMap((definition) =>
      definition.kind === Kind.OPERATION_DEFINITION && definition.operation === 'query'
        ? definition.selectionSet.selections
        : [],
    )
    .flatMap((field) => (field.kind === Kind.FIELD ? [field.name.value] : []));
}
