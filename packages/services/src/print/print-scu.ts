/**
 * Print management, as user. PS3.4 Annex H.
 */
import { DataSet, type DataSetInput } from '@dicomwire/dimse';
import type { Keyword } from '@dicomwire/dimse/dataset';
import { nService } from '../n-services/n-service-scp.js';
import { type NServices, nServicesOver, nServiceTransferSyntaxes } from '../n-services/n-service-scu.js';
import { type CallOptions, overLoan } from '../request-over.js';
import { ServiceError } from '../service-error.js';
import type { Loan, SessionLender } from '../session-lender.js';
import type { FilmImage } from './film.js';
import { filmImageItem } from './film-image.js';
import { imageBoxPlaces } from './image-display-format.js';
import { type PrintJobStatus, PrintSopClass, printAction, printerInstance, printJobEvents } from './print-sop-class.js';

/** An image to print: what {@link FilmImage} has, where most can be told from the rest. */
export interface ImageToPrint {
  readonly rows: number;
  readonly columns: number;
  /** `MONOCHROME1`, `MONOCHROME2`, or `RGB` for colour films. */
  readonly photometricInterpretation: 'MONOCHROME1' | 'MONOCHROME2' | 'RGB';
  /** Little endian; one sample a pixel, three for RGB. */
  readonly pixelData: Uint8Array;
  /** 8 or 16. Default: as the length of the pixel data says. */
  readonly bitsAllocated?: 8 | 16 | undefined;
  /** Default: `bitsAllocated`. Printers take 8 or 12. */
  readonly bitsStored?: number | undefined;
  /** Default: 0, colour by pixel. */
  readonly planarConfiguration?: 0 | 1 | undefined;
  /** Default: square pixels. */
  readonly pixelAspectRatio?: readonly [vertical: number, horizontal: number] | undefined;
  /** More attributes of the image box: polarity, magnification, requested image size, … */
  readonly imageBox?: DataSetInput | undefined;
}

/** One sheet. */
export interface FilmToPrint {
  /** `STANDARD\C,R`, `ROW\R1,R2,…`, `COL\C1,C2,…`, `SLIDE`, `SUPERSLIDE`, or what the printer has of its own. */
  readonly imageDisplayFormat: string;
  /** Images in order of position; `undefined` leaves a box empty. */
  readonly images: readonly (ImageToPrint | undefined)[];
  /** Texts in order of position; needs an annotation format of the printer's. */
  readonly annotations?: { readonly displayFormatId: string; readonly texts: readonly string[] } | undefined;
  /** More attributes of the film box: orientation, size, magnification, densities, … */
  readonly filmBox?: DataSetInput | undefined;
}

/** What is to be printed. */
export interface PrintRequest {
  /** Sheets, in order. */
  readonly films: readonly FilmToPrint[];
  /** True for colour. Default: true when an image is RGB. */
  readonly isColor?: boolean | undefined;
  /** Number of Copies (2000,0010). Default: 1. */
  readonly copies?: number | undefined;
  /** A presentation LUT for all films: a shape, or the attributes of one with a table. Default: none. */
  readonly presentationLut?: 'IDENTITY' | 'LIN OD' | DataSetInput | undefined;
  /** More attributes of the film session: medium, destination, priority, label, … */
  readonly session?: DataSetInput | undefined;
}

/** Options of {@link Print.films}. */
export interface PrintFilmsOptions extends CallOptions {
  /**
   * Waits until every job is done, milliseconds; 0 does not wait. Jobs are told of by events where the printer has the Print Job SOP class, and asked
   * for otherwise every second. Default: 0.
   */
  readonly waitForJobsMs?: number | undefined;
  /** Hears of jobs, as far as the printer tells. */
  readonly onJob?: ((job: { readonly sopInstanceUid: string; readonly status: PrintJobStatus }) => void) | undefined;
}

/** A film that the printer took. */
export interface PrintedFilm {
  /** SOP instance of the print job; `undefined` where the printer gives none. */
  readonly printJobUid: string | undefined;
  /** Status of the Print action: 0000, or a warning (B603 for a page without images, B604 for one that was made smaller, …). */
  readonly status: number;
  /** The status in words. */
  readonly meaning: string;
}

