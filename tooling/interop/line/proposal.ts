/** What our side proposes and supports in the tests of the line. */

export const verification = '1.2.840.10008.1.1';
export const ctImageStorage = '1.2.840.10008.5.1.4.1.1.2';
export const studyRootFind = '1.2.840.10008.5.1.4.1.2.2.1';
export const studyRootMove = '1.2.840.10008.5.1.4.1.2.2.2';
export const studyRootGet = '1.2.840.10008.5.1.4.1.2.2.3';

export const implicitLittleEndian = '1.2.840.10008.1.2';
export const explicitLittleEndian = '1.2.840.10008.1.2.1';

export const sopClasses = [verification, ctImageStorage, studyRootFind, studyRootGet] as const;
export const everySyntax = [explicitLittleEndian, implicitLittleEndian] as const;
