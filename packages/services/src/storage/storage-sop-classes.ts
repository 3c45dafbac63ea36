/**
 * Everything that C-STORE stores.
 */
import {
  nonPatientObjectStorageSopClasses,
  retiredStorageSopClasses,
  storageSopClasses,
} from '@dicomwire/dimse/dataset';

/** Composite objects, those without a patient (PS3.4 GG), and those that the standard has retired but devices still send. */
export function allStorageSopClasses(): readonly string[] {
  return [...new Set([...storageSopClasses, ...nonPatientObjectStorageSopClasses, ...retiredStorageSopClasses])];
}
