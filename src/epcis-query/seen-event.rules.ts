import { prefixesIn, prefixesOf, withValuesExpanded } from '../epcis/namespaces.js';
import type { Declared } from '../epcis/namespaces.js';
import { jsonAsWritten } from '../epcis/write-numbers.js';
import { cutEvent } from '../events/index.js';
import type { SeenOfEvent } from '../events/index.js';

/** An event as it is stored: its JSON text, and the prefixes that its document declared. */
interface Stored {
  readonly text: string;
  readonly context: string | null;
  readonly seen?: SeenOfEvent;
}

const NAMESPACE = 'urn:custody-graph:epcis';

/** Lists that an event of its type must have by the schema of EPCIS 2.0, also when they are empty. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  ObjectEvent: ['epcList'],
  AggregationEvent: ['childEPCs'],
  AssociationEvent: ['childEPCs'],
  TransformationEvent: ['inputEPCList', 'outputEPCList'],
};

/**
 * A stored event as the one who asks sees it. What is not seen whole is written anew ({@link cutEvent}) and stays valid by the schemas of
 * EPCIS. From here on, the rest of it is nowhere, so no condition can find it.
 */
export function asSeen<S extends Stored>(stored: S): S {
  const { text, context, seen } = stored;
  if (seen?.whole !== false) return stored;
  const event = JSON.parse(text) as Record<string, unknown>;
  const declared = prefixesOf(
    context === null ? undefined : JSON.parse(context),
    event['@context'],
  );
  const { 'cg:redacted': redacted, ...cut } = cutEvent(withValuesExpanded(event, declared), seen);
  Reflect.deleteProperty(cut, '@context');
  for (const list of NEEDED[String(cut['type'])] ?? []) cut[list] ??= [];
  const used = bindings(JSON.stringify(cut), declared);
  const prefix = freePrefix(used);
  return {
    ...stored,
    text: jsonAsWritten({ ...cut, [`${prefix}:redacted`]: redacted }, text),
    context: JSON.stringify({ ...used, [prefix]: NAMESPACE }),
  };
}

/** The prefixes that a text uses, with their namespaces. */
function bindings(text: string, declared: Declared): Record<string, string> {
  const used = prefixesIn(text);
  return Object.fromEntries([...declared].filter(([prefix]) => used.has(prefix)));
}

/** `cg`, unless the event means something else by it. */
function freePrefix(used: Readonly<Record<string, string>>): string {
  let prefix = 'cg';
  while ((used[prefix] ?? NAMESPACE) !== NAMESPACE) prefix += 'g';
  return prefix;
}
