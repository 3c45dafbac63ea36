/** The files of the corpus that can't be stored, and why: the exact list, so that nothing drops out unnoticed. */

/** Of Debian's python3-pydicom 2.3. */
export const PYDICOM_LEFT_OUT: Readonly<Record<string, string>> = {
  'charset_files/FileInfo.txt': 'no DICOM data set',
  'hashes.json': 'no DICOM data set',
  'palettes/README.md': 'no DICOM data set',
  'test_files/README.txt': 'no DICOM data set',
  'test_files/dicomdirtests/DICOMDIR': 'no storage SOP class: 1.2.840.10008.1.3.10',
  'test_files/dicomdirtests/DICOMDIR-bigEnd': 'no storage SOP class: 1.2.840.10008.1.3.10',
  'test_files/dicomdirtests/DICOMDIR-empty.dcm': 'no storage SOP class: 1.2.840.10008.1.3.10',
  'test_files/dicomdirtests/DICOMDIR-implicit': 'no storage SOP class: 1.2.840.10008.1.3.10',
  'test_files/dicomdirtests/DICOMDIR-nooffset': 'no storage SOP class: 1.2.840.10008.1.3.10',
  'test_files/dicomdirtests/DICOMDIR-nopatient': 'no storage SOP class: 1.2.840.10008.1.3.10',
  'test_files/dicomdirtests/DICOMDIR-reordered': 'no storage SOP class: 1.2.840.10008.1.3.10',
  'test_files/dicomdirtests/README.txt': 'no DICOM data set',
  'test_files/dicomdirtests/TINY_ALPHA/DICOMDIR': 'no storage SOP class: 1.2.840.10008.1.3.10',
  'test_files/dicomdirtests/TINY_ALPHA/README': 'no DICOM data set',
  'test_files/empty_charset_LEI.dcm': 'no SOP class',
  'test_files/meta_missing_tsyntax.dcm': 'no SOP class',
  'test_files/nested_priv_SQ.dcm': 'no SOP class',
  'test_files/no_meta.dcm': 'no DICOM data set',
  'test_files/rtplan.dump': 'no DICOM data set',
  'test_files/rtstruct.dump': 'no DICOM data set',
  'test_files/test1.json': 'no DICOM data set',
  'test_files/test_PN.json': 'no DICOM data set',
  'test_files/zipMR.gz': 'no DICOM data set',
  'urls.json': 'no DICOM data set',
};

/** Of the folder beside the repository. */
export const SHARED_LEFT_OUT: Readonly<Record<string, string>> = {
  'MANIFEST.json': 'no DICOM data set',
  'dicomdir/DICOMDIR': 'no storage SOP class: 1.2.840.10008.1.3.10',
  'empty_charset_LEI.dcm': 'no SOP class',
  'licenses/dcmtk-COPYRIGHT': 'no DICOM data set',
  'licenses/dicomParser-LICENSE': 'no DICOM data set',
  'licenses/pydicom-LICENSE': 'no DICOM data set',
  'licenses/pydicom-data-LICENSE': 'no DICOM data set',
  'licenses/pydicom-test_files-README.txt': 'no DICOM data set',
  'licenses/robyoung-LICENSE.txt': 'no DICOM data set',
  'meta_missing_tsyntax.dcm': 'no SOP class',
  'nested_priv_SQ.dcm': 'no SOP class',
  'worklist/wklist1.dcm': 'no storage SOP class: 1.2.276.0.7230010.3.1.0.1',
  'worklist/wklist2.dcm': 'no storage SOP class: 1.2.276.0.7230010.3.1.0.1',
  'worklist/wklist3.dcm': 'no storage SOP class: 1.2.276.0.7230010.3.1.0.1',
  'worklist/wlistqry1.dcm': 'no storage SOP class: 1.2.276.0.7230010.3.1.0.1',
  'worklist/wlistqry10.dcm': 'no storage SOP class: 1.2.276.0.7230010.3.1.0.1',
};
