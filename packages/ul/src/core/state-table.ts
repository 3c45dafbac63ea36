/**
 * PS3.8 Table 9-10, the upper layer state table, whole and for both roles: what happens (events), where we are (states),
 * what is done about it (actions, Tables 9-6 to 9-9).
 *
 * A blank cell is an event that cannot occur in that state: a PDU while there is no transport, ARTIM while it does not
 * run, or a primitive that the user may not issue now.
 */

/** The cell of Table 9-10 for `event` in `state`; `undefined` where it is blank. */
export function actionFor(state: State, event: Event): Action | undefined {
  return stateTable[event][columns[state]];
}

/**
 * The state that an action leads to. Two actions choose: AE-6 goes to the first of its states when the request is
 * acceptable, AR-8 when we are the association requestor; `choice` says which.
 */
export function nextState(action: Action, choice: 0 | 1 = 0): State {
  const next = actions[action].next;
  return typeof next === 'string' ? next : next[choice];
}

/** Events of PS3.8 Table 9-10. */
export const events = {
  Evt1: 'A-ASSOCIATE request from local user',
  Evt2: 'Transport connect confirmed',
  Evt3: 'A-ASSOCIATE-AC PDU received',
  Evt4: 'A-ASSOCIATE-RJ PDU received',
  Evt5: 'Transport connection indication (incoming)',
  Evt6: 'A-ASSOCIATE-RQ PDU received',
  Evt7: 'A-ASSOCIATE response (accept) from local user',
  Evt8: 'A-ASSOCIATE response (reject) from local user',
  Evt9: 'P-DATA request from local user',
  Evt10: 'P-DATA-TF PDU received',
  Evt11: 'A-RELEASE request from local user',
  Evt12: 'A-RELEASE-RQ PDU received',
  Evt13: 'A-RELEASE-RP PDU received',
  Evt14: 'A-RELEASE response from local user',
  Evt15: 'A-ABORT request from local user',
  Evt16: 'A-ABORT PDU received',
  Evt17: 'Transport connection closed',
  Evt18: 'ARTIM timer expired',
  Evt19: 'Unrecognized or invalid PDU received',
} as const satisfies Record<`Evt${number}`, string>;

/** An event of PS3.8 Table 9-10. */
export type Event = keyof typeof events;

/** States of PS3.8 Tables 9-1 to 9-5. */
export const states = {
  Sta1: 'Idle',
  Sta2: 'Transport open, awaiting A-ASSOCIATE-RQ PDU',
  Sta3: 'Awaiting local A-ASSOCIATE response',
  Sta4: 'Awaiting transport connection to open',
  Sta5: 'Awaiting A-ASSOCIATE-AC or -RJ PDU',
  Sta6: 'Association established, data transfer',
  Sta7: 'Awaiting A-RELEASE-RP PDU',
  Sta8: 'Awaiting local A-RELEASE response',
  Sta9: 'Release collision, requestor: awaiting local A-RELEASE response',
  Sta10: 'Release collision, acceptor: awaiting A-RELEASE-RP PDU',
  Sta11: 'Release collision, requestor: awaiting A-RELEASE-RP PDU',
  Sta12: 'Release collision, acceptor: awaiting local A-RELEASE response',
  Sta13: 'Awaiting transport close (association no longer exists)',
} as const satisfies Record<`Sta${number}`, string>;

/** A state of PS3.8 Tables 9-1 to 9-5. */
export type State = keyof typeof states;

/** What an action does and where it leads. */
export interface ActionDefinition {
  /** The next state, or a pair where the action chooses. */
  readonly next: State | readonly [State, State];
  /** In words. */
  readonly does: string;
}

/** Names of the actions of PS3.8 Tables 9-6 to 9-9. */
export type Action =
  | 'AE-1'
  | 'AE-2'
  | 'AE-3'
  | 'AE-4'
  | 'AE-5'
  | 'AE-6'
  | 'AE-7'
  | 'AE-8'
  | 'DT-1'
  | 'DT-2'
  | 'AR-1'
  | 'AR-2'
  | 'AR-3'
  | 'AR-4'
  | 'AR-5'
  | 'AR-6'
  | 'AR-7'
  | 'AR-8'
  | 'AR-9'
  | 'AR-10'
  | 'AA-1'
  | 'AA-2'
  | 'AA-3'
  | 'AA-4'
  | 'AA-5'
  | 'AA-6'
  | 'AA-7'
  | 'AA-8';

