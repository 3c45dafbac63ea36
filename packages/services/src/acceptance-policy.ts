/**
 * What the services together accept, as the policy of an acceptor.
 */
import type { AcceptancePolicy, TransferSyntaxChoice } from '@dicomwire/dimse';
import { SopClass, TransferSyntax } from '@dicomwire/dimse/dataset';
import type { ScpOptions } from './scp-options.js';
import type { Service } from './service.js';

/** The policy of a provider with these options. */
export function acceptancePolicy(options: ScpOptions): AcceptancePolicy {
  const { aeTitle, services, checkCalledAeTitle = false, allowedCallingAeTitles, maximumLength } = options;
  const { maximumOperations = 16 } = options;
  const supported = supportedContexts(services);
  const forOthers = services.find((service) => service.acceptsAnySopClass === true);
  return {
    calledAeTitles: checkCalledAeTitle ? [aeTitle] : undefined,
    callingAeTitles: allowedCallingAeTitles,
    presentationContexts: [...supported].map(([abstractSyntax, transferSyntaxes]) => ({
      abstractSyntax,
      transferSyntaxes,
    })),
    otherAbstractSyntax:
      forOthers === undefined
        ? undefined
        : (abstractSyntax) => (isOfAnotherService(abstractSyntax) ? undefined : transferSyntaxesOf(forOthers)),
    // The requestor's order tells which form its objects have; any other choice would make it convert them.
    transferSyntaxPreference: 'requestor',
    roleSelection: roleSelection(services),
    sopClassExtendedNegotiation: ({ sopClassUid, serviceClassApplicationInformation }) => {
      const service = services.find((each) => each.extendedNegotiation && each.sopClasses.includes(sopClassUid));
      const answer = service?.extendedNegotiation?.(sopClassUid, serviceClassApplicationInformation);
      return answer === undefined ? undefined : { sopClassUid, serviceClassApplicationInformation: answer };
    },
    asynchronousOperationsWindow: { maximumOperationsInvoked: maximumOperations, maximumOperationsPerformed: 1 },
    maximumLength,
  };
}

/** Each role goes to the requestor where a service of ours plays the other one. PS3.7 D.3.3.4. */
function roleSelection(services: readonly Service[]): AcceptancePolicy['roleSelection'] {
  const performed = new Set(services.filter(isScp).flatMap(({ sopClasses }) => sopClasses));
  const used = new Set(
    services.flatMap((service) => [...(isScp(service) ? [] : service.sopClasses), ...invoked(service)]),
  );
  const hasAny = services.some((service) => service.acceptsAnySopClass === true);
  return ({ sopClassUid, scuRole, scpRole }) => {
    const isPerformed = performed.has(sopClassUid) || (hasAny && !isOfAnotherService(sopClassUid));
    if (!isPerformed && !used.has(sopClassUid)) return undefined;
    return { scuRole: scuRole && isPerformed, scpRole: scpRole && used.has(sopClassUid) };
  };
}

function isScp({ role = 'scp' }: Service): boolean {
  return role === 'scp';
}

function invoked({ invokes = [] }: Service): readonly string[] {
  return invokes;
}

/** What is accepted for an abstract syntax. */
interface Supported {
  readonly transferSyntaxes: readonly string[] | 'any';
  /** Whether their order decides, rather than the requestor's. */
  readonly isOrdered: boolean;
}

/** Transfer syntaxes by abstract syntax; of services that share one, those of all. */
function supportedContexts(services: readonly Service[]): Map<string, TransferSyntaxChoice> {
  const supported = new Map<string, Supported>();
  for (const service of services) {
    const own = transferSyntaxesOf(service);
    const isOrdered = service.transferSyntaxPreference === 'own';
    for (const sopClass of service.sopClasses) {
      const transferSyntaxes = service.transferSyntaxesBySopClass?.[sopClass] ?? own;
      support(supported, sopClass, { transferSyntaxes, isOrdered });
    }
    const sent = { transferSyntaxes: service.invokesTransferSyntaxes ?? own, isOrdered: false };
    for (const sopClass of invoked(service)) support(supported, sopClass, sent);
  }
  return new Map([...supported].map(([sopClass, each]) => [sopClass, choiceOf(each)]));
}

function support(supported: Map<string, Supported>, sopClass: string, one: Supported): void {
  const other = supported.get(sopClass);
  if (other === undefined) {
    supported.set(sopClass, one);
    return;
  }
  const [first, second] = one.isOrdered ? [one, other] : [other, one];
  supported.set(sopClass, {
    transferSyntaxes: union(first.transferSyntaxes, second.transferSyntaxes),
    isOrdered: first.isOrdered,
  });
}

function choiceOf({ transferSyntaxes, isOrdered }: Supported): TransferSyntaxChoice {
  if (!isOrdered || transferSyntaxes === 'any') return transferSyntaxes;
  return (proposed) => transferSyntaxes.find((uid) => proposed.includes(uid));
}

function transferSyntaxesOf(service: Service): readonly string[] | 'any' {
  return service.transferSyntaxes ?? uncompressed;
}

function union(one: readonly string[] | 'any', other: readonly string[] | 'any'): readonly string[] | 'any' {
  return one === 'any' || other === 'any' ? 'any' : [...new Set([...one, ...other])];
}

/** A class that the standard defines and that no service here names is not to be taken for an object of a kind unknown to us. */
function isOfAnotherService(abstractSyntax: string): boolean {
  standardSopClasses ??= new Set(Object.values(SopClass));
  return standardSopClasses.has(abstractSyntax);
}

let standardSopClasses: ReadonlySet<string> | undefined;

const uncompressed: readonly string[] = [
  TransferSyntax.ExplicitVRLittleEndian,
  TransferSyntax.ImplicitVRLittleEndian,
  TransferSyntax.DeflatedExplicitVRLittleEndian,
  TransferSyntax.ExplicitVRBigEndian,
];
