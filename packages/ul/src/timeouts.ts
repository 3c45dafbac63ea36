/** How long each wait of an association may take. Milliseconds; 0 is no limit. */

/** The waits that requestor and acceptor have in common. */
export interface TimeoutOptions {
  /** For the TLS handshake, milliseconds; then the connection is closed. Default 10000. */
  readonly handshakeTimeoutMs?: number | undefined;
  /** From the first byte of a PDU to its last, milliseconds; then A-ABORT. Default 60000. */
  readonly pduTimeoutMs?: number | undefined;
  /** For the peer to take what was written, milliseconds; then the transport is closed. Default 60000. */
  readonly writeTimeoutMs?: number | undefined;
  /**
   * Without any PDU while no operation is under way, milliseconds; then a requestor releases and an acceptor aborts.
   * Default 600000.
   */
  readonly idleTimeoutMs?: number | undefined;
  /**
   * For the A-RELEASE-RP, milliseconds; then A-ABORT. The same for operations under way here that keep us from answering the
   * peer's A-RELEASE-RQ. Default 30000.
   */
  readonly releaseTimeoutMs?: number | undefined;
  /** For the local receiver to take anything while reading is paused, milliseconds; then A-ABORT. Default 60000. */
  readonly stallTimeoutMs?: number | undefined;
  /**
   * For the peer to close the transport once the association is over (ARTIM in Sta13), milliseconds; then we close it.
   * Default 5000.
   */
  readonly closeTimeoutMs?: number | undefined;
}

/** All waits, decided. */
export interface Timeouts {
  readonly connectMs: number;
  readonly handshakeMs: number;
  /** ARTIM of an acceptor, reply of a requestor: everything before acceptance. */
  readonly associationMs: number;
  readonly pduMs: number;
  readonly writeMs: number;
  readonly idleMs: number;
  readonly releaseMs: number;
  readonly stallMs: number;
  readonly closeMs: number;
}

/** Fills in the defaults. */
export function decideTimeouts(
  options: TimeoutOptions,
  before: { connectMs: number; associationMs: number },
): Timeouts {
  return {
    ...before,
    handshakeMs: options.handshakeTimeoutMs ?? 10_000,
    pduMs: options.pduTimeoutMs ?? 60_000,
    writeMs: options.writeTimeoutMs ?? 60_000,
    idleMs: options.idleTimeoutMs ?? 600_000,
    releaseMs: options.releaseTimeoutMs ?? 30_000,
    stallMs: options.stallTimeoutMs ?? 60_000,
    closeMs: options.closeTimeoutMs ?? 5_000,
  };
}