/** The actions of PS3.8 Tables 9-6 to 9-9. */
export const actions: Readonly<Record<Action, ActionDefinition>> = {
  'AE-1': { next: 'Sta4', does: 'Ask the transport for a connection to the peer.' },
  'AE-2': { next: 'Sta5', does: 'Transport is up: send the A-ASSOCIATE-RQ PDU.' },
  'AE-3': { next: 'Sta6', does: 'Tell the user the association was accepted (A-ASSOCIATE confirm, accept).' },
  'AE-4': {
    next: 'Sta1',
    does: 'Tell the user it was rejected (A-ASSOCIATE confirm, reject) and close the transport.',
  },
  'AE-5': { next: 'Sta2', does: 'Accept the incoming transport connection and start ARTIM.' },
  'AE-6': {
    next: ['Sta3', 'Sta13'],
    does: 'Stop ARTIM. If the provider finds the A-ASSOCIATE-RQ acceptable (e.g. protocol version bit 0): indicate A-ASSOCIATE to the user. Otherwise send A-ASSOCIATE-RJ (provider source), start ARTIM.',
  },
  'AE-7': { next: 'Sta6', does: 'Send the A-ASSOCIATE-AC PDU.' },
  'AE-8': { next: 'Sta13', does: 'Send the A-ASSOCIATE-RJ PDU and start ARTIM.' },
  'DT-1': { next: 'Sta6', does: 'Send a P-DATA-TF PDU.' },
  'DT-2': { next: 'Sta6', does: 'Deliver received P-DATA to the user.' },
  'AR-1': { next: 'Sta7', does: 'Send the A-RELEASE-RQ PDU.' },
  'AR-2': { next: 'Sta8', does: 'Indicate A-RELEASE to the user.' },
  'AR-3': { next: 'Sta1', does: 'Confirm A-RELEASE to the user and close the transport.' },
  'AR-4': { next: 'Sta13', does: 'Send the A-RELEASE-RP PDU and start ARTIM.' },
  'AR-5': { next: 'Sta1', does: 'Stop ARTIM.' },
  'AR-6': { next: 'Sta7', does: 'Deliver P-DATA received while awaiting the release reply.' },
  'AR-7': { next: 'Sta8', does: 'Send P-DATA although the peer asked for release.' },
  'AR-8': {
    next: ['Sta9', 'Sta10'],
    does: 'Indicate A-RELEASE (release collision): association requestor goes to Sta9, acceptor to Sta10.',
  },
  'AR-9': { next: 'Sta11', does: 'Send the A-RELEASE-RP PDU (collision, requestor side).' },
  'AR-10': { next: 'Sta12', does: 'Confirm A-RELEASE to the user (collision, acceptor side).' },
  'AA-1': { next: 'Sta13', does: 'Send A-ABORT with source = service user, start or restart ARTIM.' },
  'AA-2': { next: 'Sta1', does: 'Stop ARTIM if it runs and close the transport.' },
  'AA-3': {
    next: 'Sta1',
    does: 'Peer aborted: indicate A-ABORT (user source) or A-P-ABORT (provider source) and close the transport.',
  },
  'AA-4': { next: 'Sta1', does: 'Transport lost: indicate A-P-ABORT.' },
  'AA-5': { next: 'Sta1', does: 'Stop ARTIM.' },
  'AA-6': { next: 'Sta13', does: 'Ignore the PDU.' },
  'AA-7': { next: 'Sta13', does: 'Send A-ABORT.' },
  'AA-8': { next: 'Sta13', does: 'Send A-ABORT with source = service provider, indicate A-P-ABORT, start ARTIM.' },
};

const ______ = undefined;

