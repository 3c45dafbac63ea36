import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Endpoint } from './types.js';

/** An end that has neither address nor port: of an in-memory transport. */
export const noEndpoint: Endpoint = { address: '', port: 0 };

/** The peer's end of a transport, as far as it knows it. */
export function peerEndpointOf(transport: Duplex): Endpoint {
  if (!(transport instanceof Socket)) return noEndpoint;
  return { address: transport.remoteAddress ?? '', port: transport.remotePort ?? 0 };
}

/** Our end of a transport, as far as it knows it. */
export function localEndpointOf(transport: Duplex): Endpoint {
  if (!(transport instanceof Socket)) return noEndpoint;
  return { address: transport.localAddress ?? '', port: transport.localPort ?? 0 };
}

/** Whether what listens there takes connections to any address of the machine. */
export function isEveryAddress({ address }: Endpoint): boolean {
  return address === '::' || address === '0.0.0.0';
}
