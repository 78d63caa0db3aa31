package io.agentweave.server;

import com.google.protobuf.ByteString;
import com.google.protobuf.Value;
import io.agentweave.a2a.CapabilityExtension;
import io.agentweave.a2a.MediaTypes;
import io.agentweave.a2a.Part;
import io.agentweave.a2a.ProtocolError;
import io.agentweave.a2a.Reading;
import io.agentweave.a2a.WireParts;
import io.agentweave.a2a.v1.Message;
import io.agentweave.a2a.v1.Role;
import io.agentweave.a2a.v1.SendMessageConfiguration;
import io.agentweave.a2a.v1.SendMessageRequest;
import io.agentweave.call.Payload;
import io.agentweave.call.Refusal;
import io.agentweave.call.Violation;
import io.agentweave.validation.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads a message for a capability: which one, with which parameters, answered how. */
final class SendReader {
  private static final String TEXT = "text/plain";
  static final int MAX_ID_LENGTH = 256;
  private static final String CAPABILITY_FIELD =
      "message.metadata." + CapabilityExtension.METADATA_KEY;

  private final CapabilityCatalogue catalogue;
  private final int maxPayloadBytes;

  SendReader(CapabilityCatalogue catalogue, int maxPayloadBytes) {
    this.catalogue = catalogue;
    this.maxPayloadBytes = maxPayloadBytes;
  }

  /**
   * @param bytes what the request was read from
   */
  Asked read(Rpc rpc, SendMessageRequest request, ByteString bytes) {
    Message message = request.getMessage();
    List<Violation> wrong = new ArrayList<>();
    String capability = capability(message, wrong);
    checkMessage(message, wrong);
    SendMessageConfiguration wishes = request.getConfiguration();
    Optional<Integer> historyLength =
        RequestReader.historyLength(
            wishes.hasHistoryLength(),
            wishes.getHistoryLength(),
            "configuration.history_length",
            wrong);
    if (!wrong.isEmpty()) {
      return refused(rpc, capability, new Refusal.Invalid(wrong));
    }
    if (wishes.hasTaskPushNotificationConfig()) {
      return refused(
          rpc,
          capability,
          ProtocolError.PUSH_NOTIFICATION_NOT_SUPPORTED.refusal("asked for with the message"));
    }
    Optional<ServedCapability> served = catalogue.find(capability);
    if (served.isPresent() && !answersIn(served.get(), wishes.getAcceptedOutputModesList())) {
      return refused(
          rpc,
          capability,
          ProtocolError.CONTENT_TYPE_NOT_SUPPORTED.refusal(
              capability + " answers in none of the accepted output modes"));
    }
    Operation.Delivery delivery =
        rpc.streaming()
            ? Operation.Delivery.STREAMED
            : wishes.getReturnImmediately()
                ? Operation.Delivery.AT_ONCE
                : Operation.Delivery.AT_THE_END;
    boolean readsText = served.isPresent() && readsText(served.get());
    return switch (payload(message, readsText)) {
      case Found(Payload payload) ->
          Asked.readable(
              new Operation.Send(
                  bytes, capability, served, message, payload, delivery, historyLength),
              capability);
      case Missed(Refusal refusal) -> refused(rpc, capability, refusal);
    };
  }

  private Asked refused(Rpc rpc, String capability, Refusal refusal) {
    return catalogue.find(capability).isPresent()
        ? new Asked(capability, Payload.empty(), new Asked.Answer.Unreadable(refusal))
        : Asked.unreadable(rpc, refusal);
  }