/** One row per event, one column per state from Sta1 to Sta13. */
// biome-ignore format: the columns are those of the standard's table
export const stateTable: Readonly<Record<Event, readonly (Action | undefined)[]>> = {
  //      Sta1    Sta2    Sta3    Sta4    Sta5    Sta6    Sta7    Sta8    Sta9    Sta10   Sta11   Sta12   Sta13
  Evt1:  ['AE-1', ______, ______, ______, ______, ______, ______, ______, ______, ______, ______, ______, ______],
  Evt2:  [______, ______, ______, 'AE-2', ______, ______, ______, ______, ______, ______, ______, ______, ______],
  Evt3:  [______, 'AA-1', 'AA-8', ______, 'AE-3', 'AA-8', 'AA-8', 'AA-8', 'AA-8', 'AA-8', 'AA-8', 'AA-8', 'AA-6'],
  Evt4:  [______, 'AA-1', 'AA-8', ______, 'AE-4', 'AA-8', 'AA-8', 'AA-8', 'AA-8', 'AA-8', 'AA-8', 'AA-8', 'AA-6'],
  Evt5:  ['AE-5', ______, ______, ______, ______, ______, ______, ______, ______, ______, ______, ______, ______],
  Evt6:  [______, 'AE-6', 'AA-8', ______, 'AA-8', 'AA-8', 'AA-8', 'AA-8', 'AA-8', 'AA-8', 'AA-8', 'AA-8', 'AA-7'],
  Evt7:  [______, ______, 'AE-7', ______, ______, ______, ______, ______, ______, ______, ______, ______, ______],
  Evt8:  [______, ______, 'AE-8', ______, ______, ______, ______, ______, ______, ______, ______, ______, ______],
  Evt9:  [______, ______, ______, ______, ______, 'DT-1', ______, 'AR-7', ______, ______, ______, ______, ______],
  Evt10: [______, 'AA-1', 'AA-8', ______, 'AA-8', 'DT-2', 'AR-6', 'AA-8', 'AA-8', 'AA-8', 'AA-8', 'AA-8', 'AA-6'],
  Evt11: [______, ______, ______, ______, ______, 'AR-1', ______, ______, ______, ______, ______, ______, ______],
  Evt12: [______, 'AA-1', 'AA-8', ______, 'AA-8', 'AR-2', 'AR-8', 'AA-8', 'AA-8', 'AA-8', 'AA-8', 'AA-8', 'AA-6'],
  Evt13: [______, 'AA-1', 'AA-8', ______, 'AA-8', 'AA-8', 'AR-3', 'AA-8', 'AA-8', 'AR-10', 'AR-3', 'AA-8', 'AA-6'],
  Evt14: [______, ______, ______, ______, ______, ______, ______, 'AR-4', 'AR-9', ______, ______, 'AR-4', ______],
  Evt15: [______, ______, 'AA-1', 'AA-2', 'AA-1', 'AA-1', 'AA-1', 'AA-1', 'AA-1', 'AA-1', 'AA-1', 'AA-1', ______],
  Evt16: [______, 'AA-2', 'AA-3', ______, 'AA-3', 'AA-3', 'AA-3', 'AA-3', 'AA-3', 'AA-3', 'AA-3', 'AA-3', 'AA-2'],
  Evt17: [______, 'AA-5', 'AA-4', 'AA-4', 'AA-4', 'AA-4', 'AA-4', 'AA-4', 'AA-4', 'AA-4', 'AA-4', 'AA-4', 'AR-5'],
  Evt18: [______, 'AA-2', ______, ______, ______, ______, ______, ______, ______, ______, ______, ______, 'AA-2'],
  Evt19: [______, 'AA-1', 'AA-8', ______, 'AA-8', 'AA-8', 'AA-8', 'AA-8', 'AA-8', 'AA-8', 'AA-8', 'AA-8', 'AA-7'],
};

const columns: Readonly<Record<State, number>> = {
  Sta1: 0,
  Sta2: 1,
  Sta3: 2,
  Sta4: 3,
  Sta5: 4,
  Sta6: 5,
  Sta7: 6,
  Sta8: 7,
  Sta9: 8,
  Sta10: 9,
  Sta11: 10,
  Sta12: 11,
  Sta13: 12,
};
