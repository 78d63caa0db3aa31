package io.agentweave.config;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The key of a component in the file, where it isn't the component's name in snake case. For a
 * {@link java.time.Duration} it also carries the unit: {@code _ms}, {@code _seconds}, {@code
 * _minutes}, {@code _hours} or {@code _days}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Key {
  String value();
}
