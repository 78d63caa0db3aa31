package io.agentweave.server;

import io.agentweave.call.Stage;

/** The stages of the chain, each of its own type. */
record ChainParts(
    Stage<ReceivedCall, ObservedCall, Reply> observed,
    Stage<ObservedCall, ObservedCall, Reply> contained,
    Stage<ObservedCall, CompleteCall, Reply> inTime,
    Stage<CompleteCall, AddressedCall, Reply> identified,
    Stage<AddressedCall, PermittedCall, Reply> permitted,
    Stage<PermittedCall, AdmittedCall, Reply> admitted,
    Stage<AdmittedCall, DecodedCall, Reply> decoded,
    Dispatcher dispatcher) {}
