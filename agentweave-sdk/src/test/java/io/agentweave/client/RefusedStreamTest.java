package io.agentweave.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentweave.call.Refusal;
import io.agentweave.call.RefusalKind;
import io.agentweave.identity.Authority;
import io.agentweave.identity.SwitchableIdentity;
import io.netty.handler.codec.http2.Http2Error;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RefusedStreamTest {
  private static final int UNAVAILABLE = 14;

  private final Authority root = Authority.root("mesh");
  private final SwitchableIdentity processor =
      SwitchableIdentity.of("spiffe://agentweave.io/agent/processor", root);
  private final SwitchableIdentity self =
      SwitchableIdentity.of("spiffe://agentweave.io/agent/ingester", root);
  private final Caller caller = Caller.of(self);

  @AfterEach
  void close() {
    caller.close();
  }

  private FrameByFramePeer peer(FrameByFramePeer.Script script) {
    return FrameByFramePeer.start(processor, script);
  }

  @Test
  void refusedStream_isTriedAgain_decidedOnAnewAndSeen() {
    try (FrameByFramePeer peer =
        peer(
            (number, exchange) -> {
              if (number < 3) {
                exchange.reset(Http2Error.REFUSED_STREAM);
              } else {
                exchange.complete();
              }
            })) {
      assertThat(caller.call(peer.address()).word()).isEqualTo("completed");
      assertThat(peer.requests()).isEqualTo(3);
      assertThat(peer.connections()).isEqualTo(1);
      assertThat(caller.policy.asked()).hasSize(3);
      assertThat(caller.audit.ended().getFirst().detail()).isEqualTo("attempt 3");
      assertThat(caller.metrics())
          .contains("agentweave_call_retries_total{capability=\"process_event\"} 2");
    }
  }

  @Test
  void refusedAgainAndAgain_isUnreachable_andSaysWhatHappened() {
    try (FrameByFramePeer peer =
        peer((number, exchange) -> exchange.reset(Http2Error.REFUSED_STREAM))) {
      Refusal refusal = Caller.refusal(caller.call(peer.address()));
      assertThat(refusal.kind()).isEqualTo(RefusalKind.UNREACHABLE);
      assertThat(refusal.detail())
          .contains("took no more requests on this connection", "REFUSED_STREAM");
      assertThat(peer.requests()).isEqualTo(1 + 3);
    }
  }

  @Test
  void firstOneTurnedAway_isMadeAgainAtOnce_andIsNoneOfThoseAllowed() {
    Duration delay = Duration.ofHours(1);
    try (FrameByFramePeer peer =
            peer(
                (number, exchange) -> {
                  if (number % 2 == 1) {
                    exchange.reset(Http2Error.REFUSED_STREAM);
                  } else {
                    exchange.complete();
                  }
                });
        Caller once = new Caller(self, Caller.transport(1, delay, 1000, 100), Map.of())) {
      assertThat(once.call(peer.address()).word()).isEqualTo("completed");
      assertThat(once.call(peer.address()).word()).isEqualTo("completed");
      assertThat(peer.requests()).isEqualTo(4);
    }
  }

  @Test
  void requestBeyondTheLastOneOfAConnection_isTriedAgainOnAnother() {
    try (FrameByFramePeer peer =
        peer(
            (number, exchange) -> {
              if (number == 1) {
                exchange.goAway(Http2Error.NO_ERROR);
              } else {
                exchange.complete();
              }
            })) {
      assertThat(caller.call(peer.address()).word()).isEqualTo("completed");
      assertThat(peer.requests()).isEqualTo(2);
      assertThat(peer.connections()).isEqualTo(2);
    }
  }

  @Test
  void connectionThatEndsForAnError_mayHaveRunTheRequest() {
    try (FrameByFramePeer peer =
        peer((number, exchange) -> exchange.goAway(Http2Error.PROTOCOL_ERROR))) {
      assertThat(Caller.refusal(caller.call(peer.address())).kind())
          .isEqualTo(RefusalKind.UNREACHABLE);
      assertThat(peer.requests()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"NO_ERROR", "INTERNAL_ERROR", "CANCEL"})
  void streamThatIsResetForAnotherReason_mayHaveRunTheRequest(Http2Error error) {
    try (FrameByFramePeer peer = peer((number, exchange) -> exchange.reset(error))) {
      assertThat(caller.call(peer.address()).word()).isNotEqualTo("completed");
      assertThat(peer.requests()).isEqualTo(1);
    }
  }

  /** An agent that has acted and passes on what another one's transport said to it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "RST_STREAM closed stream. HTTP/2 error code: REFUSED_STREAM",
        "Abrupt GOAWAY closed sent stream. HTTP/2 error code: NO_ERROR"
      })
  void sameWordsFromTheHandler_areNoneOfTheTransport(String words) {
    try (FrameByFramePeer peer = peer((number, exchange) -> exchange.status(UNAVAILABLE, words))) {
      assertThat(Caller.refusal(caller.call(peer.address())).kind())
          .isEqualTo(RefusalKind.UNREACHABLE);
      assertThat(peer.requests()).isEqualTo(1);
    }
  }

  @Test
  void refusedAfterItBeganToAnswer_mayHaveRunTheRequest() {
    try (FrameByFramePeer peer =
        peer((number, exchange) -> exchange.headersThenReset(Http2Error.REFUSED_STREAM))) {
      assertThat(Caller.refusal(caller.call(peer.address())).kind())
          .isEqualTo(RefusalKind.UNREACHABLE);
      assertThat(peer.requests()).isEqualTo(1);
    }
  }
}
