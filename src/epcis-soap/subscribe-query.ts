import type { View } from '../access/view.js';
import type { StandingQueries, WebhookControls, XmlFormat } from '../epcis-subscription/index.js';
import { parseSchedule } from '../epcis-subscription/index.js';
import { epochMillis } from '../epcis/formats.js';
import type { XmlVersion } from '../epcis/xml/write-event.js';
import { isProblem } from '../shared/problem.js';
import { EpcisException } from './epcis-exception.js';
import { EVENT_QUERY, MASTER_DATA_QUERY, eventQueryOf } from './poll-query.js';
import type { GivenControls, SoapRequest } from './soap-request.js';

/** The only trigger of this service: whenever something was captured. EPCIS 1.2 section 8.2.5.3 leaves triggers to the service. */
const STREAM_TRIGGER = 'stream';

const MAX_TEXT = 2000;
const FORMATS: Readonly<Record<XmlVersion, XmlFormat>> = { '1.2': 'XML 1.2', '2.0': 'XML 2.0' };

type SubscribeRequest = Extract<SoapRequest, { operation: 'subscribe' }>;

/**
 * Makes a standing query. Its results are sent to `dest` as EPCISQueryDocument in XML, with identifiers and CBV words as URNs.
 *
 * @throws EpcisException SubscribeNotPermittedException, InvalidURIException, SubscriptionControlsException,
 *   DuplicateSubscriptionException; Problem NO_SUCH_NAME, QUERY_PARAMETER, SUBSCRIPTION_CONTROLS
 * @see EPCIS 1.2 section 8.2.5, subscribe
 */
export async function subscribeQuery(
  { standing, view }: { readonly standing: StandingQueries; readonly view: View },
  { queryName, params, dest, controls, subscriptionID }: SubscribeRequest,
  version: XmlVersion,
): Promise<void> {
  if (queryName === MASTER_DATA_QUERY)
    throw new EpcisException('SubscribeNotPermittedException', `${queryName} can only be polled.`);
  await eventQueryOf({ standing, view }, queryName, params);
  if (subscriptionID.length > MAX_TEXT)
    throw new EpcisException(
      'ValidationException',
      `subscriptionID has more than ${MAX_TEXT} characters.`,
    );
  const { parameters, namespaces } = params;
  const isOwn = queryName === EVENT_QUERY;
  const subscription = {
    id: subscriptionID,
    queryName,
    ...(isOwn ? { own: { query: Object.fromEntries(parameters), namespaces } } : {}),
    controls: controlsOf(controls, dest, version),
  };
  try {
    await standing.subscribe(subscription);
  } catch (error) {
    throw inOwnWords(error, subscriptionID);
  }
}

/** Translates refusals of the subscription feature for which EPCIS 1.2 has an exception of its own. */
function inOwnWords(error: unknown, subscriptionID: string): unknown {
  if (isProblem(error, 'CONFLICT'))
    return new EpcisException(
      'DuplicateSubscriptionException',
      `There is a subscription "${subscriptionID}" already.`,
    );
  const isDest =
    isProblem(error, 'SUBSCRIPTION_CONTROLS') && error.details?.['parameter'] === 'dest';
  return isDest ? new EpcisException('InvalidURIException', error.message) : error;
}

function controlsOf(controls: GivenControls, dest: string, version: XmlVersion): WebhookControls {
  const { schedule, trigger, initialRecordTime, reportIfEmpty } = controls;
  if (dest.length > MAX_TEXT || !URL.canParse(dest))
    throw new EpcisException(
      'InvalidURIException',
      'dest must be the URL that results are sent to, https://host/path.',
    );
  if ((schedule === undefined) === (trigger === undefined))
    throw controlsFault('Write either schedule or trigger.');
  if (trigger !== undefined && trigger !== STREAM_TRIGGER)
    throw controlsFault(
      `The trigger "${trigger.slice(0, 200)}" is unknown. The only trigger is "${STREAM_TRIGGER}": whenever events were captured.`,
    );
  return {
    dest,
    token: null,
    schedule: schedule === undefined ? null : parseSchedule(schedule),
    reportIfEmpty: booleanOf(reportIfEmpty),
    initialRecordTime: initialRecordTime === undefined ? null : timeOf(initialRecordTime),
    epcFormat: 'Always_EPC_URN',
    format: FORMATS[version],
  };
}

function booleanOf(text = ''): boolean {
  if (text === 'true' || text === '1') return true;
  if (text === 'false' || text === '0') return false;
  throw controlsFault('reportIfEmpty must be true or false.');
}

function timeOf(text: string): number {
  const ms = epochMillis(text);
  if (ms !== null) return ms;
  throw controlsFault('initialRecordTime must be an instant with its offset.');
}

function controlsFault(reason: string): EpcisException {
  return new EpcisException('SubscriptionControlsException', reason);
}
