package io.agentweave.agent;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Publishes a method as a capability of its agent. The configuration file has to declare the same
 * name under {@code agent.capabilities}; each without the other stops the start.
 *
 * <p>Members of the JSON payload bind to the method's parameters by name ({@code event_data} or
 * {@code eventData} to a parameter {@code eventData}), or as a whole to one record parameter.
 * Jakarta constraints on records are checked before the method runs. A {@link RequestContext}
 * parameter is filled by the mesh. A parameter of type {@code Optional} may be absent.
 *
 * <p>The method is plain blocking code, runs on a virtual thread of its own, and returns a {@link
 * io.agentweave.a2a.TaskResult}, or any value that becomes the one data part of a completed one.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Capability {
  String value();
}
