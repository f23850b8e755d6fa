/** Who asks or writes. Today this is always the host, who runs this service. Partners will get accounts of their own. */
export interface Principal {
  readonly kind: 'HOST';
  /** It is stored with everything captured, to tell who sent it. */
  readonly subject: string;
}

/** The operator of this service, who sees everything. */
export const HOST: Principal = { kind: 'HOST', subject: 'host' };

/** Tells who sent a request, for every entry point: GraphQL over HTTP and WebSocket, EPCIS routes and sockets, barcodes, serials. */
export function identify(): Principal {
  return HOST;
}
