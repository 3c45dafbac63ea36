/** Where DCMTK 3.6.7 and we differ, and why. */
import type { ListedDifference } from './listed.ts';

const CUT_OFF = 'E: dcm2json: error (I/O suspension or premature end of stream) reading file';
const NO_CONVERSION = 'F: Cannot open character encoding: Invalid argument: converting file to UTF-8';
const RTDOSE_OF_UN = ['pydicom/test_files/rtdose_rle.dcm', 'pydicom/test_files/rtdose_rle_1frame.dcm'];
const UN_REASON =
  'the file has UN for elements of the dictionary (PS3.5 6.2.2 Note 2); DCMTK leaves them UN, we and pydicom look them up';

/** Elements that stand as UN in the files of RT doses, by the VR that the dictionary has. */
const UN_BY_VR: Readonly<Record<string, readonly string[]>> = {
  AT: ['(0028,0009)'],
  CS: ['(0008,0060)', '(0010,0040)', '(3004,0002)', '(3004,0004)', '(3004,000A)'],
  DA: ['(0008,0012)', '(0008,0020)', '(0010,0030)'],
  DS: ['(0018,0050)', '(0020,0032)', '(0020,0037)', '(0028,0030)', '(3004,000C)', '(3004,000E)'],
  IS: ['(0020,0011)', '(0020,0013)'],
  LO: ['(0008,0070)', '(0008,1090)', '(0010,0020)', '(0018,1020)', '(0020,1040)'],
  PN: ['(0008,0090)', '(0010,0010)'],
  SH: ['(0008,0050)', '(0008,1010)', '(0020,0010)'],
  SQ: ['(300C,0002)'],
  TM: ['(0008,0013)', '(0008,0030)'],
  UI: ['(0008,0016)', '(0008,0018)', '(0020,000D)', '(0020,000E)', '(0020,0052)'],
};

