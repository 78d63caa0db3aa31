package io.agentweave.a2a;

import io.agentweave.a2a.v1.Message;

/** How JSON travels in a part. */
public enum JsonForm {
  /** As its bytes: costs nothing, and arrives as it was sent. What agents here use. */
  RAW,
  /** As a protobuf {@code Value} where that says the same, as its bytes where it does not. */
  DATA;

  /** An answer has the form of its question: who sent no JSON as bytes may not look for any. */
  public static JsonForm askedFor(Message question) {
    for (int i = 0; i < question.getPartsCount(); i++) {
      if (WireParts.isJson(question.getParts(i))) {
        return RAW;
      }
    }
    return DATA;
  }
}
