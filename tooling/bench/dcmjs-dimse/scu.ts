/**
 * A client made with dcmjs-dimse, one association: `node scu.ts HOST PORT CALLED echo COUNT` or
 * `node scu.ts HOST PORT CALLED store FILE…`.
 */
import dcmjsDimse from 'dcmjs-dimse';
import './without-nagle.ts';

const { Client } = dcmjsDimse;
const { CEchoRequest, CStoreRequest } = dcmjsDimse.requests;
const { Status } = dcmjsDimse.constants;

const [host = '', port, called = '', command, ...rest] = process.argv.slice(2);
const requests =
  command === 'echo'
    ? Array.from({ length: Number(rest[0]) }, () => new CEchoRequest())
    : rest.map((path) => new CStoreRequest(path));

dcmjsDimse.log.setLevel('error');
let answered = 0;
const client = new Client();
for (const request of requests) {
  request.on('response', (response) => {
    if (response.getStatus() === Status.Success) answered++;
  });
  client.addRequest(request);
}
client.on('closed', () => {
  process.exitCode = answered === requests.length ? 0 : 1;
});
client.on('networkError', (error) => {
  console.error(error);
  process.exitCode = 1;
});
client.send(host, Number(port), 'DCMJS', called, { associationLingerTimeout: 0 });
