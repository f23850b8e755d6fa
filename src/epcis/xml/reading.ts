import type { Finding, TextPlace } from '../faults.js';
import { Faults, issueOf } from '../faults.js';
import type { NumberTexts } from '../number-texts.js';
import type { TextPlaces } from '../text-places.js';
import type { Names } from './read-names.js';
import type { XmlElement } from './xml-tree.js';

/** Characters of pointers whose places are kept. */
const MAX_MARKED = 256 * 1024 * 1024;

/** What the reading of one document shares. */
export class Reading {
  readonly faults = new Faults(true);
  readonly eventPlaces: TextPlace[] = [];

  constructor(
    readonly names: Names,
    readonly numbers: NumberTexts,
    private readonly places: TextPlaces,
    /** Offsets by JSON Pointer, where somebody wants to know. */
    private readonly offsets?: Map<string, number>,
  ) {}

  private marked = 0;

  /** Notes where in the text a JSON Pointer's value was read; of absurdly long ones no more, and what is around them tells. */
  mark(pointer: string, element: XmlElement): void {
    if (this.offsets === undefined || this.marked > MAX_MARKED) return;
    this.marked += pointer.length;
    this.offsets.set(pointer, element.offset);
  }

  /** A fault of an element. */
  fault(finding: Finding, pointer: string, found: string, element: XmlElement): void {
    this.faults.note(() => issueOf(finding, pointer, found, this.placeOf(element)));
  }

  /** Something of an element that is strange and taken. */
  warn(finding: Finding, pointer: string, found: string, element: XmlElement): void {
    this.faults.warnings.add(issueOf(finding, pointer, found, this.placeOf(element)));
  }

  placeOf({ offset }: XmlElement): TextPlace {
    return this.places.at(offset);
  }
}
