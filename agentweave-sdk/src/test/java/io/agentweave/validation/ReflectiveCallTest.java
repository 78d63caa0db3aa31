package io.agentweave.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationTargetException;
import org.junit.jupiter.api.Test;

/** First by reflection, later by a method handle: nobody may notice when it changes. */
class ReflectiveCallTest {
  private static final int LATER = 2_500;

  record Pair(String name, int number) {
    Pair {
      if (number < 0) {
        throw new IllegalArgumentException("negative");
      }
    }
  }

  @Test
  void makesAndReadsTheSame_howeverOften() throws Exception {
    ReflectiveCall make =
        ReflectiveCall.of(Pair.class.getDeclaredConstructor(String.class, int.class));
    ReflectiveCall number = ReflectiveCall.of(Pair.class.getDeclaredMethod("number"));
    for (int i = 0; i < LATER; i++) {
      Object made = make.call("n" + i, i);
      assertThat(made).isEqualTo(new Pair("n" + i, i));
      assertThat(number.call(new Object[] {made})).isEqualTo(i);
    }
  }

  @Test
  void whatTheTargetThrows_isTheCause_howeverOften() throws Exception {
    ReflectiveCall make =
        ReflectiveCall.of(Pair.class.getDeclaredConstructor(String.class, int.class));
    for (int i = 0; i < LATER; i++) {
      assertThatThrownBy(() -> make.call("n", -1))
          .isInstanceOf(InvocationTargetException.class)
          .hasCauseInstanceOf(IllegalArgumentException.class);
    }
  }
}
