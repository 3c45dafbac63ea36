/** How a print provider is set up. */
import type { DataSetInput } from '@dicomwire/dimse';
import type { AssociationFacts } from '../service.js';
import type { Film } from './film.js';
import type { PrinterStatus } from './print-sop-class.js';

/** Options of {@link print}. */
export interface PrintOptions {
  /**
   * Prints one film. The job is DONE when it resolves and a FAILURE when it rejects; the peer, which has its answer by then, hears of either if it
   * negotiated the Print Job SOP class and is still there.
   */
  printFilm(film: Film, association: AssociationFacts): Promise<void>;
  /** How the printer is. Default: NORMAL. Anything that is asked for while it is a FAILURE is printed all the same: `printFilm` decides. */
  readonly status?: (() => { readonly status: PrinterStatus; readonly info?: string | undefined }) | undefined;
  /** More attributes of the Printer SOP instance: name, manufacturer, model, … Default: a printer name. */
  readonly printer?: DataSetInput | undefined;
  /** Attributes of the Printer Configuration SOP instance. Default: it is refused (0112). */
  readonly configuration?: DataSetInput | undefined;
  /** Takes colour image boxes. Default: true. */
  readonly takesColor?: boolean | undefined;
  /** Annotation boxes that a film box gets when it names an annotation format. Default: 6. */
  readonly annotationBoxes?: number | undefined;
  /** Most bytes of images that one association may have on films that it has not deleted; more is refused with C605. Default: 512 MiB. */
  readonly maximumImageBytes?: number | undefined;
  /** Most film boxes of one session; more are refused with 0213. Default: 100. */
  readonly maximumFilmBoxes?: number | undefined;
  /** Most films that wait to be printed; more are refused with C602. Default: 100. */
  readonly maximumQueuedFilms?: number | undefined;
  /** Hears of a film that was not printed, and of whatever `printFilm` threw. Default: nobody. */
  readonly onError?: ((error: unknown, film: Film) => void) | undefined;
}
