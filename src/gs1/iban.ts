/** The right check digits of an IBAN (ISO 13616, ISO 7064 MOD 97-10); null for any other text. */
export function expectedIban(iban: string): string | null {
  if (!/^[A-Z]{2}\d{2}[0-9A-Z]{1,30}$/.test(iban)) return null;
  const moved = `${iban.slice(4)}${iban.slice(0, 2)}00`;
  let rest = 0;
  for (const character of moved)
    for (const digit of String(parseInt(character, 36))) rest = (rest * 10 + Number(digit)) % 97;
  return String(98 - rest).padStart(2, '0');
}
