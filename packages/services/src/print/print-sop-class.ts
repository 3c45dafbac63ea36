/** SOP classes, actions, events and statuses of print management. PS3.4 Annex H. */
import { SopClass, WellKnownUid } from '@dicomwire/dimse/dataset';

/** The classes of print management by what they are. */
export const PrintSopClass = {
  filmSession: SopClass.BasicFilmSession,
  filmBox: SopClass.BasicFilmBox,
  grayscaleImageBox: SopClass.BasicGrayscaleImageBox,
  colorImageBox: SopClass.BasicColorImageBox,
  annotationBox: SopClass.BasicAnnotationBox,
  presentationLut: SopClass.PresentationLUT,
  printJob: SopClass.PrintJob,
  printer: SopClass.Printer,
  printerConfiguration: SopClass.PrinterConfigurationRetrieval,
  /** Film session, film box, grayscale image box and printer in one context. PS3.4 H.3.2.2.1. */
  grayscaleMeta: SopClass.BasicGrayscalePrintManagementMeta,
  /** The same with colour image boxes. PS3.4 H.3.2.2.2. */
  colorMeta: SopClass.BasicColorPrintManagementMeta,
} as const;

/** The one instance of the Printer SOP class. PS3.4 H.4.6.3. */
export const printerInstance: string = WellKnownUid.PrinterInstance;
/** The one instance of the Printer Configuration Retrieval SOP class. */
export const printerConfigurationInstance: string = WellKnownUid.PrinterConfigurationRetrievalInstance;

/** Action Type ID of Print, for film boxes and film sessions. PS3.4 H.4.1.2.4, H.4.2.2.4. */
export const printAction = 1;

/** Event Type IDs of the Print Job SOP class. PS3.4 Table H.4-21. */
export const printJobEvents = { PENDING: 1, PRINTING: 2, DONE: 3, FAILURE: 4 } as const;

/** Execution Status (2100,0020). PS3.3 C.13.8. */
export type PrintJobStatus = keyof typeof printJobEvents;

/** Event Type IDs of the Printer SOP class. PS3.4 Table H.4-16. */
export const printerEvents = { NORMAL: 1, WARNING: 2, FAILURE: 3 } as const;

/** Printer Status (2110,0010). PS3.3 C.13.9. */
export type PrinterStatus = keyof typeof printerEvents;

/** Statuses of their own. PS3.4 H.4. */
export const PrintStatus = {
  /** A page without images was printed. */
  emptyPage: 0xb603,
  /** A session whose film boxes have no images. */
  emptyPages: 0xb602,
  /** There is no film box to print. */
  noFilmBox: 0xc600,
  /** The queue is full. */
  queueFull: 0xc602,
  /** There is not enough memory for the image. */
  insufficientMemory: 0xc605,
} as const;