/** The exact table. */
export const DCMTK_DIFFERENCES: readonly ListedDifference[] = [
  {
    files: ['pydicom/test_files/MR_truncated.dcm', 'shared/MR_truncated.dcm'],
    paths: [''],
    aspect: 'error',
    ours: 'truncated',
    theirs: CUT_OFF,
    reason: 'the same in other words',
  },
  {
    files: ['pydicom/test_files/rtplan_truncated.dcm'],
    paths: [''],
    aspect: 'error',
    ours: 'truncated',
    theirs: 'E: dcm2json: error (Invalid stream) reading file',
    reason: 'the same in other words',
  },
  {
    files: ['pydicom/test_files/SC_rgb_jpeg.dcm'],
    paths: [''],
    aspect: 'error',
    ours: '-',
    theirs: CUT_OFF,
    reason:
      'explicit VR by its meta information, its data set has no VRs; we and pydicom read such elements as implicit',
  },
  {
    files: [
      'pydicom/charset_files/chrH31.dcm',
      'pydicom/charset_files/chrH32.dcm',
      'pydicom/charset_files/chrJapMulti.dcm',
      'pydicom/charset_files/chrJapMultiExplicitIR6.dcm',
      'pydicom/charset_files/chrSQEncoding1.dcm',
      'pydicom/test_files/J2K_pixelrep_mismatch.dcm',
      'shared/chrH31.dcm',
      'shared/chrH32.dcm',
    ],
    paths: [''],
    aspect: 'error',
    ours: '-',
    theirs: NO_CONVERSION,
    reason: 'DCMTK built with the iconv of glibc has none of the Japanese sets of ISO 2022; pydicom compares them',
  },
  {
    files: [
      'pydicom/charset_files/chrArab.dcm',
      'pydicom/charset_files/chrFren.dcm',
      'pydicom/charset_files/chrFrenMulti.dcm',
      'pydicom/charset_files/chrGerm.dcm',
      'pydicom/charset_files/chrGreek.dcm',
      'pydicom/charset_files/chrHbrw.dcm',
      'pydicom/charset_files/chrI2.dcm',
      'pydicom/charset_files/chrRuss.dcm',
      'pydicom/charset_files/chrX1.dcm',
      'pydicom/charset_files/chrX2.dcm',
      'pydicom/test_files/image_dfl.dcm',
      'shared/chrFrenMulti.dcm',
      'shared/chrGreek.dcm',
      'shared/chrI2.dcm',
      'shared/chrX1.dcm',
      'shared/chrX2.dcm',
      'shared/image_dfl.dcm',
    ],
    paths: ['(0008,0090)'],
    aspect: 'values',
    ours: '["^^^^"]',
    theirs: '[]',
    reason: 'PS3.5 6.2.1.1: delimiters of empty components may be left out; we give the text as written',
  },
  {
    files: ['pydicom/test_files/image_dfl.dcm', 'shared/image_dfl.dcm'],
    paths: ['(0010,0010)'],
    aspect: 'values',
    ours: '["^^^^"]',
    theirs: '[]',
    reason: 'likewise',
  },
  {
    files: ['shared/wave_dfl.dcm'],
    paths: ['(0008,1070)'],
    aspect: 'values',
    ours: '["^"]',
    theirs: '[]',
    reason: 'likewise',
  },
  {
    files: ['pydicom/charset_files/chrX1.dcm', 'shared/chrX1.dcm'],
    paths: ['(0010,0010)'],
    aspect: 'values',
    ours: '["Wang^XiaoDong=王^小東="]',
    theirs: '["Wang^XiaoDong=王^小東"]',
    reason: 'likewise, of an empty component group',
  },
  {
    files: ['pydicom/charset_files/chrX2.dcm', 'shared/chrX2.dcm'],
    paths: ['(0010,0010)'],
    aspect: 'values',
    ours: '["Wang^XiaoDong=王^小东="]',
    theirs: '["Wang^XiaoDong=王^小东"]',
    reason: 'likewise, of an empty component group',
  },
  {
    files: [
      'pydicom/test_files/meta_missing_tsyntax.dcm',
      'pydicom/test_files/nested_priv_SQ.dcm',
      'shared/meta_missing_tsyntax.dcm',
      'shared/nested_priv_SQ.dcm',
    ],
    paths: ['(0001,0001)[0]/(0001,0002)'],
    aspect: 'field',
    ours: '9:cf0f55e088f3',
    theirs: '10:72bd7683f96f',
    reason: 'a value of odd length; DCMTK adds a byte, we give the field as it stands',
  },
  {
    files: ['pydicom/test_files/no_meta_group_length.dcm', 'shared/no_meta_group_length.dcm'],
    paths: ['(0002,0013)'],
    aspect: 'values',
    ours: '["1.4.1/WIN32"]',
    theirs: String.raw`["1.4.1/WIN32\u0000"]`,
    reason: 'an SH padded with NUL in place of a space: we take either for padding, as pydicom does',
  },
  {
    files: ['pydicom/test_files/badVR.dcm'],
    paths: ['(0028,0008)'],
    aspect: 'numbers',
    ours: '[null]',
    theirs: '["1A"]',
    reason: 'an IS that is no number: NaN here, text there; both keep the text',
  },
  {
    files: [
      'pydicom/test_files/MR_small_RLE.dcm',
      'pydicom/test_files/MR_small_jp2klossless.dcm',
      'pydicom/test_files/MR_small_jpeg_ls_lossless.dcm',
      'shared/CT1_UNC.fragmented_bot_jpeg_ls.80.dcm',
      'shared/MR_small_RLE.dcm',
      'shared/MR_small_jp2klossless.dcm',
      'shared/MR_small_jpeg_ls_lossless.dcm',
    ],
    paths: ['(FFFC,FFFC)'],
    aspect: 'presence',
    ours: 'is there',
    theirs: '-',
    reason: 'dcmodify, which takes the pixel data out for dcm2json, takes the padding along',
  },
  ...Object.entries(UN_BY_VR).map(
    ([vr, paths]): ListedDifference => ({
      files: RTDOSE_OF_UN,
      paths,
      aspect: 'vr',
      ours: vr,
      theirs: 'UN',
      reason: UN_REASON,
    }),
  ),
];
