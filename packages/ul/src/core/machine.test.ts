import { type AssociateAcPdu, type AssociateRqPdu, encode, type Pdu } from '@dicomwire/pdu';
import { describe, expect, it } from 'vitest';
import facts from '../../test/data/ul-state-table.json' with { type: 'json' };
import { buildProposal } from '../proposal.js';
import { decideTimeouts } from '../timeouts.js';
import type { Conclusion } from './conclusion.js';
import { Machine } from './machine.js';
import { acceptProposal } from './negotiation.js';
import { type Action, type Event, events, nextState, type State, states } from './state-table.js';

type Role = 'requestor' | 'acceptor';

const eventNames = Object.keys(events) as Event[];
const stateNames = Object.keys(states) as State[];

const request: AssociateRqPdu = buildProposal({
  calledAeTitle: 'A',
  callingAeTitle: 'B',
  presentationContexts: [{ abstractSyntax: '1.2.840.10008.1.1', transferSyntaxes: ['1.2.840.10008.1.2'] }],
});
const acceptance = acceptProposal(request, {
  presentationContexts: [{ abstractSyntax: '1.2.840.10008.1.1', transferSyntaxes: 'any' }],
});
if (acceptance.kind !== 'accept') throw new Error('not accepted');
const response: AssociateAcPdu = acceptance.response;
const { negotiated } = acceptance;
const timeouts = decideTimeouts({ closeTimeoutMs: 5 }, { connectMs: 10, associationMs: 30 });

/** A machine with everything that came out of it. */
class Bench {
  readonly out: string[] = [];
  readonly machine: Machine;
  conclusion: Conclusion | undefined;

  constructor(role: Role) {
    this.machine = new Machine(
      { role, timeouts },
      {
        write: (pdu) => this.out.push(`write ${pdu[0]}${pdu[0] === 7 ? ` ${pdu[8]} ${pdu[9]}` : ''}`),
        closeTransport: () => this.out.push('close'),
        associationRequested: () => this.out.push('requested'),
        established: () => this.out.push('established'),
        fragment: (contextId) => this.out.push(`fragment ${contextId}`),
        releaseRequested: () => this.out.push('release requested'),
        concluded: (conclusion) => {
          this.conclusion = conclusion;
          this.out.push(`concluded ${conclusion.kind}`);
        },
        received: () => {},
        stateChanged: () => {},
      },
    );
  }

  receive(pdu: Pdu): void {
    this.machine.receive(encode(pdu), 0);
  }

  /** Makes an event happen. */
  do(event: Event): void {
    const machine = this.machine;
    const doing: Record<Event, () => void> = {
      Evt1: () => machine.requestAssociation(request, encode(request), 0),
      Evt2: () => machine.transportOpened(0),
      Evt3: () => this.receive(response),
      Evt4: () => this.receive({ type: 'A-ASSOCIATE-RJ', result: 1, source: 1, reason: 1 }),
      Evt5: () => machine.transportAccepted(0),
      Evt6: () => this.receive(request),
      Evt7: () => machine.accept(encode(response), negotiated, 0),
      Evt8: () => machine.reject({ result: 1, source: 1, reason: 1 }, 0),
      Evt9: () => this.out.push(machine.canSend ? 'can send' : 'cannot send'),
      Evt10: () =>
        this.receive({
          type: 'P-DATA-TF',
          values: [{ contextId: 1, isCommand: true, isLast: true, data: new Uint8Array(2) }],
        }),
      Evt11: () => machine.release(0),
      Evt12: () => this.receive({ type: 'A-RELEASE-RQ' }),
      Evt13: () => this.receive({ type: 'A-RELEASE-RP' }),
      Evt14: () => machine.setPendingOperations(0, 0),
      Evt15: () => machine.abort(0, 0, 0),
      Evt16: () => this.receive({ type: 'A-ABORT', source: 0, reason: 0 }),
      Evt17: () => machine.transportClosed(0),
      Evt18: () => machine.handleDeadlines(machine.deadlines.artim === Number.POSITIVE_INFINITY ? 0 : 1000),
      Evt19: () => machine.receive(Uint8Array.of(0x99, 0, 0, 0, 0, 0), 0),
    };
    doing[event]();
  }
}

/**
 * Events that lead to a state. The states that a driver passes through within one call (Sta9 and Sta12: the response to a colliding
 * release follows at once) can't be stopped in, and are walked in the table's own test and by the collision tests.
 */
const waysTo: Record<Role, Partial<Record<State, readonly Event[]>>> = {
  requestor: {
    Sta1: [],
    Sta4: ['Evt1'],
    Sta5: ['Evt1', 'Evt2'],
    Sta6: ['Evt1', 'Evt2', 'Evt3'],
    Sta7: ['Evt1', 'Evt2', 'Evt3', 'Evt11'],
    Sta8: ['Evt1', 'Evt2', 'Evt3', 'Evt12'],
    Sta11: ['Evt1', 'Evt2', 'Evt3', 'Evt11', 'Evt12'],
    Sta13: ['Evt1', 'Evt2', 'Evt3', 'Evt15'],
  },
  acceptor: {
    Sta1: [],
    Sta2: ['Evt5'],
    Sta3: ['Evt5', 'Evt6'],
    Sta6: ['Evt5', 'Evt6', 'Evt7'],
    Sta7: ['Evt5', 'Evt6', 'Evt7', 'Evt11'],
    Sta8: ['Evt5', 'Evt6', 'Evt7', 'Evt12'],
    Sta10: ['Evt5', 'Evt6', 'Evt7', 'Evt11', 'Evt12'],
    Sta13: ['Evt5', 'Evt6', 'Evt8'],
  },
};