/** Print management. Group of a client: `client.print`. */
export interface Print {
  /**
   * Prints films: makes a film session, a film box for each, sets its image boxes and has it printed; deletes the session at the end.
   *
   * @throws ServiceError `refused` with what the printer did not like, `no-accepted-context`, `invalid-option` for more images than the
   * format has boxes; what kept an answer away
   */
  films(request: PrintRequest, options?: PrintFilmsOptions): Promise<readonly PrintedFilm[]>;
  /** How the printer is: N-GET of the Printer SOP instance, all attributes or those named. PS3.4 H.4.6. */
  printer(
    options?: CallOptions & { readonly attributes?: readonly (Keyword | number)[] | undefined },
  ): Promise<DataSet>;
  /** How a job is: N-GET of the Print Job SOP instance. PS3.4 H.4.5. */
  job(printJobUid: string, options?: CallOptions): Promise<DataSet>;
}

/** The same over sessions that are lent. */
export function printOver(lender: SessionLender): Print {
  return {
    films: (request, options = {}) => {
      const isColor = request.isColor ?? request.films.some(({ images }) => images.some(isRgb));
      const meta = isColor ? PrintSopClass.colorMeta : PrintSopClass.grayscaleMeta;
      return overLoan(lender, contextsOf(meta), options.signal, (loan) =>
        new PrintRun(lender, loan, meta, isColor, options).run(request),
      );
    },
    printer: async ({ attributes, ...options } = {}) => {
      const target = { sopClassUid: PrintSopClass.printer, sopInstanceUid: printerInstance, attributes };
      const abstractSyntax = [PrintSopClass.grayscaleMeta, PrintSopClass.colorMeta, PrintSopClass.printer];
      const { dataSet } = await nServicesOver(lender).get({ ...target, abstractSyntax }, options);
      return dataSet ?? new DataSet();
    },
    job: async (sopInstanceUid, options = {}) => {
      const contexts = contextsOf(PrintSopClass.grayscaleMeta);
      const { dataSet } = await nServicesOver(lender).get(
        { sopClassUid: PrintSopClass.printJob, sopInstanceUid },
        { ...options, contexts },
      );
      return dataSet ?? new DataSet();
    },
  };
}

/** The films of one call, on one association: a film session lives no longer. */
class PrintRun {
  readonly #n: NServices;
  readonly #loan: Loan;
  readonly #meta: string;
  readonly #isColor: boolean;
  readonly #options: PrintFilmsOptions;
  readonly #ended = new Map<string, PrintJobStatus>();
  #jobEnded: () => void = () => undefined;

  constructor(lender: SessionLender, loan: Loan, meta: string, isColor: boolean, options: PrintFilmsOptions) {
    // Every request of the run goes over the association that was lent for it.
    this.#n = nServicesOver({ ...lenderOf(loan), responseTimeoutMs: lender.responseTimeoutMs });
    this.#loan = loan;
    this.#meta = meta;
    this.#isColor = isColor;
    this.#options = options;
  }

