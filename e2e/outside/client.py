"""The official Python client against an agent, with an SVID as its client certificate.

Arguments: ADDRESS CREDENTIALS OTHER_CREDENTIALS SCENARIO, the credentials as folders with svid.pem, key.pem, bundle.pem.
"""

import asyncio
import os
import ssl
import sys
from pathlib import Path

import grpc
import httpx
from a2a.client.client import ClientConfig
from a2a.client.client_factory import ClientFactory
from a2a.types import a2a_pb2 as a2a
from google.protobuf import json_format

ADDRESS, OWN, OTHER, SCENARIO = sys.argv[1:5]
made = 0


def pem(folder, name):
    return (Path(folder) / f"{name}.pem").read_bytes()


def passed(what):
    print(f"passed: {what}")


async def fetch_card(folder):
    tls = ssl.create_default_context(cafile=str(Path(OWN) / "bundle.pem"))
    # An SVID's issuer is known by its bundle, whatever it says of its key.
    tls.verify_flags &= ~ssl.VERIFY_X509_STRICT if hasattr(ssl, "VERIFY_X509_STRICT") else ~0
    if folder:
        tls.load_cert_chain(str(Path(folder) / "svid.pem"), str(Path(folder) / "key.pem"))
    async with httpx.AsyncClient(verify=tls, trust_env=False, timeout=120) as http:
        answer = await http.get(f"https://{ADDRESS}/.well-known/agent-card.json")
        answer.raise_for_status()
        return json_format.Parse(answer.content, a2a.AgentCard(), ignore_unknown_fields=True)


def connect(card, folder, streaming):
    tls = grpc.ssl_channel_credentials(pem(folder, "bundle"), pem(folder, "key"), pem(folder, "svid"))
    config = ClientConfig(
        streaming=streaming,
        grpc_channel_factory=lambda url: grpc.aio.secure_channel(url, tls),
        supported_protocol_bindings=["GRPC"],
    )
    return ClientFactory(config).create(card)


def message(prefix, **configuration):
    global made
    made += 1
    part = {"data": {}} if SCENARIO == "ingester" else {"text": "hello"}
    metadata = {"capability": "health"} if SCENARIO == "ingester" else {}
    return json_format.ParseDict(
        {
            "message": {
                "messageId": f"{prefix}-{os.getpid()}-{made}",
                "role": "ROLE_USER",
                "parts": [part],
                "metadata": metadata,
            },
            "configuration": configuration,
        },
        a2a.SendMessageRequest(),
    )


async def events(stream):
    return [event async for event in stream]


async def refused(what, attempt):
    try:
        await attempt
    except Exception as e:  # each of the client's errors, and those of TLS
        print(f"passed: {what} is refused ({type(e).__name__})")
        return
    raise AssertionError(f"{what} was not refused")


async def main():
    card = await fetch_card(OWN)
    assert card.supported_interfaces[0].protocol_binding == "GRPC"
    card.supported_interfaces[0].url = ADDRESS
    passed("card over mutual TLS")
    await refused("a card without a certificate", fetch_card(None))

    plain = connect(card, OWN, streaming=False)
    live = connect(card, OWN, streaming=True)
    stranger = connect(card, OTHER, streaming=True)

    sent = (await events(plain.send_message(message("tck-complete-task"))))[-1].task
    assert sent.status.state == a2a.TASK_STATE_COMPLETED, sent
    passed("send")
    got = await plain.get_task(a2a.GetTaskRequest(id=sent.id))
    assert got.id == sent.id and got.status.state == a2a.TASK_STATE_COMPLETED, got
    passed("get")
    listed = await plain.list_tasks(a2a.ListTasksRequest())
    assert sent.id in [task.id for task in listed.tasks], listed
    passed("list")
    streamed = await events(live.send_message(message("tck-stream-artifact-chunked")))
    assert streamed[0].HasField("task"), streamed
    assert streamed[-1].status_update.status.state == a2a.TASK_STATE_COMPLETED, streamed
    passed(f"stream of {len(streamed)} events")
    await refused("to cancel a task that is done", plain.cancel_task(a2a.CancelTaskRequest(id=sent.id)))
    await refused(
        "to subscribe to a task that is done", events(live.subscribe(a2a.SubscribeToTaskRequest(id=sent.id)))
    )
    await refused("an unknown task", plain.get_task(a2a.GetTaskRequest(id="nobody-knows")))
    await refused(
        "a push configuration",
        plain.create_task_push_notification_config(
            a2a.TaskPushNotificationConfig(task_id=sent.id, url="https://example.com/")
        ),
    )
    if SCENARIO == "conformance":
        await conformance(plain, live, stranger, streamed)
    for client in (plain, live, stranger):
        await client.close()


async def conformance(plain, live, stranger, streamed):
    chunks = [e.artifact_update.artifact.parts[0].text for e in streamed if e.HasField("artifact_update")]
    assert chunks[:2] == ["chunk-1 ", "chunk-2"], chunks
    passed("chunks in order")

    running = (await events(plain.send_message(message("test-resubscribe", returnImmediately=True))))[-1].task
    await refused("another's task, read", stranger.get_task(a2a.GetTaskRequest(id=running.id)))
    await refused("another's task, cancelled", stranger.cancel_task(a2a.CancelTaskRequest(id=running.id)))
    await refused(
        "another's task, subscribed to", events(stranger.subscribe(a2a.SubscribeToTaskRequest(id=running.id)))
    )
    theirs = await stranger.list_tasks(a2a.ListTasksRequest())
    assert running.id not in [task.id for task in theirs.tasks], theirs
    passed("another's task is not in the list")
    watched = await events(live.subscribe(a2a.SubscribeToTaskRequest(id=running.id)))
    assert watched[-1].status_update.status.state == a2a.TASK_STATE_COMPLETED, watched
    passed("subscribe")

    stopped = (await events(plain.send_message(message("test-resubscribe", returnImmediately=True))))[-1].task
    cancelled = await plain.cancel_task(a2a.CancelTaskRequest(id=stopped.id))
    assert cancelled.status.state == a2a.TASK_STATE_CANCELED, cancelled
    passed("cancel")
    for prefix, state in (
        ("tck-reject-task", a2a.TASK_STATE_REJECTED),
        ("tck-input-required", a2a.TASK_STATE_INPUT_REQUIRED),
    ):
        ended = (await events(plain.send_message(message(prefix))))[-1].task
        assert ended.status.state == state, ended
    passed("rejected and input required")


asyncio.run(main())
