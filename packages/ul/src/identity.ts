/** Who we are on the wire. PS3.7 D.3.3.2. */

/** Implementation class UID announced by default: a UUID-derived UID, as PS3.5 B.2 allows. */
export const implementationClassUid = '2.25.44595941221974006919224810689007874329';

/** Implementation version name announced by default, 16 characters at most. */
export const implementationVersionName = 'DICOMWIRE_0_1_0';

/** The only application context there is: the DICOM application context name. PS3.7 A.2.1. */
export const applicationContextName = '1.2.840.10008.3.1.1.1';

/** Default for the largest P-DATA-TF that we take, bytes of its "PDU length". */
export const defaultMaximumLength = 131072;