  async run(request: PrintRequest): Promise<readonly PrintedFilm[]> {
    for (const film of request.films) checkImages(film);
    const stopServing = this.#loan.serve(this.#jobListener());
    try {
      const lut = await this.#createLut(request.presentationLut);
      const session = await this.#create(PrintSopClass.filmSession, {
        NumberOfCopies: request.copies ?? 1,
        ...request.session,
      });
      const printed: PrintedFilm[] = [];
      for (const film of request.films) printed.push(await this.#printFilm(film, session.sopInstanceUid, lut));
      await this.#waitForJobs(printed.flatMap(({ printJobUid }) => (printJobUid === undefined ? [] : [printJobUid])));
      await this.#n.delete(this.#target(PrintSopClass.filmSession, session.sopInstanceUid), this.#call);
      return printed;
    } finally {
      stopServing();
    }
  }

  async #printFilm(film: FilmToPrint, session: string, lut: DataSetInput | undefined): Promise<PrintedFilm> {
    const box = await this.#create(PrintSopClass.filmBox, {
      ImageDisplayFormat: film.imageDisplayFormat,
      AnnotationDisplayFormatID: film.annotations?.displayFormatId,
      ReferencedFilmSessionSequence: [
        { ReferencedSOPClassUID: PrintSopClass.filmSession, ReferencedSOPInstanceUID: session },
      ],
      ...lut,
      ...film.filmBox,
    });
    const imageBoxes = box.dataSet?.get('ReferencedImageBoxSequence') ?? [];
    if (film.images.length > imageBoxes.length) {
      const said = `The printer made ${imageBoxes.length} image boxes for ${film.images.length} images`;
      throw new ServiceError('invalid-response', said);
    }
    for (const [index, image] of film.images.entries()) {
      if (image !== undefined)
        await this.#setImage(imageBoxes[index]?.get('ReferencedSOPInstanceUID'), index + 1, image);
    }
    await this.#setAnnotations(film, box.dataSet?.get('ReferencedBasicAnnotationBoxSequence') ?? []);
    const target = this.#target(PrintSopClass.filmBox, box.sopInstanceUid);
    const { status, meaning, dataSet } = await this.#n.action({ ...target, actionTypeId: printAction }, this.#call);
    await this.#n.delete(target, this.#call);
    const printJobUid = dataSet?.get('ReferencedPrintJobSequence')[0]?.get('ReferencedSOPInstanceUID');
    return { printJobUid, status, meaning };
  }

  async #setImage(imageBoxUid: string | undefined, position: number, image: ImageToPrint): Promise<void> {
    if (imageBoxUid === undefined) throw new ServiceError('invalid-response', 'The printer names no image box');
    const modifications = DataSet.from({ ImageBoxPosition: position, ...image.imageBox });
    const sequence = this.#isColor ? 'BasicColorImageSequence' : 'BasicGrayscaleImageSequence';
    modifications.set(sequence, [filmImageItem(wholeImage(image))]);
    const sopClassUid = this.#isColor ? PrintSopClass.colorImageBox : PrintSopClass.grayscaleImageBox;
    await this.#n.set({ ...this.#target(sopClassUid, imageBoxUid), modifications }, this.#call);
  }

  async #setAnnotations({ annotations }: FilmToPrint, boxes: readonly DataSet[]): Promise<void> {
    for (const [index, text] of (annotations?.texts ?? []).entries()) {
      const sopInstanceUid = boxes[index]?.get('ReferencedSOPInstanceUID');
      if (sopInstanceUid === undefined)
        throw new ServiceError('invalid-response', 'The printer made too few annotation boxes');
      await this.#n.set(
        {
          sopClassUid: PrintSopClass.annotationBox,
          sopInstanceUid,
          modifications: { AnnotationPosition: index + 1, TextString: text },
        },
        this.#call,
      );
    }
  }

  async #createLut(lut: PrintRequest['presentationLut']): Promise<DataSetInput | undefined> {
    if (lut === undefined) return undefined;
    const attributes = typeof lut === 'string' ? { PresentationLUTShape: lut } : lut;
    const { sopInstanceUid } = await this.#n.create(
      { sopClassUid: PrintSopClass.presentationLut, attributes },
      this.#call,
    );
    return {
      ReferencedPresentationLUTSequence: [
        { ReferencedSOPClassUID: PrintSopClass.presentationLut, ReferencedSOPInstanceUID: sopInstanceUid },
      ],
    };
  }

  /** Events tell of the end; where none come, the printer is asked. */
  async #waitForJobs(jobs: readonly string[]): Promise<void> {
    const { waitForJobsMs = 0 } = this.#options;
    const { clock } = this.#loan.session.association;
    const end = clock.now() + waitForJobsMs;
    while (jobs.some((job) => !this.#ended.has(job)) && clock.now() < end) {
      const ended = new Promise<void>((resolve) => {
        this.#jobEnded = resolve;
      });
      const timer = clock.setTimer(() => this.#jobEnded(), Math.min(1000, end - clock.now()));
      await ended;
      timer.cancel();
      for (const job of jobs) if (!this.#ended.has(job)) await this.#askFor(job);
    }
  }

  async #askFor(sopInstanceUid: string): Promise<void> {
    if (this.#loan.session.findContext(PrintSopClass.printJob) === undefined) return;
    const target = { sopClassUid: PrintSopClass.printJob, sopInstanceUid, attributes: ['ExecutionStatus'] as const };
    const { dataSet } = await this.#n.get(target, this.#call);
    const status = dataSet?.get('ExecutionStatus');
    if (status === 'DONE' || status === 'FAILURE') this.#changed(sopInstanceUid, status);
  }

  #jobListener() {
    return nService({
      name: 'print-events',
      role: 'scu',
      sopClasses: [PrintSopClass.printJob, PrintSopClass.printer],
      eventReport: async ({ sopClassUid, sopInstanceUid = '', eventTypeId }) => {
        const status = jobStatuses.find((each) => printJobEvents[each] === eventTypeId);
        if (sopClassUid === PrintSopClass.printJob && status !== undefined) this.#changed(sopInstanceUid, status);
      },
    });
  }

  #changed(sopInstanceUid: string, status: PrintJobStatus): void {
    if (this.#ended.has(sopInstanceUid)) return;
    this.#options.onJob?.({ sopInstanceUid, status });
    if (status !== 'DONE' && status !== 'FAILURE') return;
    this.#ended.set(sopInstanceUid, status);
    this.#jobEnded();
  }

  #create(sopClassUid: string, attributes: DataSetInput) {
    return this.#n.create({ sopClassUid, abstractSyntax: this.#meta, attributes }, this.#call);
  }

  #target(sopClassUid: string, sopInstanceUid: string) {
    return { sopClassUid, sopInstanceUid, abstractSyntax: this.#meta };
  }

  /** The signal holds for the whole run already. */
  get #call(): CallOptions {
    return { timeoutMs: this.#options.timeoutMs };
  }
}

