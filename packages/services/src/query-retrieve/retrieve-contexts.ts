/**
 * What to propose for a C-GET: contexts in which instances may come, with us as their storage SCP. PS3.4 C.4.3, C.5.3.
 */
import { TransferSyntax, transferSyntaxInfo } from '@dicomwire/dimse/dataset';
import type { ContextProposal } from '../context-proposal.js';
import { ServiceError } from '../service-error.js';
import { maximumContexts } from '../storage/plan-contexts.js';
import {
  uncompressedTransferSyntaxes,
  usualImageSopClasses,
  usualLosslessTransferSyntaxes,
  usualLossyTransferSyntaxes,
  usualOtherSopClasses,
} from './usual-instances.js';

/** What instances are expected. */
export interface ExpectedInstances {
  /**
   * SOP classes of the instances, the likeliest first; at most 127. Default: some sixty that archives hold most of. The fewer there are, the more
   * transfer syntaxes each can come in.
   */
  readonly sopClasses?: readonly string[] | undefined;
  /** Transfer syntaxes to take, the most welcome first. Default: uncompressed, then every compressed one in use. */
  readonly transferSyntaxes?: readonly string[] | undefined;
}

/**
 * Contexts for a C-GET and what it brings, 128 at most.
 *
 * An acceptor takes one transfer syntax per context, and does not know then in which its instances are. So each SOP class gets as many contexts
 * as there is room for: one for what is not compressed, and others among which the compressed transfer syntaxes are spread.
 *
 * @throws ServiceError `invalid-option` for no SOP class, more of them than there are contexts, or no transfer syntax.
 */
export function retrieveContexts(getSopClass: string, expected: ExpectedInstances): readonly ContextProposal[] {
  const { sopClasses, transferSyntaxes } = expected;
  if (sopClasses === undefined && transferSyntaxes === undefined) return usualContexts(getSopClass);
  const wanted = transferSyntaxes ?? usualTransferSyntaxes();
  const classes = sopClasses ?? [...usualImageSopClasses, ...usualOtherSopClasses];
  const room = maximumContexts - 1;
  if (classes.length === 0 || classes.length > room || wanted.length === 0) {
    throw new ServiceError(
      'invalid-option',
      `A C-GET takes 1 to ${room} SOP classes, and at least one transfer syntax`,
    );
  }
  const perClass = spread(wanted, Math.floor(room / classes.length));
  return [retrievalContext(getSopClass), ...classes.flatMap((uid) => storageContexts(uid, perClass))];
}

/** The same objects each time, so that associations with them are recognised quickly. */
function usualContexts(getSopClass: string): readonly ContextProposal[] {
  const known = usual.get(getSopClass);
  if (known !== undefined) return known;
  const images = spread(usualTransferSyntaxes(), 3);
  const others = spread(uncompressedTransferSyntaxes, 1);
  const made = [
    retrievalContext(getSopClass),
    ...usualImageSopClasses.flatMap((uid) => storageContexts(uid, images)),
    ...usualOtherSopClasses.flatMap((uid) => storageContexts(uid, others)),
  ];
  usual.set(getSopClass, made);
  return made;
}

const usual = /* @__PURE__ */ new Map<string, readonly ContextProposal[]>();

/** Implicit VR only: lists of UIDs may be longer than 64 kB there. PS3.5 7.1.2, 10.1. */
export function retrievalContext(abstractSyntax: string): ContextProposal {
  return { abstractSyntax, transferSyntaxes: [TransferSyntax.ImplicitVRLittleEndian] };
}

function usualTransferSyntaxes(): readonly string[] {
  return [...uncompressedTransferSyntaxes, ...usualLosslessTransferSyntaxes, ...usualLossyTransferSyntaxes];
}

function storageContexts(abstractSyntax: string, groups: readonly (readonly string[])[]): readonly ContextProposal[] {
  return groups.map((transferSyntaxes) => ({ abstractSyntax, transferSyntaxes, roles: { scu: false, scp: true } }));
}

/**
 * Spreads transfer syntaxes over so many contexts: one each if there is room. Else uncompressed ones, which can be made of each other, share the
 * first, and lossy and lossless ones are kept apart.
 */
function spread(transferSyntaxes: readonly string[], contexts: number): readonly (readonly string[])[] {
  if (contexts <= 1) return [transferSyntaxes];
  if (transferSyntaxes.length <= contexts) return transferSyntaxes.map((uid) => [uid]);
  const plain = transferSyntaxes.filter((uid) => !isCompressed(uid));
  const compressed = transferSyntaxes.filter(isCompressed);
  const first = plain.length === 0 ? [] : [plain];
  const room = contexts - first.length;
  if (compressed.length <= room) return [...first, ...compressed.map((uid) => [uid])];
  const single = compressed.slice(0, Math.max(0, room - 2)).map((uid) => [uid]);
  const rest = compressed.slice(single.length);
  const lossy = rest.filter((uid) => usualLossyTransferSyntaxes.includes(uid));
  const lossless = rest.filter((uid) => !usualLossyTransferSyntaxes.includes(uid));
  const last = room < 2 || lossy.length === 0 || lossless.length === 0 ? [rest] : [lossless, lossy];
  return [...first, ...single, ...last];
}

function isCompressed(uid: string): boolean {
  return transferSyntaxInfo(uid)?.isEncapsulated ?? true;
}
