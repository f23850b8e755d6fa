/**
 * Headers of every answer. A browser takes it for nothing but what its content type says, gives it to no page of another origin that embeds
 * it (pages in ALLOWED_ORIGINS fetch it by CORS), and does not tell others the address it came from. That it is only to be asked for over TLS
 * (HSTS) is for the proxy to say that has TLS.
 */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
};

/** Of the pages of this service and their files: they may talk only to it. */
export const PAGE_CSP = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "worker-src 'self'",
  "connect-src 'self' ws: wss:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
