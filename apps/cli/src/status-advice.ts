/** What a failure status means for the person at the terminal. PS3.7 Annex C, PS3.4. */

/** What to do about a status that the peer answered with; `undefined` where nothing sensible can be said. */
export function adviceOnStatus(status: number | undefined): string | undefined {
  if (status === undefined) return undefined;
  return adviceByStatus.get(status) ?? (status >> 8 === 0xa9 ? adviceOnIdentifier : undefined);
}

const adviceOnIdentifier =
  'The peer does not like the keys: check --level and --model, and the keys that the level needs.';

const adviceByStatus: ReadonlyMap<number, string> = new Map([
  // Of all services.
  [0x0105, 'The peer knows no such attribute here: leave it out.'],
  [0x0106, 'The peer does not take a value that was given: compare it with what the standard allows there.'],
  [
    0x0110,
    'The peer failed at it, and only its log says why: look there for this moment. A step that has ended can not be changed either.',
  ],
  [0x0111, 'The peer has an instance with this UID already: give another UID, or none for a new one.'],
  [0x0112, 'The peer knows no such instance: check the UID.'],
  [0x0117, 'The UID is not one that the peer can take: digits between points, 64 characters at most.'],
  [0x0118, 'The peer does not know this SOP class: check its configuration.'],
  [0x0119, 'The peer knows the instance under another SOP class: check the UID.'],
  [
    0x0120,
    'An attribute is missing that the peer needs: its comment or its log says which; give it with -a or in the file of -f.',
  ],
  [0x0121, 'An attribute that needs a value has none: give it with -a KEYWORD=VALUE.'],
  [0x0122, 'The peer does not support this SOP class after all: check its configuration.'],
  [0x0124, 'The peer does not allow this: check its configuration, --calling and --user.'],
  [0x0210, 'The peer takes this for a repeated message: call again.'],
  [0x0211, 'The peer does not know this operation: check in its conformance statement what it supports.'],
  [0x0213, 'The peer is out of resources: try again later, or look at its log.'],
  // Query and retrieval: PS3.4 C.4.
  [0xa700, 'The peer is out of resources: ask for less at once, or look at its log.'],
  [0xa701, 'The peer can not count what matches: ask for less at once.'],
  [0xa702, 'The peer could not send the instances: its log says why; does the destination run?'],
  [0xa801, 'The peer does not know the destination: register its AE title, host and port there.'],
  // Unified procedure steps: PS3.4 Tables CC.2.1-2 to CC.2.6-1.
  [0xc300, 'The step has ended (COMPLETED or CANCELED) and stays as it is: ups get shows it. Create another one.'],
  [
    0xc301,
    'Give the transaction UID of the claim with --transaction: ups claim printed it. Only who claimed a step may change it, and one that is claimed can not be claimed by another.',
  ],
  [
    0xc302,
    'Somebody has claimed the step already: ups get shows by whom. Find another one with ups find -k ProcedureStepState=SCHEDULED.',
  ],
  [0xc303, 'A step becomes SCHEDULED only when it is created: create a new one with ups create.'],
  [
    0xc304,
    'Attributes that an ended step needs are missing: add them with -a or -f (performed procedure, station, output, begin and end; for a cancel the reason).',
  ],
  [0xc307, 'The peer has no such step: check the UID, or list the steps with ups find.'],
  [
    0xc308,
    'The peer does not know the AE title that is to hear of events: register it there with host and port, or give another --receiver.',
  ],
  [0xc309, 'A new step has to be SCHEDULED: leave ProcedureStepState out.'],
  [0xc310, 'The step is not in progress: claim it first with ups claim.'],
  [0xc311, 'The step is complete: there is nothing left to cancel.'],
  [0xc312, 'Who performs the step can not be reached: talk to them another way, or ask again later.'],
  [0xc313, 'Who performs the step goes on with it: talk to them.'],
  [0xc314, 'This can not be done with such a step: a single step is subscribed to by its UID, filters go with all.'],
  [0xc315, 'The peer sends no event reports at all: ask with ups get or ups find from time to time.'],
]);
