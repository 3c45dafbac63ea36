import { connectSession } from '@dicomwire/dimse';
import { expect, test } from 'vitest';
import { type Service, storage } from '../src/index.js';
import { ctImageStorage, startScp } from './objects.js';

const implicit = '1.2.840.10008.1.2';
const commitment = '1.2.840.10008.1.20.1';
const listener: Service = {
  name: 'listener',
  role: 'scu',
  requests: ['N-EVENT-REPORT-RQ'],
  sopClasses: [commitment],
  perform: async () => ({ status: 0 }),
};

async function negotiate(services: readonly Service[], sopClassUid: string, roles: { scu: boolean; scp: boolean }) {
  const { peer } = await startScp({ services });
  const session = await connectSession({
    ...peer,
    presentationContexts: [{ abstractSyntax: sopClassUid, transferSyntaxes: [implicit] }],
    roleSelections: [{ sopClassUid, scuRole: roles.scu, scpRole: roles.scp }],
  });
  const granted = session.negotiated.roleSelections.get(sopClassUid);
  await session.release();
  return granted;
}

test('grants a requestor the SCP role where a service of ours is user', async () => {
  expect(await negotiate([listener], commitment, { scu: true, scp: true })).toMatchObject({
    scuRole: false,
    scpRole: true,
  });
});

test('grants a requestor the SCP role of what a service of ours invokes', async () => {
  const getting: Service = { ...listener, role: 'scp', requests: [], sopClasses: [], invokes: [ctImageStorage] };
  expect(await negotiate([getting], ctImageStorage, { scu: false, scp: true })).toMatchObject({
    scuRole: false,
    scpRole: true,
  });
});

test('grants nobody the SCP role of a class that we only perform', async () => {
  const services = [storage({ store: async () => undefined })];
  expect(await negotiate(services, ctImageStorage, { scu: true, scp: true })).toMatchObject({
    scuRole: true,
    scpRole: false,
  });
});
