/** Where pydicom 2.3 and we differ, and why. */
import type { ListedDifference } from './listed.ts';

/** The exact table. */
export const PYDICOM_DIFFERENCES: readonly ListedDifference[] = [
  {
    files: [
      'pydicom/test_files/MR_truncated.dcm',
      'pydicom/test_files/rtplan_truncated.dcm',
      'shared/MR_truncated.dcm',
    ],
    paths: [''],
    aspect: 'error',
    ours: 'truncated',
    theirs: '-',
    reason: 'the file ends inside an element; pydicom gives what is there unasked, we with keepTruncated, and the same',
  },
  {
    files: ['pydicom/charset_files/chrX1.dcm', 'shared/chrX1.dcm'],
    paths: ['(0010,0010)'],
    aspect: 'values',
    ours: '["Wang^XiaoDong=王^小東="]',
    theirs: '["Wang^XiaoDong=王^小東"]',
    reason:
      'PS3.5 6.2.1.1: a last component group that is empty may be left out with its delimiter; we give the text as written',
  },
  {
    files: ['pydicom/charset_files/chrX2.dcm', 'shared/chrX2.dcm'],
    paths: ['(0010,0010)'],
    aspect: 'values',
    ours: '["Wang^XiaoDong=王^小东="]',
    theirs: '["Wang^XiaoDong=王^小东"]',
    reason: 'as in chrX1.dcm',
  },
];
