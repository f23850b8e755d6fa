import type { EpcisEvent, SensorElement } from '../epcis/event.js';
import type { Prefixes } from '../epcis/namespaces.js';
import { standardFields } from '../epcis/readers.js';
import { keyOfUri } from '../gs1/identifier.js';
import { namesOfField } from './field-name.rules.js';
import type { FieldScope } from './words.js';

/** A scalar value of an extension field, as in JSON. */
export type Scalar = string | number | boolean;

/** An extension field of an event, with the scalar values directly in it. */
export interface ExtensionField {
  readonly scope: FieldScope;
  /** True inside another extension field. */
  readonly inner: boolean;
  /** The name with its prefix resolved, and the name as written. */
  readonly names: readonly string[];
  readonly values: readonly Scalar[];
}

type Json = Readonly<Record<string, unknown>>;

/** The canonical key of a URI, or the text itself. */
export function keyOf(text: string): string {
  return keyOfUri(text) ?? text;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a field is empty, because EXISTS_ wants fields that are not (EPCIS 2.0 section 8.2.7.1). An empty text counts as a value. */
export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/** Sensor elements of an event. */
export function sensorsOf(event: EpcisEvent): readonly SensorElement[] {
  return standardFields(event).sensorElementList ?? [];
}

/** Every extension field of an event, including those in `ilmd`, places, sensor elements and the error declaration. */
export function extensionFields(event: EpcisEvent, prefixes: Prefixes): readonly ExtensionField[] {
  const found: ExtensionField[] = [];
  const collect = (scope: FieldScope, holder: unknown): void => {
    if (isObject(holder)) collectFields({ scope, prefixes, found }, holder, false);
  };
  const fields = standardFields(event);
  collect('event', event);
  collect('ilmd', fields.ilmd);
  collect('readPoint', fields.readPoint);
  collect('bizLocation', fields.bizLocation);
  collect('errorDeclaration', event.errorDeclaration);
  for (const element of sensorsOf(event)) {
    collect('sensorElement', element);
    collect('sensorMetadata', element.sensorMetadata);
    for (const report of element.sensorReport) collect('sensorReport', report);
  }
  return found;
}

interface Collecting {
  readonly scope: FieldScope;
  readonly prefixes: Prefixes;
  readonly found: ExtensionField[];
}

function collectFields(to: Collecting, holder: Json, inner: boolean): void {
  for (const name of Object.keys(holder)) {
    if (!name.includes(':')) {
      // A field without a namespace cannot be queried, but it may hold others that can.
      if (inner) collectInside(to, holder[name]);
      continue;
    }
    const value = holder[name];
    if (isEmpty(value)) continue;
    to.found.push({
      scope: to.scope,
      inner,
      names: namesOfField(name, to.prefixes),
      values: scalarsOf(value),
    });
    collectInside(to, value);
  }
}

function collectInside(to: Collecting, value: unknown): void {
  if (Array.isArray(value)) for (const one of value) collectInside(to, one);
  else if (isObject(value)) collectFields(to, value, true);
}

const TEXT_OF_OBJECT = ['@value', '@id', '#text'];

/** The scalars of a value: the value itself, those of a list, or those of a JSON-LD value object. */
function scalarsOf(value: unknown): readonly Scalar[] {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return [value];
  if (Array.isArray(value)) return value.flatMap(scalarsOf);
  if (!isObject(value)) return [];
  return TEXT_OF_OBJECT.flatMap((name) => (name in value ? scalarsOf(value[name]) : []));
}
