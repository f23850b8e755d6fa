// Neo4j plans a statement at each run as long as it mentions a name that the store does not know: a second for some. So all names are
// known from the start. A name that a statement mentions for the first time needs a migration like this (every-statement.test.ts).
UNWIND [
  'Batch', 'CaptureJob', 'Container', 'DocumentHeader', 'ErrorDeclaration', 'Event', 'Exception', 'Handoff',
  'Holding', 'ImportedFile', 'Input', 'Log', 'Lot', 'NamedQuery', 'Package', 'Party', 'Product',
  'QuerySubscription', 'RevokedPageToken', 'SchemaMigration', 'SerialAllocation', 'SerialException',
  'SerialPool', 'SerialRange', 'SerialSpace', 'Site', 'Transformation', 'Unit', 'Word'
] AS name CALL db.createLabel(name);
UNWIND [
  'ABOUT', 'CLAIMED', 'COVERS', 'DECLARES', 'FILLED', 'HELD', 'HOLDS', 'HOLDS_INSIDE', 'IN', 'MADE_FROM',
  'OF', 'OF_AHEAD', 'OF_CLASS', 'OF_CLASS_AHEAD', 'OF_QUANTITY', 'OPERATED_BY', 'PART_OF', 'RECEIVED', 'SAYS',
  'STAY', 'WITHIN'
] AS name CALL db.createRelationshipType(name);
UNWIND [
  'action', 'allocatedTo', 'allocation', 'alphabet', 'appliedAt', 'at', 'attributes', 'batchEvents',
  'bizLocation', 'bizStep', 'box', 'by', 'c', 'captured', 'checkedTo', 'checking', 'checksum', 'code',
  'context', 'correctiveEventIDs', 'count', 'createdAt', 'cur', 'curFrom', 'declarationTime', 'dest',
  'detail', 'direct', 'disposition', 'dissolvedAt', 'dropping', 'dueAt', 'endedBy', 'epcFormat',
  'errorBehaviour', 'errors', 'eventId', 'eventTime', 'eventTimeZoneOffset', 'expected', 'expiries', 'expiry',
  'failures', 'finishedAt', 'firstAt', 'firstReceivedAt', 'floor', 'format', 'from', 'fromParty', 'gcp',
  'giver', 'gtin', 'hash', 'header', 'i', 'id', 'ilmdLot', 'initialRecordTime', 'inner', 'judgesSerials', 'k',
  'key', 'kind', 'last', 'lastError', 'lastExecutedAt', 'lastNotifiedAt', 'lastReceivedAt', 'leaseAskedAt',
  'leaseBy', 'leaseUntil', 'length', 'locked', 'lot', 'mAt', 'mDiff', 'mSince', 'mStatus', 'madeAt', 'mark',
  'marked', 'meant', 'messages', 'mode', 'n', 'name', 'namespaces', 'next', 'note', 'of', 'origin', 'parts',
  'place', 'pool', 'position', 'positionAfter', 'quantity', 'query', 'queryName', 'readPoint', 'reason',
  'rebuilding', 'recordTime', 'registered', 'repeated', 'reportIfEmpty', 'requestedBy', 'retracted',
  'retryEvents', 'role', 'roles', 'schedule', 'sentBy', 'seq', 'serialsFromPools', 'shippedAt', 'since',
  'sinceRecordTime', 'site', 'skipped', 'statedAt', 'statedBy', 'statedMadeAt', 'status', 'success', 't',
  'takenAt', 'takenBy', 'taker', 'term', 'text', 'to', 'toParty', 'token', 'type', 'until', 'uom',
  'vocabularies', 'voided', 'waits', 'warnings', 'was', 'whole'
] AS name CALL db.createProperty(name);
