import type { Finding, TextPlace } from '../faults.js';
import { Faults, issueOf } from '../faults.js';
import type { NumberTexts } from '../number-texts.js';
import type { TextPlaces } from '../text-places.js';
import type { Names } from './read-names.js';
import type { XmlElement } from './xml-tree.js';

/** Most characters of pointers whose places are kept. */
const MAX_MARKED = 256 * 1024 * 1024;

/** The shared state of reading one document. */
export class Reading {
  readonly faults = new Faults(true);
  readonly eventPlaces: TextPlace[] = [];

  constructor(
    readonly names: Names,
    readonly numbers: NumberTexts,
    private readonly places: TextPlaces,
    /** Offsets by JSON Pointer, if they are needed. */
    private readonly offsets?: Map<string, number>,
  ) {}

  private marked = 0;

  /** Notes the place of a JSON Pointer. Beyond the limit, the place around it has to do. */
  mark(pointer: string, element: XmlElement): void {
    if (this.offsets === undefined || this.marked > MAX_MARKED) return;
    this.marked += pointer.length;
    this.offsets.set(pointer, element.offset);
  }

  /** Reports a fault of an element. */
  fault(finding: Finding, pointer: string, found: string, element: XmlElement): void {
    this.faults.note(() => issueOf(finding, pointer, found, this.placeOf(element)));
  }

  /** Reports something strange of an element, which is still accepted. */
  warn(finding: Finding, pointer: string, found: string, element: XmlElement): void {
    this.faults.warnings.add(issueOf(finding, pointer, found, this.placeOf(element)));
  }

  placeOf({ offset }: XmlElement): TextPlace {
    return this.places.at(offset);
  }
}
