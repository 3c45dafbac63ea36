/**
 * Print management, as provider. PS3.4 Annex H.
 */
import { type IncomingRequest, StatusError } from '@dicomwire/dimse';
import { DataSet } from '@dicomwire/dimse/dataset';
import { checkFunction } from '../check-options.js';
import {
  type NActionRequest,
  type NServiceAnswer,
  type NServiceRequest,
  nService,
} from '../n-services/n-service-scp.js';
import type { AssociationFacts, Service } from '../service.js';
import { defaultPrinterName, PrintJobs } from './print-jobs.js';
import type { PrintOptions } from './print-options.js';
import { PrintSession } from './print-session.js';
import {
  type PrintJobStatus,
  PrintSopClass,
  PrintStatus,
  printAction,
  printerConfigurationInstance,
  printerInstance,
  printJobEvents,
} from './print-sop-class.js';

/**
 * A printer: takes film sessions, film boxes and image boxes, grayscale and colour, and hands on each film that is to be printed.
 * Whatever an association made is gone with it; films that it had printed are printed all the same.
 *
 * @example
 * ```ts
 * import { connect, createScp, print } from '@dicomwire/services';
 *
 * const printed: string[] = [];
 * const scp = createScp({
 *   aeTitle: 'PRINTER',
 *   services: [print({ printFilm: async (film) => void printed.push(`${film.imageDisplayFormat} ${film.copies}`) })],
 * });
 * const { port } = await scp.listen({ host: '127.0.0.1', port: 0 });
 *
 * const printer = await connect({ host: '127.0.0.1', port, calledAeTitle: 'PRINTER', callingAeTitle: 'CT1', services: [] });
 * await printer.print.films({
 *   copies: 2,
 *   films: [
 *     {
 *       imageDisplayFormat: 'STANDARD\\1,1',
 *       images: [{ rows: 2, columns: 2, photometricInterpretation: 'MONOCHROME2', pixelData: new Uint8Array(4) }],
 *     },
 *   ],
 * });
 * await printer.release();
 * await scp.close();
 * ```
 */
export function print(options: PrintOptions): Service {
  checkFunction('print', 'printFilm', options.printFilm);
  return new PrintProvider(options).service;
}

class PrintProvider {
  readonly service: Service;
  readonly #options: PrintOptions;
  readonly #jobs: PrintJobs;
  readonly #sessions = new WeakMap<AssociationFacts, PrintSession>();

  constructor(options: PrintOptions) {
    this.#options = options;
    this.#jobs = new PrintJobs(options);
    const color = options.takesColor === false ? [] : [PrintSopClass.colorImageBox];
    const colorMeta = options.takesColor === false ? [] : [PrintSopClass.colorMeta];
    this.service = nService({
      name: 'print',
      sopClasses: [
        PrintSopClass.filmSession,
        PrintSopClass.filmBox,
        PrintSopClass.grayscaleImageBox,
        ...color,
        PrintSopClass.annotationBox,
        PrintSopClass.presentationLut,
        PrintSopClass.printJob,
        PrintSopClass.printer,
        PrintSopClass.printerConfiguration,
      ],
      abstractSyntaxes: [PrintSopClass.grayscaleMeta, ...colorMeta],
      maxDataSetBytes: maximumImageBytes,
      create: async (request) => this.#create(request),
      set: async (request) => this.#set(request),
      get: async (request) => this.#get(request),
      action: async (request) => this.#print(request),
      delete: async (request) => this.#delete(request),
    });
  }

