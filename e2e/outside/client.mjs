// The official JavaScript client against an agent, with an SVID as its client certificate.
// Arguments: ADDRESS CREDENTIALS OTHER_CREDENTIALS SCENARIO, the credentials as folders with svid.pem, key.pem, bundle.pem.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { credentials } from '@grpc/grpc-js';
import {
  AgentCard,
  CancelTaskRequest,
  GetTaskRequest,
  ListTasksRequest,
  Message,
  SendMessageRequest,
  StreamResponse,
  SubscribeToTaskRequest,
  Task,
  TaskPushNotificationConfig,
} from '@a2a-js/sdk';
import { ClientFactory } from '@a2a-js/sdk/client';
import { GrpcTransportFactory } from '@a2a-js/sdk/client/grpc';

const [address, own, other, scenario] = process.argv.slice(2);
const pem = (folder, file) => readFileSync(`${folder}/${file}.pem`);

function fetchCard(folder) {
  const options = folder
    ? { ca: pem(folder, 'bundle'), cert: pem(folder, 'svid'), key: pem(folder, 'key') }
    : { ca: pem(own, 'bundle') };
  return new Promise((resolve, reject) => {
    // The server speaks HTTP/1.1 and HTTP/2 on one port, and asks which (RFC 7301).
    const ask = request(`https://${address}/.well-known/agent-card.json`, { ...options, ALPNProtocols: ['http/1.1'] }, (answer) => {
      let text = '';
      answer.on('data', (piece) => (text += piece));
      answer.on('end', () => (answer.statusCode === 200 ? resolve(JSON.parse(text)) : reject(new Error(text))));
    });
    ask.on('error', reject);
    ask.end();
  });
}

async function connect(card, folder) {
  const tls = credentials.createSsl(pem(folder, 'bundle'), pem(folder, 'key'), pem(folder, 'svid'));
  const factory = new ClientFactory({
    transports: [new GrpcTransportFactory({ grpcChannelCredentials: tls })],
    preferredTransports: ['GRPC'],
  });
  return factory.createFromAgentCard(AgentCard.fromJSON(card));
}

let made = 0;
function message(prefix, configuration = {}) {
  const part =
    scenario === 'ingester' ? { data: {} } : { text: 'hello' };
  const metadata = scenario === 'ingester' ? { capability: 'health' } : {};
  return SendMessageRequest.fromJSON({
    message: { messageId: `${prefix}-${process.pid}-${++made}`, role: 'ROLE_USER', parts: [part], metadata },
    configuration,
  });
}

// Answers come as tasks or messages, bare; what they are in JSON is what the protocol says.
const asJson = (kind, value) => kind.toJSON(value);
const taskOf = (value) => asJson(Task, value.payload?.value ?? value);

async function collect(events) {
  const all = [];
  for await (const event of events) all.push(asJson(StreamResponse, event));
  return all;
}

async function refused(what, attempt) {
  // Some are refused by the client itself, which has read the card.
  await assert.rejects(async () => attempt(), what);
  console.log(`passed: ${what} is refused`);
}

function passed(what) {
  console.log(`passed: ${what}`);
}

const card = await fetchCard(own);
assert.equal(card.supportedInterfaces[0].protocolBinding, 'GRPC');
card.supportedInterfaces[0].url = address;
passed('card over mutual TLS');
await refused('a card without a certificate', () => fetchCard(null));

const client = await connect(card, own);
const stranger = await connect(card, other);

const sent = taskOf(await client.sendMessage(message('tck-complete-task')));
assert.equal(sent.status.state, 'TASK_STATE_COMPLETED');
passed('send');

const got = asJson(Task, await client.getTask(GetTaskRequest.fromJSON({ id: sent.id })));
assert.equal(got.id, sent.id);
assert.equal(got.status.state, 'TASK_STATE_COMPLETED');
passed('get');

const listed = await client.listTasks(ListTasksRequest.fromJSON({}));
assert.ok(listed.tasks.some((task) => task.id === sent.id));
passed('list');

const events = await collect(client.sendMessageStream(message('tck-stream-artifact-chunked')));
assert.ok(events[0].task, 'a stream begins with its task');
assert.equal(events.at(-1).statusUpdate.status.state, 'TASK_STATE_COMPLETED');
passed(`stream of ${events.length} events`);

await refused('to cancel a task that is done', () => client.cancelTask(CancelTaskRequest.fromJSON({ id: sent.id })));
await refused('to subscribe to a task that is done', () =>
  collect(client.resubscribeTask(SubscribeToTaskRequest.fromJSON({ id: sent.id }))));
await refused('an unknown task', () => client.getTask(GetTaskRequest.fromJSON({ id: 'nobody-knows' })));
await refused('a push configuration', () =>
  client.createTaskPushNotificationConfig(
    TaskPushNotificationConfig.fromJSON({ taskId: sent.id, url: 'https://example.com/' })));

if (scenario === 'conformance') {
  const chunks = events.filter((event) => event.artifactUpdate).map((event) => event.artifactUpdate.artifact.parts[0].text);
  assert.deepEqual(chunks.slice(0, 2), ['chunk-1 ', 'chunk-2']);
  passed('chunks in order');

  const running = taskOf(await client.sendMessage(message('test-resubscribe', { returnImmediately: true })));
  await refused("another's task, read", () => stranger.getTask(GetTaskRequest.fromJSON({ id: running.id })));
  await refused("another's task, cancelled", () => stranger.cancelTask(CancelTaskRequest.fromJSON({ id: running.id })));
  await refused("another's task, subscribed to", () =>
    collect(stranger.resubscribeTask(SubscribeToTaskRequest.fromJSON({ id: running.id }))));
  const theirs = await stranger.listTasks(ListTasksRequest.fromJSON({}));
  assert.ok(!theirs.tasks.some((task) => task.id === running.id));
  passed("another's task is not in the list");

  const watched = await collect(client.resubscribeTask(SubscribeToTaskRequest.fromJSON({ id: running.id })));
  assert.equal(watched.at(-1).statusUpdate.status.state, 'TASK_STATE_COMPLETED');
  passed('subscribe');

  const stopped = taskOf(await client.sendMessage(message('test-resubscribe', { returnImmediately: true })));
  const cancelled = asJson(Task, await client.cancelTask(CancelTaskRequest.fromJSON({ id: stopped.id })));
  assert.equal(cancelled.status.state, 'TASK_STATE_CANCELED');
  passed('cancel');

  const rejected = taskOf(await client.sendMessage(message('tck-reject-task')));
  assert.equal(rejected.status.state, 'TASK_STATE_REJECTED');
  const asked = taskOf(await client.sendMessage(message('tck-input-required')));
  assert.equal(asked.status.state, 'TASK_STATE_INPUT_REQUIRED');
  passed('rejected and input required');
}
process.exit(0);
