import { demand } from '../access/principal.js';
import { isPartner } from '../access/view.js';
import type { QueryDeps } from '../epcis-query/index.js';
import type { StandingQueries } from '../epcis-subscription/index.js';
import { XML_NAMESPACES } from '../epcis/xml/layout.js';
import type { XmlVersion } from '../epcis/xml/write-event.js';
import { escapedText } from '../epcis/xml/write-text.js';
import { EpcisException } from './epcis-exception.js';
import { EVENT_QUERY, MASTER_DATA_QUERY, pollQuery } from './poll-query.js';
import type { SoapRequest } from './soap-request.js';
import { subscribeQuery } from './subscribe-query.js';

/** What the operations need. */
export interface QueryControlDeps extends QueryDeps {
  readonly standing: StandingQueries;
}

const ABOUT_SUBSCRIPTIONS: readonly string[] = ['getSubscriptionIDs', 'subscribe', 'unsubscribe'];

/** Section 8.2.5 requires an empty version for a service without vendor extensions; otherwise it would be a URI of the vendor. */
const VENDOR_VERSION = '';

/**
 * Performs an operation of the query control interface. Returns its result as the XML element of that version.
 *
 * @throws Problem, EpcisException
 * @see EPCIS 1.2 section 8.2.5
 */
export async function performOperation(
  deps: QueryControlDeps,
  request: SoapRequest,
  version: XmlVersion,
): Promise<string> {
  const { standing, view } = deps;
  const result = (name: string, inside: string): string =>
    `<epcisq:${name} xmlns:epcisq="${XML_NAMESPACES.query[version]}">${inside}</epcisq:${name}>`;
  if (ABOUT_SUBSCRIPTIONS.includes(request.operation))
    demand(view.principal, 'webhooks', request.operation);
  switch (request.operation) {
    case 'getStandardVersion':
      return result('GetStandardVersionResult', version);
    case 'getVendorVersion':
      return result('GetVendorVersionResult', VENDOR_VERSION);
    case 'getQueryNames': {
      // Stored queries are the host's.
      const stored = isPartner(view) ? [] : await standing.names(view);
      const names = [EVENT_QUERY, MASTER_DATA_QUERY, ...stored];
      return result('GetQueryNamesResult', stringsXml(names));
    }
    case 'getSubscriptionIDs':
      return result('GetSubscriptionIDsResult', stringsXml(await idsOf(deps, request)));
    case 'poll':
      return pollQuery(deps, { ...request, version });
    case 'subscribe':
      await subscribeQuery(deps, request, version);
      return result('SubscribeResult', '');
    case 'unsubscribe':
      await unsubscribe(standing, request.subscriptionID);
      return result('UnsubscribeResult', '');
  }
}

/** @throws Problem NO_SUCH_NAME */
async function idsOf(
  { standing, view }: QueryControlDeps,
  { queryName }: { readonly queryName: string },
): Promise<readonly string[]> {
  if (queryName === MASTER_DATA_QUERY) return [];
  if (queryName !== EVENT_QUERY) await standing.read(view, queryName);
  return standing.subscriptionIDs(queryName);
}

async function unsubscribe(standing: StandingQueries, id: string): Promise<void> {
  if (await standing.unsubscribe(id)) return;
  throw new EpcisException(
    'NoSuchSubscriptionException',
    `There is no subscription "${id.slice(0, 200)}".`,
  );
}

function stringsXml(texts: readonly string[]): string {
  return texts.map((text) => `<string>${escapedText(text)}</string>`).join('');
}