  #create({ sopClassUid, sopInstanceUid, dataSet, association, message }: NServiceRequest): NServiceAnswer {
    const session = this.#sessionOf(association);
    switch (sopClassUid) {
      case PrintSopClass.filmSession:
        return { sopInstanceUid: session.createFilmSession(sopInstanceUid, dataSet), dataSet };
      case PrintSopClass.filmBox: {
        const isColor = message.context.abstractSyntax === PrintSopClass.colorMeta;
        const { uid, attributes } = session.createFilmBox(sopInstanceUid, dataSet, isColor);
        return { sopInstanceUid: uid, dataSet: attributes };
      }
      case PrintSopClass.presentationLut:
        return { sopInstanceUid: session.createPresentationLut(sopInstanceUid, dataSet), dataSet };
      default:
        throw new StatusError(unrecognizedOperation);
    }
  }

  #set({ sopClassUid, sopInstanceUid = '', dataSet, association }: NServiceRequest): NServiceAnswer {
    const session = this.#sessionOf(association);
    switch (sopClassUid) {
      case PrintSopClass.filmSession:
      case PrintSopClass.filmBox:
        session.setAttributes(sopClassUid, sopInstanceUid, dataSet);
        return undefined;
      case PrintSopClass.grayscaleImageBox:
      case PrintSopClass.colorImageBox:
        session.setImageBox(sopInstanceUid, dataSet, sopClassUid === PrintSopClass.colorImageBox);
        return undefined;
      case PrintSopClass.annotationBox:
        session.setAnnotationBox(sopInstanceUid, dataSet);
        return undefined;
      default:
        throw new StatusError(unrecognizedOperation);
    }
  }

  #get({ sopClassUid, sopInstanceUid = '' }: NServiceRequest): NServiceAnswer {
    switch (sopClassUid) {
      case PrintSopClass.printer: {
        if (sopInstanceUid !== printerInstance) throw new StatusError(noSuchInstance);
        const { status, info = 'NORMAL' } = this.#options.status?.() ?? { status: 'NORMAL' };
        return {
          dataSet: {
            PrinterName: defaultPrinterName,
            ...this.#options.printer,
            PrinterStatus: status,
            PrinterStatusInfo: info,
          },
        };
      }
      case PrintSopClass.printerConfiguration: {
        const { configuration } = this.#options;
        const isKnown = sopInstanceUid === printerConfigurationInstance && configuration !== undefined;
        if (!isKnown) throw new StatusError(noSuchInstance);
        return { dataSet: configuration };
      }
      case PrintSopClass.printJob: {
        const job = this.#jobs.get(sopInstanceUid);
        if (job === undefined) throw new StatusError(noSuchInstance);
        return { dataSet: job };
      }
      default:
        throw new StatusError(unrecognizedOperation);
    }
  }

  /** N-ACTION Print. PS3.4 H.4.1.2.4, H.4.2.2.4. */
  #print({ sopClassUid, sopInstanceUid = '', actionTypeId, association, message }: NActionRequest): NServiceAnswer {
    if (sopClassUid !== PrintSopClass.filmBox && sopClassUid !== PrintSopClass.filmSession) {
      throw new StatusError(unrecognizedOperation);
    }
    if (actionTypeId !== printAction) throw new StatusError(noSuchAction);
    const session = this.#sessionOf(association);
    const filmBoxes = session.filmBoxesToPrint(sopClassUid, sopInstanceUid);
    if (!this.#jobs.hasRoomFor(filmBoxes.length)) throw new StatusError(PrintStatus.queueFull);
    let isEmpty = false;
    const makeFilms = (printJobUid: string) => {
      const films = filmBoxes.map((uid) => session.film(uid, printJobUid));
      isEmpty = films.every(({ imageBoxes }) => imageBoxes.every(({ image }) => image === undefined));
      return films;
    };
    const job = this.#jobs.add(makeFilms, association, (uid, status, attributes) =>
      this.#tell(message, uid, status, attributes),
    );
    const emptyStatus = sopClassUid === PrintSopClass.filmBox ? PrintStatus.emptyPage : PrintStatus.emptyPages;
    return {
      status: isEmpty ? emptyStatus : 0x0000,
      dataSet: {
        ReferencedPrintJobSequence: [{ ReferencedSOPClassUID: PrintSopClass.printJob, ReferencedSOPInstanceUID: job }],
      },
    };
  }

  #delete({ sopClassUid, sopInstanceUid = '', association }: NServiceRequest): NServiceAnswer {
    const deletable: readonly string[] = [
      PrintSopClass.filmSession,
      PrintSopClass.filmBox,
      PrintSopClass.presentationLut,
    ];
    if (!deletable.includes(sopClassUid)) throw new StatusError(unrecognizedOperation);
    this.#sessionOf(association).delete(sopClassUid, sopInstanceUid);
    return undefined;
  }

  /** N-EVENT-REPORT of a job, to who negotiated that and is still there. PS3.4 H.4.5.2.1. */
  #tell({ session, signal }: IncomingRequest, uid: string, status: PrintJobStatus, attributes: DataSet): void {
    const context = session.findContext(PrintSopClass.printJob);
    if (context === undefined || signal.aborted) return;
    const information = new DataSet();
    for (const keyword of ['ExecutionStatusInfo', 'FilmSessionLabel', 'PrinterName'] as const) {
      const value = attributes.get(keyword);
      if (value !== undefined) information.set(keyword, value);
    }
    session
      .request(
        {
          type: 'N-EVENT-REPORT-RQ',
          affectedSopClassUid: PrintSopClass.printJob,
          affectedSopInstanceUid: uid,
          eventTypeId: printJobEvents[status],
        },
        { contextId: context.id, dataSet: information },
      )
      // Who has gone does not want to hear it.
      .catch(() => undefined);
  }

  #sessionOf(association: AssociationFacts): PrintSession {
    let session = this.#sessions.get(association);
    if (session === undefined) {
      session = new PrintSession(this.#options);
      this.#sessions.set(association, session);
    }
    return session;
  }
}

/** Of one image box: 10,000 x 8,000 pixels of 16 bits and what goes with them. */
const maximumImageBytes = 176 * 1024 * 1024;

/** PS3.7 C.5. */
const noSuchInstance = 0x0112;
const noSuchAction = 0x0123;
const unrecognizedOperation = 0x0211;
