/**
 * In which of the accepted presentation contexts an object is sent.
 */
import type { Association, NegotiatedContext } from '@dicomwire/dimse';
import { transferSyntaxName } from '@dicomwire/dimse/dataset';
import type { Conversion } from './conversion.js';
import type { ObjectSyntax } from './plan-contexts.js';

/** A context for an object. */
export interface ChosenContext {
  readonly context: NegotiatedContext;
  /** The transfer syntax that the object is to be brought into; `undefined` when it is sent as it stands. */
  readonly convertTo: string | undefined;
}

/** The contexts of an association in which we may send. */
export class StoreContexts {
  readonly #conversion: Conversion;
  readonly #bySyntax = new Map<string, NegotiatedContext>();
  readonly #bySopClass = new Map<string, NegotiatedContext[]>();

  constructor(association: Association, conversion: Conversion) {
    this.#conversion = conversion;
    for (const context of association.negotiated.acceptedContexts) {
      if (!maySend(association, context.abstractSyntax)) continue;
      const key = keyOf(context.abstractSyntax, context.transferSyntax);
      if (!this.#bySyntax.has(key)) this.#bySyntax.set(key, context);
      const others = this.#bySopClass.get(context.abstractSyntax);
      if (others === undefined) this.#bySopClass.set(context.abstractSyntax, [context]);
      else others.push(context);
    }
  }

  /** The context in which an object can go as it stands, else one that it can be converted for. */
  choose({ sopClassUid, transferSyntaxUid }: ObjectSyntax): ChosenContext | undefined {
    const own = this.#bySyntax.get(keyOf(sopClassUid, transferSyntaxUid));
    if (own !== undefined) return { context: own, convertTo: undefined };
    for (const convertTo of this.#conversion.targets(transferSyntaxUid)) {
      const context = this.#bySyntax.get(keyOf(sopClassUid, convertTo));
      if (context !== undefined) return { context, convertTo };
    }
    return undefined;
  }

  /** Why there is none. */
  explain({ sopClassUid, transferSyntaxUid }: ObjectSyntax): Error {
    const others = this.#bySopClass.get(sopClassUid) ?? [];
    const wanted = `SOP class ${sopClassUid} in ${transferSyntaxName(transferSyntaxUid)}`;
    if (others.length === 0)
      return new Error(`The peer does not accept ${wanted}, nor in any other transfer syntax offered`);
    const names = others.map((context) => transferSyntaxName(context.transferSyntax ?? '')).join(', ');
    return new Error(`The peer does not accept ${wanted}, but in ${names}`);
  }
}

/** Whether we are SCU of a SOP class: as requestor unless it was refused, as acceptor where it was granted. PS3.7 D.3.3.4. */
function maySend({ role, negotiated }: Association, sopClassUid: string): boolean {
  const selection = negotiated.roleSelections.get(sopClassUid);
  return role === 'requestor' ? selection?.scuRole !== false : selection?.scpRole === true;
}

function keyOf(sopClassUid: string, transferSyntaxUid: string | undefined): string {
  return `${sopClassUid} ${transferSyntaxUid}`;
}
