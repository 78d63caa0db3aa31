package io.agentweave.agent;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Who may call a capability at all, checked before policy: a {@link
 * io.agentweave.authz.PeerPattern}. Several of them are alternatives. Without one, policy alone
 * decides.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@Repeatable(RequiresPeer.AnyOf.class)
public @interface RequiresPeer {
  String value();

  /** Holds several, as alternatives. */
  @Documented
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.METHOD)
  @interface AnyOf {
    RequiresPeer[] value();
  }
}
