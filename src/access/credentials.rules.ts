/** What a request or a socket presents to say who it is. */
export interface Credentials {
  /** A key or a token. */
  readonly token: string | null;
  /** The organisation as which an administrator wants to look (`x-custody-as`), as given. */
  readonly as: string | null;
}

/** Headers of a request, or the parameters of a socket. */
type Given = Readonly<Record<string, unknown>>;

/**
 * The credentials in `Authorization: Bearer` or `x-api-key`, and the organisation in `x-custody-as`. An `Authorization` of another scheme
 * counts as a wrong token, because somebody meant to say who he is.
 *
 * @see RFC 6750, 2.1
 */
export function credentialsIn(given: Given): Credentials {
  const authorization = textOf(given, 'authorization');
  const bearer = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
  return {
    token: bearer ?? authorization ?? textOf(given, 'x-api-key'),
    as: textOf(given, 'x-custody-as'),
  };
}

/** Whether somebody says who he is, and does not rely on the service being open. */
export function saysWho(given: Given): boolean {
  return credentialsIn(given).token !== null;
}

function textOf(given: Given, name: string): string | null {
  const [, value] = Object.entries(given).find(([key]) => key.toLowerCase() === name) ?? [];
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}
