/** A number without what people write in between: its letters and digits (ASCII), in capitals. */
export function squeezed(text: string): string {
  return text.replaceAll(/[^a-z0-9]/gi, '').toUpperCase();
}
