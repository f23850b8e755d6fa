import { z } from 'zod';
import { issuersOf } from './issuers.rules.js';
import type { Issuer } from './issuers.rules.js';

/** The setting of issuers: a JSON array in one line. */
export function issuers(): z.ZodType<readonly Issuer[]> {
  return z
    .string()
    .default('')
    .transform((text, context) => {
      try {
        return issuersOf(text);
      } catch (error) {
        context.addIssue(error instanceof Error ? error.message : String(error));
        return z.NEVER;
      }
    });
}
