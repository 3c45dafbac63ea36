import { type AssociationEnd, abortInWords } from '@dicomwire/ul';
import { DimseError } from '../errors.js';

/** The error with which everything fails that an association's end interrupts. */
export function associationEnded(end: AssociationEnd): DimseError {
  const cause = end.kind === 'released' ? undefined : end.error;
  return new DimseError('association-ended', `The association ended before the operation did: ${inWords(end)}`, {
    end,
    cause,
  });
}

function inWords(end: AssociationEnd): string {
  switch (end.kind) {
    case 'released':
      return end.by === 'peer' ? 'released by the peer' : 'released here';
    case 'aborted': {
      const who = end.by === 'peer' ? 'aborted by the peer' : 'aborted here';
      const why = end.error === undefined ? '' : `: ${end.error.message}`;
      return `${who} (${abortInWords(end.source, end.reason)})${why}`;
    }
    case 'connection-lost':
      return end.error?.message ?? 'connection lost';
  }
}
