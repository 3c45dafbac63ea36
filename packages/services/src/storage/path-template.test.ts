import { DataSet } from '@dicomwire/dimse/dataset';
import { expect, test } from 'vitest';
import { fillPathTemplate, parsePathTemplate } from './path-template.js';

const association = { id: 1, callingAeTitle: 'CT 1', calledAeTitle: 'ARCHIVE', peer: { address: '', port: 0 } };

function fill(template: string, values: Parameters<typeof DataSet.from>[0] = {}): string {
  const header = DataSet.from({ SpecificCharacterSet: 'ISO_IR 192', ...values });
  return fillPathTemplate(parsePathTemplate(template), { header, sopInstanceUid: '1.2.3', association });
}

test('puts values where their keywords stand', () => {
  const values = { StudyInstanceUID: '1.2', SeriesInstanceUID: '1.2.4', PatientID: '4711', StudyDate: '20260102' };
  expect(fill('{StudyInstanceUID}/{SeriesInstanceUID}/{SOPInstanceUID}.dcm', values)).toBe('1.2/1.2.4/1.2.3.dcm');
  expect(fill('{CallingAETitle}/{PatientID}/{StudyDate}-{Modality}.dcm', values)).toBe(
    'CT_1/4711/20260102-unknown.dcm',
  );
});

test.each<[string, string]>([
  ['../../etc/passwd', 'etc_passwd'],
  ['..', 'unknown'],
  ['a/b:d*e?f"g<h>i|j', 'a_b_d_e_f_g_h_i_j'],
  // A backslash divides values (PS3.5 6.2); the first one names the file.
  ['..\\..\\c', 'unknown'],
  ['.hidden', 'hidden'],
  ['CON', '_CON'],
  ['nul.txt', '_nul.txt'],
  ['DOE^JANE', 'DOE_JANE'],
  ['Müller', 'Müller'],
  ['山田', '山田'],
  ['x'.repeat(64), 'x'.repeat(64)],
  ['$(rm -rf)', 'rm_-rf'],
])('makes a name of %j that is one', (patientId, name) => {
  expect(fill('{PatientID}.dcm', { PatientID: patientId })).toBe(`${name}.dcm`);
});

test('a UID that is missing or none is an error that is answered with C000', () => {
  expect(() => fill('{StudyInstanceUID}.dcm')).toThrow(expect.objectContaining({ status: 0xc000 }));
  const header = new DataSet();
  header.set(0x0020000d, 'LO', '../1');
  const template = parsePathTemplate('{StudyInstanceUID}.dcm');
  expect(() => fillPathTemplate(template, { header, sopInstanceUid: '1.2', association })).toThrow(
    expect.objectContaining({ status: 0xc000 }),
  );
});

test.each([
  '{Nonsense}.dcm',
  '{PatientID.dcm',
  'PatientID}.dcm',
  '../{PatientID}',
  '/{PatientID}',
  'a/../{PatientID}',
  'C:\\{PatientID}',
])('refuses the template %s', (template) => {
  expect(() => parsePathTemplate(template)).toThrow(TypeError);
});
