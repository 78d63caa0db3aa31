package io.agentweave.validation;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * Calls a constructor or an accessor that is known at run time only. A method handle is nearly as
 * fast as a call in source, but takes the JVM a millisecond to make: there is one once the call has
 * been made often. Safe for use by many threads.
 */
final class ReflectiveCall {
  private static final int OFTEN = 1_000;

  private final Slow slow;
  private final Making making;
  private int calls; // some may be lost
  private volatile @Nullable MethodHandle quick;

  @FunctionalInterface
  private interface Slow {
    @Nullable Object call(@Nullable Object[] arguments) throws ReflectiveOperationException;
  }

  @FunctionalInterface
  private interface Making {
    MethodHandle make() throws IllegalAccessException;
  }

  private ReflectiveCall(AccessibleObject target, Slow slow, Making making) {
    target.setAccessible(true);
    this.slow = slow;
    this.making = making;
  }

  static ReflectiveCall of(Constructor<?> constructor) {
    return new ReflectiveCall(
        constructor,
        arguments -> constructor.newInstance(arguments),
        () -> MethodHandles.lookup().unreflectConstructor(constructor));
  }

  /** The only argument of the call is the object whose value it gets. */
  static ReflectiveCall of(Method accessor) {
    return new ReflectiveCall(
        accessor,
        arguments -> accessor.invoke(arguments[0]),
        () -> MethodHandles.lookup().unreflect(accessor));
  }

  /** What the target itself throws comes in an {@link InvocationTargetException}. */
  @Nullable Object call(@Nullable Object... arguments) throws ReflectiveOperationException {
    MethodHandle handle = quick;
    if (handle == null) {
      if (++calls >= OFTEN) {
        quick = spreading(making.make());
      }
      return slow.call(arguments);
    }
    try {
      return handle.invokeExact(arguments);
    } catch (Throwable e) {
      throw new InvocationTargetException(e);
    }
  }

  private static MethodHandle spreading(MethodHandle handle) {
    return handle
        .asSpreader(Object[].class, handle.type().parameterCount())
        .asType(MethodType.methodType(Object.class, Object[].class));
  }
}