/** A bench whose machine is in that state, its output so far forgotten. */
function benchIn(role: Role, state: State): Bench | undefined {
  const way = waysTo[role][state];
  if (way === undefined) return undefined;
  const bench = new Bench(role);
  for (const event of way) {
    // An operation under way keeps the machine in Sta8.
    if (state === 'Sta8' && event === 'Evt12') bench.machine.setPendingOperations(1, 0);
    bench.do(event);
  }
  bench.out.length = 0;
  return bench;
}

/** Actions after which the machine answers by itself, since its user has nothing left to decide. */
const followUps: Partial<Record<Action, Action>> = { 'AR-2': 'AR-4', 'AR-8': 'AR-9', 'AR-10': 'AR-4' };

/** What each action must put out, in order, where it does not depend on the event. */
const outputs: Record<Action, (event: Event, role: Role) => readonly string[]> = {
  'AE-1': () => [],
  'AE-2': () => ['write 1'],
  'AE-3': () => ['established'],
  'AE-4': () => ['concluded rejected', 'close'],
  'AE-5': () => [],
  'AE-6': () => ['requested'],
  'AE-7': () => ['write 2', 'established'],
  'AE-8': () => ['write 3', 'concluded rejected'],
  'DT-1': () => ['can send'],
  'DT-2': () => ['fragment 1'],
  'AR-1': () => ['write 5'],
  'AR-2': () => ['release requested', 'write 6', 'concluded released'],
  'AR-3': () => ['concluded released', 'close'],
  'AR-4': () => ['write 6', 'concluded released'],
  'AR-5': () => ['close'],
  'AR-6': () => ['fragment 1'],
  'AR-7': () => ['can send'],
  'AR-8': (_, role) => (role === 'requestor' ? ['release requested', 'write 6'] : ['release requested']),
  'AR-9': () => ['write 6'],
  'AR-10': () => ['write 6', 'concluded released'],
  'AA-1': () => ['write 7 0 0', 'concluded aborted'],
  'AA-2': (event) => (event === 'Evt16' ? ['concluded aborted', 'close'] : ['concluded connection-lost', 'close']),
  'AA-3': () => ['concluded aborted', 'close'],
  'AA-4': () => ['concluded connection-lost', 'close'],
  'AA-5': () => ['concluded connection-lost', 'close'],
  'AA-6': () => [],
  'AA-7': (event) => [`write 7 2 ${event === 'Evt19' ? 1 : 2}`],
  'AA-8': (event) => [`write 7 2 ${event === 'Evt19' ? 1 : 2}`, 'concluded aborted'],
};

describe.each(['requestor', 'acceptor'] as const)('the machine of the %s', (role) => {
  describe.each(stateNames.filter((state) => waysTo[role][state] !== undefined))('in %s', (state) => {
    it.each(eventNames)('acts on %s as Table 9-10 says', (event) => {
      const bench = benchIn(role, state);
      expect(bench?.machine.state).toBe(state);
      const cell = actionInFacts(event, state);
      bench?.do(event);
      if (cell === undefined) {
        expect(bench?.out.filter((line) => line !== 'cannot send')).toEqual([]);
        expect(bench?.machine.state).toBe(state);
        return;
      }
      // Already over: nothing is concluded twice.
      const expected = outputs[cell](event, role).filter((line) => state !== 'Sta13' || !line.startsWith('concluded'));
      expect(bench?.out).toEqual(expected);
      expect(bench?.machine.state).toBe(stateAfter(cell, role));
    });
  });
});

function actionInFacts(event: Event, state: State): Action | undefined {
  const row: Readonly<Record<string, readonly unknown[] | undefined>> = facts.table[event];
  return row[state]?.[0] as Action | undefined;
}

function stateAfter(action: Action, role: Role): State {
  if (action === 'AR-8' && role === 'acceptor') return 'Sta10';
  return nextState(followUps[action] ?? action);
}

describe('ARTIM and the other deadlines of the machine', () => {
  it.each<[string, Role, State, number, State]>([
    ['ARTIM closes a transport on which nothing comes', 'acceptor', 'Sta2', 30, 'Sta1'],
    ['what is left of ARTIM is the time for the response', 'acceptor', 'Sta3', 30, 'Sta13'],
    ['a transport that does not open is given up', 'requestor', 'Sta4', 10, 'Sta1'],
    ['a request that is not answered is aborted', 'requestor', 'Sta5', 30, 'Sta13'],
    ['a peer that does not close is closed', 'acceptor', 'Sta13', 5, 'Sta1'],
    ['a release that is not answered is aborted', 'requestor', 'Sta7', 30_000, 'Sta13'],
    ['an operation that holds up the release is aborted', 'acceptor', 'Sta8', 30_000, 'Sta13'],
    ['an idle requestor releases', 'requestor', 'Sta6', 600_000, 'Sta7'],
    ['an idle acceptor aborts', 'acceptor', 'Sta6', 600_000, 'Sta13'],
  ])('%s', (_, role, state, ms, next) => {
    const bench = benchIn(role, state);
    expect(bench?.machine.deadlines.next()).toBe(ms);
    bench?.machine.handleDeadlines(ms - 1);
    expect(bench?.machine.state).toBe(state);
    bench?.machine.handleDeadlines(ms);
    expect(bench?.machine.state).toBe(next);
  });
});
