/**
 * What one association has at the printer: its film session, film boxes, image boxes, annotation boxes and presentation LUTs. PS3.4 H.4.
 */
import { StatusError } from '@dicomwire/dimse';
import { DataSet, isValidUid, newUid } from '@dicomwire/dimse/dataset';
import type { Film, FilmImage } from './film.js';
import { readFilmImage } from './film-image.js';
import { type ImageBoxPlace, imageBoxPlaces } from './image-display-format.js';
import type { PrintOptions } from './print-options.js';
import { PrintSopClass, PrintStatus } from './print-sop-class.js';

interface ImageBox {
  readonly uid: string;
  readonly position: number;
  readonly place: ImageBoxPlace;
  attributes: DataSet;
  image: FilmImage | undefined;
}

interface AnnotationBox {
  readonly uid: string;
  readonly position: number;
  attributes: DataSet;
}

interface FilmBox {
  readonly uid: string;
  readonly attributes: DataSet;
  readonly isColor: boolean;
  readonly imageBoxes: readonly ImageBox[];
  readonly annotationBoxes: readonly AnnotationBox[];
}

/** The film session of an association, if it made one, and everything beneath it. */
export class PrintSession {
  readonly #options: PrintOptions;
  #session: { readonly uid: string; readonly attributes: DataSet } | undefined;
  readonly #filmBoxes = new Map<string, FilmBox>();
  readonly #luts = new Map<string, DataSet>();
  #imageBytes = 0;

  constructor(options: PrintOptions) {
    this.#options = options;
  }

