import { describe, expect, it } from 'vitest';
import facts from '../../test/data/ul-state-table.json' with { type: 'json' };
import { type Action, actionFor, actions, type Event, events, nextState, type State, states } from './state-table.js';

const eventNames = Object.keys(events) as Event[];
const stateNames = Object.keys(states) as State[];

/** The facts as `event/state` to action and next state or states. */
const cells = new Map<string, readonly [string, string | readonly string[]]>();
for (const [event, row] of Object.entries(facts.table)) {
  for (const [state, [action, next]] of Object.entries(row)) {
    if (typeof action === 'string' && next !== undefined) cells.set(`${event}/${state}`, [action, next]);
  }
}

describe('Table 9-10', () => {
  it('has the 19 events, 13 states, 28 actions and 123 cells of the standard', () => {
    expect(eventNames).toEqual(Object.keys(facts.events));
    expect(stateNames).toEqual(Object.keys(facts.states));
    expect(Object.keys(actions).sort()).toEqual(Object.keys(facts.actions).sort());
    expect(cells.size).toBe(123);
  });

  for (const role of ['requestor', 'acceptor'] as const) {
    it.each(eventNames)(`has every cell of %s right for the ${role}, blank ones included`, (event) => {
      for (const state of stateNames) {
        const action = actionFor(state, event);
        const cell = cells.get(`${event}/${state}`);
        expect([state, action]).toEqual([state, cell?.[0]]);
        if (action === undefined || cell === undefined) continue;
        expect([state, nextOf(action, role)]).toEqual([state, expectedNext(cell[1], role)]);
      }
    });
  }
});

/** AE-6 by whether the request is acceptable: both are tested, the acceptable one here. AR-8 by role. */
function nextOf(action: Action, role: 'requestor' | 'acceptor'): State {
  return nextState(action, action === 'AR-8' && role === 'acceptor' ? 1 : 0);
}

function expectedNext(next: string | readonly string[], role: 'requestor' | 'acceptor'): string | undefined {
  if (typeof next === 'string') return next;
  return next[0] === 'Sta9' && role === 'acceptor' ? next[1] : next[0];
}
