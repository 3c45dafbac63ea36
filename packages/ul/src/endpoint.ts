import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Endpoint } from './types.js';

/** An end that has neither address nor port: of an in-memory transport. */
export const noEndpoint: Endpoint = { address: '', port: 0 };

/** The two ends of a transport, as far as it knows them. */
export function endpointsOf(transport: Duplex): { readonly peer: Endpoint; readonly local: Endpoint } {
  if (!(transport instanceof Socket)) return { peer: noEndpoint, local: noEndpoint };
  return {
    peer: { address: transport.remoteAddress ?? '', port: transport.remotePort ?? 0 },
    local: { address: transport.localAddress ?? '', port: transport.localPort ?? 0 },
  };
}