  /** N-CREATE of a film session; an association has one. PS3.4 H.4.1.2.1. */
  createFilmSession(given: string | undefined, attributes: DataSet): string {
    if (this.#session !== undefined) throw new StatusError(processingFailure, 'There is a film session already');
    const uid = newInstance(given);
    this.#session = { uid, attributes };
    return uid;
  }

  /** N-CREATE of a film box, with its image boxes. PS3.4 H.4.2.2.1. */
  createFilmBox(
    given: string | undefined,
    attributes: DataSet,
    isColor: boolean,
  ): { readonly uid: string; readonly attributes: DataSet } {
    const session = attributes.get('ReferencedFilmSessionSequence')[0]?.get('ReferencedSOPInstanceUID');
    if (session === undefined) throw missing(0x20100500);
    if (this.#session === undefined || session !== this.#session.uid)
      throw invalid(0x20100500, 'There is no such film session');
    if (this.#filmBoxes.size >= (this.#options.maximumFilmBoxes ?? 100)) throw new StatusError(resourceLimitation);
    const format = attributes.texts('ImageDisplayFormat').join('\\');
    if (format === '') throw missing(0x20100010);
    const places = imageBoxPlaces(format);
    if (places === undefined) throw invalid(0x20100010, 'The image display format is not supported');
    const uid = newInstance(given);
    if (this.#filmBoxes.has(uid)) throw new StatusError(duplicateInstance);
    const imageBoxes = places.map((place, index) => ({
      uid: newUid(),
      position: index + 1,
      place,
      attributes: new DataSet(),
      image: undefined,
    }));
    const annotationCount =
      attributes.get('AnnotationDisplayFormatID') === undefined ? 0 : (this.#options.annotationBoxes ?? 6);
    const annotationBoxes = Array.from({ length: annotationCount }, (_each, index) => ({
      uid: newUid(),
      position: index + 1,
      attributes: new DataSet(),
    }));
    this.#filmBoxes.set(uid, { uid, attributes, isColor, imageBoxes, annotationBoxes });
    const imageClass = isColor ? PrintSopClass.colorImageBox : PrintSopClass.grayscaleImageBox;
    const answer = copyOf(attributes).set('ReferencedImageBoxSequence', references(imageClass, imageBoxes));
    if (annotationCount > 0) {
      answer.set('ReferencedBasicAnnotationBoxSequence', references(PrintSopClass.annotationBox, annotationBoxes));
    }
    return { uid, attributes: answer };
  }

  /** N-CREATE of a presentation LUT. PS3.4 H.4.9.1.2.1. */
  createPresentationLut(given: string | undefined, attributes: DataSet): string {
    const hasTable = attributes.get('PresentationLUTSequence').length > 0;
    const shape = attributes.get('PresentationLUTShape');
    if (!hasTable && shape === undefined) throw missing(0x20500020);
    if (!hasTable && shape !== 'IDENTITY' && shape !== 'LIN OD') throw invalid(0x20500020);
    if (this.#luts.size >= maximumLuts) throw new StatusError(resourceLimitation);
    const uid = newInstance(given);
    if (this.#luts.has(uid)) throw new StatusError(duplicateInstance);
    this.#luts.set(uid, attributes);
    return uid;
  }

  /** N-SET of the film session or a film box. */
  setAttributes(sopClassUid: string, uid: string, modifications: DataSet): void {
    const target = sopClassUid === PrintSopClass.filmSession ? this.#filmSession(uid) : this.#filmBox(uid);
    merge(target.attributes, modifications);
  }

  /** N-SET of an image box: what the film shows there, or nothing. PS3.4 H.4.3.1.2.1. */
  setImageBox(uid: string, modifications: DataSet, isColor: boolean): void {
    const box = this.#imageBox(uid);
    const position = modifications.get('ImageBoxPosition');
    if (position !== undefined && position !== box.position) throw invalid(0x20200010);
    const sequence = isColor ? 'BasicColorImageSequence' : 'BasicGrayscaleImageSequence';
    if (modifications.has(sequence)) {
      const [item] = modifications.get(sequence);
      const image = item === undefined ? undefined : readFilmImage(item);
      const more = (image?.pixelData.length ?? 0) - (box.image?.pixelData.length ?? 0);
      if (this.#imageBytes + more > (this.#options.maximumImageBytes ?? defaultMaximumImageBytes)) {
        throw new StatusError(PrintStatus.insufficientMemory);
      }
      this.#imageBytes += more;
      // A copy, since a view would keep the whole message.
      box.image = image === undefined ? undefined : { ...image, pixelData: image.pixelData.slice() };
    }
    const rest = copyOf(modifications);
    rest.delete(sequence);
    merge(box.attributes, rest);
  }

  /** N-SET of an annotation box. PS3.4 H.4.4. */
  setAnnotationBox(uid: string, modifications: DataSet): void {
    for (const { annotationBoxes } of this.#filmBoxes.values()) {
      const box = annotationBoxes.find((each) => each.uid === uid);
      if (box === undefined) continue;
      merge(box.attributes, modifications);
      return;
    }
    throw new StatusError(noSuchInstance);
  }

  /** N-DELETE: whatever lies beneath goes, too. */
  delete(sopClassUid: string, uid: string): void {
    switch (sopClassUid) {
      case PrintSopClass.filmSession:
        this.#filmSession(uid);
        this.#session = undefined;
        this.#filmBoxes.clear();
        this.#imageBytes = 0;
        return;
      case PrintSopClass.filmBox: {
        const { imageBoxes } = this.#filmBox(uid);
        for (const { image } of imageBoxes) this.#imageBytes -= image?.pixelData.length ?? 0;
        this.#filmBoxes.delete(uid);
        return;
      }
      default:
        if (!this.#luts.delete(uid)) throw new StatusError(noSuchInstance);
    }
  }

  /** Films to print: one of a film box, all of a session. @throws StatusError 0112, C600 */
  filmBoxesToPrint(sopClassUid: string, uid: string): readonly string[] {
    if (sopClassUid === PrintSopClass.filmBox) return [this.#filmBox(uid).uid];
    this.#filmSession(uid);
    if (this.#filmBoxes.size === 0) throw new StatusError(PrintStatus.noFilmBox);
    return [...this.#filmBoxes.keys()];
  }

  /** A film as it stands: what is changed afterwards does not change it. */
  film(filmBoxUid: string, printJobUid: string): Film {
    const box = this.#filmBox(filmBoxUid);
    const session = this.#session?.attributes ?? new DataSet();
    const lut = [box.attributes, session].flatMap((each) => each.get('ReferencedPresentationLUTSequence'))[0];
    return {
      filmBoxUid,
      printJobUid,
      isColor: box.isColor,
      copies: Math.max(1, session.get('NumberOfCopies') ?? 1),
      imageDisplayFormat: box.attributes.texts('ImageDisplayFormat').join('\\'),
      isLandscape: box.attributes.get('FilmOrientation') === 'LANDSCAPE',
      filmSizeId: box.attributes.get('FilmSizeID'),
      imageBoxes: box.imageBoxes.map(({ position, place, image, attributes }) => ({
        position,
        place,
        image,
        isReversed: attributes.get('Polarity') === 'REVERSE',
        attributes: copyOf(attributes),
      })),
      annotations: box.annotationBoxes.flatMap(({ position, attributes }) => {
        const text = attributes.get('TextString');
        return text === undefined ? [] : [{ position, text }];
      }),
      session: copyOf(session),
      filmBox: copyOf(box.attributes),
      presentationLut: this.#luts.get(lut?.get('ReferencedSOPInstanceUID') ?? ''),
    };
  }

  #filmSession(uid: string): { readonly uid: string; readonly attributes: DataSet } {
    if (this.#session?.uid !== uid) throw new StatusError(noSuchInstance);
    return this.#session;
  }

  #filmBox(uid: string): FilmBox {
    const box = this.#filmBoxes.get(uid);
    if (box === undefined) throw new StatusError(noSuchInstance);
    return box;
  }

  #imageBox(uid: string): ImageBox {
    for (const { imageBoxes } of this.#filmBoxes.values()) {
      const box = imageBoxes.find((each) => each.uid === uid);
      if (box !== undefined) return box;
    }
    throw new StatusError(noSuchInstance);
  }
}

function newInstance(given: string | undefined): string {
  if (given === undefined) return newUid();
  if (!isValidUid(given)) throw new StatusError(invalidObjectInstance);
  return given;
}

function references(sopClassUid: string, boxes: readonly { readonly uid: string }[]) {
  return boxes.map(({ uid }) => ({ ReferencedSOPClassUID: sopClassUid, ReferencedSOPInstanceUID: uid }));
}

function copyOf(dataSet: DataSet): DataSet {
  const copy = new DataSet();
  merge(copy, dataSet);
  return copy;
}

function merge(target: DataSet, modifications: DataSet): void {
  for (const { tag, vr, values, items } of modifications) target.set(tag, vr, vr === 'SQ' ? items : values);
}

function missing(tag: number): StatusError {
  return new StatusError(missingAttribute, undefined, { offendingElements: [tag] });
}

function invalid(tag: number, comment?: string): StatusError {
  return new StatusError(invalidAttributeValue, comment, { offendingElements: [tag] });
}

const defaultMaximumImageBytes = 512 * 1024 * 1024;
const maximumLuts = 100;

/** PS3.7 C.5. */
const invalidAttributeValue = 0x0106;
const processingFailure = 0x0110;
const duplicateInstance = 0x0111;
const noSuchInstance = 0x0112;
const invalidObjectInstance = 0x0117;
const missingAttribute = 0x0120;
const resourceLimitation = 0x0213;