/** A lender of an association that is lent already. */
function lenderOf(loan: Loan): SessionLender {
  const borrowed: Loan = { ...loan, isNew: false, giveBack: async () => undefined };
  return { usualContexts: [], responseTimeoutMs: undefined, borrow: async () => borrowed };
}

function contextsOf(meta: string) {
  return [meta, PrintSopClass.printJob, PrintSopClass.presentationLut, PrintSopClass.annotationBox].map(
    (abstractSyntax) => ({ abstractSyntax, transferSyntaxes: nServiceTransferSyntaxes }),
  );
}

function checkImages({ imageDisplayFormat, images }: FilmToPrint): void {
  const boxes = imageBoxPlaces(imageDisplayFormat)?.length;
  if (boxes !== undefined && images.length > boxes) {
    throw new ServiceError('invalid-option', `${imageDisplayFormat} has ${boxes} image boxes, not ${images.length}`);
  }
  for (const image of images) if (image !== undefined) wholeImage(image);
}

function isRgb(image: ImageToPrint | undefined): boolean {
  return image?.photometricInterpretation === 'RGB';
}

/** @throws ServiceError `invalid-option` when the pixel data are of another length than the rest says. */
function wholeImage(image: ImageToPrint): FilmImage {
  const { rows, columns, photometricInterpretation, pixelData } = image;
  const samplesPerPixel = isRgb(image) ? 3 : 1;
  const samples = rows * columns * samplesPerPixel;
  const bitsAllocated = image.bitsAllocated ?? (pixelData.length >= samples * 2 ? 16 : 8);
  const byteLength = (samples * bitsAllocated) / 8;
  if (pixelData.length !== byteLength || samples === 0) {
    const said = `An image of ${rows} rows and ${columns} columns has ${byteLength} bytes, not ${pixelData.length}`;
    throw new ServiceError('invalid-option', said);
  }
  return {
    rows,
    columns,
    photometricInterpretation,
    samplesPerPixel,
    bitsAllocated,
    bitsStored: image.bitsStored ?? bitsAllocated,
    planarConfiguration: image.planarConfiguration ?? 0,
    pixelAspectRatio: image.pixelAspectRatio ?? [1, 1],
    pixelData,
  };
}

const jobStatuses = ['PENDING', 'PRINTING', 'DONE', 'FAILURE'] as const;
