package io.agentweave.validation;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.JsonGeneratorDelegate;
import com.fasterxml.jackson.databind.JsonMappingException;
import java.io.IOException;

/**
 * Refuses {@code NaN} and the infinities, which JSON has no numbers for and Jackson writes as text.
 */
final class FiniteNumbers extends JsonGeneratorDelegate {
  static final String RULE = "must be a finite number";

  FiniteNumbers(JsonGenerator target) {
    super(target, false);
  }

  @Override
  public void writeNumber(double number) throws IOException {
    require(Double.isFinite(number));
    super.writeNumber(number);
  }

  @Override
  public void writeNumber(float number) throws IOException {
    require(Float.isFinite(number));
    super.writeNumber(number);
  }

  @Override
  public void writeArray(double[] numbers, int offset, int length) throws IOException {
    for (int i = offset; i < offset + length; i++) {
      require(Double.isFinite(numbers[i]));
    }
    super.writeArray(numbers, offset, length);
  }

  private void require(boolean finite) throws JsonMappingException {
    if (!finite) {
      throw new NotFinite(this);
    }
  }

  /** Gathers its path on the way out of the serializers. */
  static final class NotFinite extends JsonMappingException {
    private static final long serialVersionUID = 1L;

    NotFinite(JsonGenerator generator) {
      super(generator, RULE);
    }
  }
}