  /** What the message names; of a message that names nothing, the only one there is. */
  private String capability(Message message, List<Violation> wrong) {
    Value named = message.getMetadata().getFieldsMap().get(CapabilityExtension.METADATA_KEY);
    List<ServedCapability> skills = catalogue.skills();
    if (named == null && skills.size() == 1) {
      return skills.getFirst().name();
    }
    if (named == null || !named.hasStringValue() || named.getStringValue().isEmpty()) {
      wrong.add(
          new Violation(
              CAPABILITY_FIELD,
              skills.stream()
                  .map(ServedCapability::name)
                  .collect(Collectors.joining(", ", "names one of the skills ", "")),
              named == null ? "nothing" : "no name"));
      return "";
    }
    if (named.getStringValue().length() > MAX_ID_LENGTH) {
      wrong.add(tooLong(CAPABILITY_FIELD, named.getStringValue()));
      return "";
    }
    return named.getStringValue();
  }

  private static void checkMessage(Message message, List<Violation> wrong) {
    if (message.getMessageId().isEmpty()) {
      wrong.add(new Violation("message.message_id", "is required", "nothing"));
    }
    checkLength("message.message_id", message.getMessageId(), wrong);
    checkLength("message.task_id", message.getTaskId(), wrong);
    checkLength("message.context_id", message.getContextId(), wrong);
    if (message.getRole() != Role.ROLE_USER) {
      wrong.add(new Violation("message.role", "is ROLE_USER", message.getRole().name()));
    }
    if (message.getPartsCount() == 0) {
      wrong.add(new Violation("message.parts", "has one part of JSON", "none"));
    }
  }

  private static void checkLength(String field, String id, List<Violation> wrong) {
    if (id.length() > MAX_ID_LENGTH) {
      wrong.add(tooLong(field, id));
    }
  }

  static Violation tooLong(String field, String found) {
    return new Violation(
        field, "has at most " + MAX_ID_LENGTH + " characters", found.length() + " characters");
  }

  private static boolean readsText(ServedCapability served) {
    for (String mode : served.inputModes()) {
      if (MediaTypes.same(mode, TEXT)) {
        return true;
      }
    }
    return false;
  }

  private static boolean answersIn(ServedCapability served, List<String> accepted) {
    return accepted.isEmpty()
        || accepted.stream()
            .anyMatch(
                mode ->
                    served.outputModes().stream().anyMatch(made -> MediaTypes.matches(mode, made)));
  }

  private sealed interface Search {}

  private record Found(Payload payload) implements Search {}

  private record Missed(Refusal refusal) implements Search {}

  private Search payload(Message message, boolean readsText) {
    if (message.getPartsCount() != 1) {
      return new Missed(
          invalid("message.parts", "has one part of JSON", message.getPartsCount() + " parts"));
    }
    return switch (WireParts.read(message.getParts(0), "message.parts[0]", maxPayloadBytes)) {
      case Reading.Unreadable<Part>(var violations) -> new Missed(new Refusal.Invalid(violations));
      case Reading.Read<Part>(Part.DataPart(Payload json)) -> bounded(json);
      case Reading.Read<Part>(Part.TextPart(String text)) when readsText ->
          bounded(Payload.ofJson(Json.write(Map.of("text", text))));
      case Reading.Read<Part>(Part.TextPart text) -> wrongKind("a text part");
      case Reading.Read<Part>(Part.FilePart file) ->
          wrongKind("a raw part that is a file, or not application/json");
      case Reading.Read<Part>(Part.LinkPart link) -> wrongKind("a url part");
    };
  }

  private Search bounded(Payload payload) {
    return payload.size() <= maxPayloadBytes
        ? new Found(payload)
        : new Missed(
            invalid(
                "message.parts[0]",
                "has at most " + maxPayloadBytes + " bytes",
                payload.size() + " bytes"));
  }

  private static Search wrongKind(String found) {
    return new Missed(
        ProtocolError.CONTENT_TYPE_NOT_SUPPORTED.refusal(
            "parameters travel as a data part or as raw application/json, found " + found));
  }

  private static Refusal invalid(String field, String rule, String shape) {
    return new Refusal.Invalid(List.of(new Violation(field, rule, shape)));
  }
}
