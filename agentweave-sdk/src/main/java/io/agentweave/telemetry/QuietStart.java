package io.agentweave.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.core.spi.ContextAwareBase;

/**
 * Shows warnings on standard error until {@link Logging#start} knows better. A {@code logback.xml}
 * on the class path goes first.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_NORMAL_PRIORITY)
public final class QuietStart extends ContextAwareBase implements Configurator {

  /** Found by Logback through its service file. */
  public QuietStart() {}

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    ClassLoader loader = QuietStart.class.getClassLoader();
    if (loader.getResource("logback.xml") != null
        || loader.getResource("logback-test.xml") != null) {
      return ExecutionStatus.INVOKE_NEXT_IF_ANY;
    }
    Logging.configure(context, Level.WARN, new TextLine(), System.err);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }
}
