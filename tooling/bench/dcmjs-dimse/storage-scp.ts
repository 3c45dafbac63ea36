/**
 * A storage SCP made with dcmjs-dimse, as quick as it gets: data sets are streamed to files, never parsed.
 * `node storage-scp.ts PORT DIRECTORY`
 */
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import dcmjsDimse from 'dcmjs-dimse';
import './without-nagle.ts';

const { Server, Scp } = dcmjsDimse;
const { CEchoResponse, CStoreResponse } = dcmjsDimse.responses;
const { PresentationContextResult, Status } = dcmjsDimse.constants;

const [port, directory = '.'] = process.argv.slice(2);
let files = 0;

class StreamingScp extends Scp {
  override associationRequested(association: Parameters<InstanceType<typeof Scp>['associationRequested']>[0]): void {
    association.setMaxPduLength(131_072);
    for (const { id } of association.getPresentationContexts()) {
      const context = association.getPresentationContext(id);
      context.setResult(PresentationContextResult.Accept, context.getTransferSyntaxUids()[0]);
    }
    this.sendAssociationAccept();
  }

  override createStoreWritableStream() {
    return createWriteStream(join(directory, `${process.pid}-${files++}`));
  }

  override createDatasetFromStoreWritableStream(
    ...[, , callback]: Parameters<InstanceType<typeof Scp>['createDatasetFromStoreWritableStream']>
  ): void {
    // No data set is made: that would parse the whole object.
    Reflect.apply(callback, undefined, [undefined]);
  }

  override cStoreRequest(...[request, callback]: Parameters<InstanceType<typeof Scp>['cStoreRequest']>): void {
    const response = CStoreResponse.fromRequest(request);
    response.setStatus(Status.Success);
    callback(response);
  }

  override cEchoRequest(...[request, callback]: Parameters<InstanceType<typeof Scp>['cEchoRequest']>): void {
    const response = CEchoResponse.fromRequest(request);
    response.setStatus(Status.Success);
    callback(response);
  }

  override associationReleaseRequested(): void {
    this.sendAssociationReleaseResponse();
  }
}

dcmjsDimse.log.setLevel('error');
new Server(StreamingScp).listen(Number(port));
