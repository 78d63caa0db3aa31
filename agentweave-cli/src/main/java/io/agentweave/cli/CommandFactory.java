package io.agentweave.cli;

import java.lang.reflect.Constructor;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/** Makes commands, giving the console to those whose constructor asks for it. */
final class CommandFactory implements IFactory {
  private final Console console;
  private final IFactory rest = CommandLine.defaultFactory();

  CommandFactory(Console console) {
    this.console = console;
  }

  @Override
  public <K> K create(Class<K> type) throws Exception {
    for (Constructor<?> constructor : type.getDeclaredConstructors()) {
      if (Arrays.equals(constructor.getParameterTypes(), new Class<?>[] {Console.class})) {
        return type.cast(constructor.newInstance(console));
      }
    }
    return rest.create(type);
  }
}
