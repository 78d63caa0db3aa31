package io.agentweave.pipeline.contract;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.jspecify.annotations.Nullable;

/** Text that names something: not blank, and without control characters. */
@Documented
@Constraint(validatedBy = Name.Check.class)
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.FIELD, ElementType.PARAMETER, ElementType.METHOD, ElementType.TYPE_USE})
public @interface Name {
  String message() default "must not be blank or hold control characters";

  Class<?>[] groups() default {};

  Class<? extends Payload>[] payload() default {};

  /** In one pass: every event of every agent has five of them. */
  final class Check implements ConstraintValidator<Name, String> {
    private static final char DELETE = 0x7f;

    @Override
    public boolean isValid(@Nullable String text, ConstraintValidatorContext context) {
      boolean blank = true;
      for (int i = 0; text != null && i < text.length(); i++) {
        char c = text.charAt(i);
        if (c < ' ' || c == DELETE) {
          return false;
        }
        blank &= c == ' ';
      }
      return !blank;
    }
  }
}
