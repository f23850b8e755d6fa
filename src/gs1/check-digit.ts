/**
 * The check digit that follows `digits`: weights are 3, 1, 3, … from the right.
 *
 * The text must be digits; anything else gives a meaningless result.
 *
 * @see GS1 General Specifications 7.9
 */
export function checkDigit(digits: string): string {
  let sum = 0;
  let weight = 3;
  for (let index = digits.length - 1; index >= 0; index--) {
    sum += (digits.charCodeAt(index) - 48) * weight;
    weight = 4 - weight;
  }
  return String((10 - (sum % 10)) % 10);
}

/** `digits` and their check digit. */
export function withCheckDigit(digits: string): string {
  return digits + checkDigit(digits);
}

/** True when the last digit is the check digit of those before it. */
export function hasCheckDigit(digits: string): boolean {
  return checkDigit(digits.slice(0, -1)) === digits.slice(-1);
}
