package io.agentweave.config;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The value of a component whose key is absent, written as it would be in the file:
 * {@code @Default("8443")}, {@code @Default("[application/json]")}, {@code @Default("{}")}. A
 * component without it is required, unless it is an {@link java.util.Optional} or a section, of
 * which each key has its own rule.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Default {
  String value();

  /** An environment variable that stands in for an absent key, before {@link #value}. */
  String variable() default "";
}
