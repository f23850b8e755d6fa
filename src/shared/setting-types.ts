import { z } from 'zod';

/** A whole number. */
export function whole(min: number, max: number): z.ZodCoercedNumber {
  const error = `must be a whole number from ${min} to ${max}`;
  return z.coerce.number({ error }).int({ error }).min(min, { error }).max(max, { error });
}

/** True or false. */
export const yesOrNo = (): z.ZodCodec<z.ZodString, z.ZodBoolean> =>
  z.stringbool({ error: 'must be true or false' });

/** A comma-separated list. `read` returns each entry in its right form, or null for a wrong one. */
export function list(
  read: (entry: string) => string | null,
  { error }: { readonly error: string },
): z.ZodType<readonly string[]> {
  return z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((entry) => entry.trim())
        .filter((entry) => entry !== ''),
    )
    .refine((entries) => entries.every((entry) => read(entry) !== null), { error })
    .transform((entries) => entries.flatMap((entry) => read(entry) ?? []));
}

/** The hosts and networks of a list; true for all. */
export function internalDestinations(text: string): true | readonly string[] {
  const entries = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '' && entry !== 'false');
  return entries.includes('true') || entries;
}
