package io.agentweave;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A source of values for tests of properties: any value may come, the edges of its range more often
 * than the rest. The same seeds are used in each run, so that a test fails always or never; with
 * {@code -Dagentweave.seed=N} they begin at N, to try others or to repeat one.
 */
public final class Anything {
  private static final long FIRST_SEED = Long.getLong("agentweave.seed", 1);
  private static final String EDGES =
      "\0\t\n\r \"'\\/{}[]:,<>&%\u007f\u0080\u00a0\u2028\ufeff\uffff\ud800\udc00";

  private final Random random;

  private Anything(long seed) {
    // Neighbouring seeds of Random begin alike.
    random = new Random(seed * 0x9E3779B97F4A7C15L);
  }

  /** What has to hold for any value. */
  @FunctionalInterface
  public interface Property {
    void holds(Anything any) throws Exception;
  }

  /** Tries a property so many times; says with which seed it did not hold. */
  public static void tried(int times, Property property) {
    for (long seed = FIRST_SEED; seed < FIRST_SEED + times; seed++) {
      try {
        property.holds(new Anything(seed));
      } catch (Exception | AssertionError e) {
        throw new AssertionError("does not hold; repeat with -Dagentweave.seed=" + seed, e);
      }
    }
  }

  public boolean coin() {
    return random.nextBoolean();
  }

  /** Both ends included. */
  public int between(int least, int most) {
    return switch (random.nextInt(16)) {
      case 0 -> least;
      case 1 -> most;
      default -> (int) random.nextLong(least, most + 1L);
    };
  }

  public long number() {
    return switch (random.nextInt(8)) {
      case 0 -> 0;
      case 1 -> -1;
      case 2 -> Long.MIN_VALUE;
      case 3 -> Long.MAX_VALUE;
      case 4 -> random.nextInt();
      default -> random.nextLong();
    };
  }

  @SafeVarargs
  public final <T> T of(T... choices) {
    return choices[random.nextInt(choices.length)];
  }

  /** One time in five nothing. */
  public <T> @Nullable T orNull(T value) {
    return random.nextInt(5) == 0 ? null : value;
  }

  public <T> List<T> list(int least, int most, Supplier<T> element) {
    List<T> list = new ArrayList<>();
    for (int left = between(least, most); left > 0; left--) {
      list.add(element.get());
    }
    return list;
  }

  /** Text of these characters. */
  public String text(String characters, int least, int most) {
    StringBuilder text = new StringBuilder();
    for (int left = between(least, most); left > 0; left--) {
      text.append(characters.charAt(random.nextInt(characters.length())));
    }
    return text.toString();
  }

  /** Text of any characters at all, halves of surrogate pairs included. */
  public String text(int most) {
    StringBuilder text = new StringBuilder();
    for (int left = between(0, most); left > 0; left--) {
      text.append(character());
    }
    return text.toString();
  }

  /** Any character at all. */
  public char character() {
    return switch (random.nextInt(4)) {
      case 0 -> EDGES.charAt(random.nextInt(EDGES.length()));
      case 1 -> (char) random.nextInt(Character.MAX_VALUE + 1);
      default -> (char) random.nextInt(' ', 127);
    };
  }

  public byte[] bytes(int most) {
    byte[] bytes = new byte[between(0, most)];
    random.nextBytes(bytes);
    return bytes;
  }
}
