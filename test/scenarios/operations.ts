/** The questions that expected.json of a story may ask, by name. */
export const operations: Readonly<Record<string, string>> = {
  locate: `query Locate($id: ID!, $asOf: DateTime) {
    locate(id: $id, asOf: $asOf) {
      known
      state
      site { key name }
      origin { key name }
      destination { key name }
      since
      status
      holder { key name }
      containers { key }
    }
  }`,

  journey: `query Journey($id: ID!, $includeRetracted: Boolean) {
    journey(id: $id, first: 100, includeRetracted: $includeRetracted) {
      edges { node { eventTime bizStep via { key } eventId retracted } }
    }
  }`,

  lineage: `query Lineage($id: ID!, $direction: LineageDirection!, $depth: Int) {
    lineage(id: $id, direction: $direction, depth: $depth) {
      truncated
      nodes { key kind }
      edges { kind from to since until eventId }
    }
  }`,

  package: `query Package($id: ID!) {
    package: packageById(id: $id) {
      status
      lot { lot }
      persistentDispositions
      exceptions { code at eventId }
    }
  }`,

  recallScope: `fragment Row on RecallRow {
    state
    site { name }
    holder { name }
    status
    units
    containers
  }
  query RecallScope($input: RecallScopeInput!) {
    recallScope(input: $input) {
      completeness { complete reasons gaps { code } }
      totals { units containers ended }
      rows { ...Row }
      inTransit { from { name } to { name } units containers }
      consignees { party { name } depth holdingNow inbound everHeld }
      unitsWithoutLot { units rows { ...Row } }
    }
  }`,
};
