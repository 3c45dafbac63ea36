/**
 * Records every operation between us and a peer from the diagnostics channel of `@dicomwire/dimse`: loaded into the processes of the tests, and by
 * `--import` into those of our programs.
 */
import { subscribe } from 'node:diagnostics_channel';
import type { OperationEvent } from '@dicomwire/dimse';
import { noteFact } from './fact.ts';

subscribe('dicomwire:operation', (message) => {
  if (isOperationEvent(message) && message.event === 'end') note(message);
});

function note({ role, association, context, command, response, pendingResponses }: OperationEvent & { event: 'end' }) {
  const { implementationVersionName = '' } = association.negotiated.peerUserInformation;
  const { calledAeTitle, callingAeTitle } = association;
  noteFact({
    kind: 'operation',
    role,
    associationRole: association.role,
    operation: command.type.replace(/-RQ$/, ''),
    abstractSyntax: context.abstractSyntax,
    transferSyntax: context.transferSyntax ?? '',
    status: response?.status ?? null,
    hadPending: pendingResponses > 0,
    implementation: implementationVersionName,
    peerTitle: association.role === 'requestor' ? calledAeTitle : callingAeTitle,
  });
}

/** The channel is ours, but typed as unknown. */
function isOperationEvent(message: unknown): message is OperationEvent {
  return typeof message === 'object' && message !== null && 'event' in message && 'command' in message;
}
