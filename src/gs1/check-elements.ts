import { APPLICATION_IDENTIFIERS, matchesAi } from './application-identifiers.js';
import type { AiComponent, ApplicationIdentifier } from './application-identifiers.js';
import { firstOutside } from './characters.js';
import { judgeByRule } from './element-rules.js';
import type { RuleFault } from './element-rules.js';
import { quoted, SET_NAMES } from './parsed.js';
import type { IdentifierFaultCode } from './parsed.js';

/** An application identifier and its value, decoded. */
export interface Element {
  readonly ai: string;
  readonly value: string;
}

/** What is wrong with an element string. */
export interface ElementFault {
  readonly code: IdentifierFaultCode;
  /** Index of the element from 0; null when the text could not be split into elements. */
  readonly element: number | null;
  readonly ai: string | null;
  /** From 1, in the parsed text if there was one, otherwise in the value of the element. */
  readonly position: number;
  readonly found: string;
  readonly rule: string;
  readonly remedy: string;
}

/** The fault in one or two sentences, for people. */
export function elementFaultMessage(fault: ElementFault): string {
  const name = APPLICATION_IDENTIFIERS.get(fault.ai ?? '')?.name;
  const who = fault.ai === null ? 'The element string' : `(${fault.ai})${name ? ` ${name}` : ''}`;
  return `${who} ${fault.rule}; found ${quoted(fault.found)} at position ${fault.position}. ${fault.remedy}`;
}

/**
 * Checks each element alone (the AI exists; length, characters and content are right) and all of
 * them together (one AI with two values, AIs that exclude each other, AIs that need another one).
 * Empty when all is well. A required AI may be in another barcode of the same item, so give the
 * elements of all its barcodes.
 *
 * @see GS1 General Specifications 3, 4.13 (invalid pairs) and 4.14 (mandatory associations)
 */
export function checkElements(elements: readonly Element[]): readonly ElementFault[] {
  const ais = [...new Set(elements.map(({ ai }) => ai))];
  return [
    ...checkContents(elements),
    ...elements.flatMap((element, at) => faultsOfPairing(element, at, ais)),
  ];
}

/** Like {@link checkElements}, but without AIs that exclude or need each other. */
export function checkContents(elements: readonly Element[]): readonly ElementFault[] {
  return [...elements.flatMap(faultOfContent), ...faultsOfRepeats(elements)];
}

function faultOfContent(element: Element, at: number): readonly ElementFault[] {
  const spec = APPLICATION_IDENTIFIERS.get(element.ai);
  const found =
    spec === undefined
      ? {
          code: 'UNKNOWN_FORM' as const,
          at: 0,
          rule: 'is not an application identifier of GS1',
          remedy: 'Correct the AI.',
        }
      : (faultOfLength(spec, element.value) ?? faultOfComponents(spec, element.value));
  return found === null ? [] : [place(found, element, at)];
}

function place(found: RuleFault, element: Element, at: number): ElementFault {
  const { code, rule, remedy } = found;
  return {
    code,
    element: at,
    ai: element.ai,
    position: found.at + 1,
    found: element.value,
    rule,
    remedy,
  };
}

function faultOfLength(spec: ApplicationIdentifier, value: string): RuleFault | null {
  const least = sum(
    spec.components.filter(({ optional }) => !optional).map((one) => one.minLength),
  );
  const most = sum(spec.components.map(({ maxLength }) => maxLength));
  if (value.length >= least && value.length <= most) return null;
  const wanted = least === most ? `${most}` : `${least} to ${most}`;
  return wrongLength(`has ${wanted} characters, not ${value.length}`, value, most);
}

function wrongLength(rule: string, value: string, most: number): RuleFault {
  const isLong = value.length > most;
  return {
    code: 'LENGTH',
    at: Math.min(most, value.length),
    rule,
    remedy: isLong
      ? 'In a scan, the FNC1 separator (GS, code 29) after it may have been lost.'
      : 'In a scan, the end may have been cut off.',
  };
}

function faultOfComponents(spec: ApplicationIdentifier, value: string): RuleFault | null {
  let at = 0;
  for (const component of spec.components) {
    if (component.optional && at === value.length) return null;
    const text = value.slice(at, at + component.maxLength);
    const found = faultOfComponent(component, text);
    if (found !== null) return { ...found, at: found.at + at };
    at += text.length;
  }
  return null;
}

function faultOfComponent(component: AiComponent, text: string): RuleFault | null {
  if (text.length < component.minLength)
    return {
      ...wrongLength(
        `ends in a part of ${component.minLength} characters, not ${text.length}`,
        text,
        component.maxLength,
      ),
      at: 0,
    };
  const outside = outsideOf(component, text);
  if (outside >= 0)
    return {
      code: 'CHARACTER',
      at: outside,
      rule: `does not allow ${quoted(text.charAt(outside))} here (${SET_NAMES[component.set]})`,
      remedy: 'Scan or type it again.',
    };
  for (const rule of component.rules) {
    const found = judgeByRule(rule, text);
    if (found !== null) return found;
  }
  return null;
}

/** In set 64, "=" is only padding at the end. */
function outsideOf(component: AiComponent, text: string): number {
  const outside = firstOutside(text, component.set);
  if (outside >= 0 || component.set !== 'Z') return outside;
  const first = text.indexOf('=');
  return first >= 0 && /[^=]/.test(text.slice(first)) ? first : -1;
}

function faultsOfRepeats(elements: readonly Element[]): readonly ElementFault[] {
  const first = new Map<string, string>();
  const faults: ElementFault[] = [];
  elements.forEach((element, at) => {
    const before = first.get(element.ai);
    if (before === undefined) first.set(element.ai, element.value);
    else if (before !== element.value)
      faults.push({
        ...place(
          {
            code: 'AMBIGUOUS',
            at: 0,
            rule: `appears twice with different values, first ${quoted(before)}`,
            remedy: 'Give one of them; two items were scanned as one.',
          },
          element,
          at,
        ),
      });
  });
  return faults;
}

function faultsOfPairing(
  element: Element,
  at: number,
  ais: readonly string[],
): readonly ElementFault[] {
  const spec = APPLICATION_IDENTIFIERS.get(element.ai);
  if (spec === undefined) return [];
  const others = ais.filter((ai) => ai !== element.ai);
  const rivals = others.filter((ai) => spec.excludes.some((pattern) => matchesAi(pattern, ai)));
  const faults = rivals.map((ai) =>
    pairing(`cannot be used with (${ai})`, `Leave out (${element.ai}) or (${ai}).`),
  );
  if (!isAccompanied(spec, others)) {
    const groups = spec.requires.map((group) => group.map((ai) => `(${ai})`).join(' with '));
    faults.push(pairing(`needs ${groups.join(', or ')}`, 'Add it, or scan the whole label.'));
  }
  return faults.map((found) => place(found, element, at));
}

function isAccompanied(spec: ApplicationIdentifier, others: readonly string[]): boolean {
  if (spec.requires.length === 0) return true;
  return spec.requires.some((group) =>
    group.every((pattern) => others.some((ai) => matchesAi(pattern, ai))),
  );
}

function pairing(rule: string, remedy: string): RuleFault {
  return { code: 'PAIRING', at: 0, rule, remedy };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
