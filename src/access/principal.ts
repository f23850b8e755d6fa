/** Who asks or writes. Today that is always whoever runs this service; partners come with accounts of their own. */
export interface Principal {
  readonly kind: 'HOST';
  /** Stands with what was captured: who sent it. */
  readonly subject: string;
}

/** Whoever runs this service: sees everything. */
export const HOST: Principal = { kind: 'HOST', subject: 'host' };

/** Who sent a request. Every entry point asks here: GraphQL over HTTP and WebSocket, the EPCIS routes and sockets, barcodes, serials. */
export function identify(): Principal {
  return HOST;
}
