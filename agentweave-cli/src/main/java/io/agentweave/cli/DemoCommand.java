package io.agentweave.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.agentweave.local.LocalMesh;
import io.agentweave.local.MeshException;
import io.agentweave.local.MeshInfo;
import io.agentweave.local.RunningMesh;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "demo",
    description = {
      "Sends events through the pipeline and shows what happened to them.",
      "Uses the local mesh when one is up; else it starts one of its own and throws it away."
    },
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  private static final List<String> AGENTS = List.of("ingester", "processor", "storage");
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration RESTART_PATIENCE = Duration.ofSeconds(30);

  private final Console console;

  @Option(
      names = "--events",
      paramLabel = "FILE",
      description = "one JSON event a line, plain or gzip; default: samples/events.ndjson")
  private @Nullable Path events;

  @Option(names = "--stay", description = "leave the mesh up, with its data")
  private boolean stay;

  @Option(
      names = {"-o", "--output"},
      defaultValue = "text",
      paramLabel = "json|text",
      description = "json prints one object with the totals")
  private OutputFormat output = OutputFormat.TEXT;

  DemoCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws InterruptedException {
    List<EventLine> lines;
    try {
      lines = EventFile.lines(file());
    } catch (EventFile.Unreadable e) {
      throw new Failure(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
    }
    try {
      Optional<RunningMesh> found = LocalMesh.find();
      if (found.isPresent()) {
        return run(found.get(), lines, true);
      }
      if (stay) {
        return run(LocalMesh.detach(Meshes.options(), Meshes.progress(console)), lines, true);
      }
      try (LocalMesh mesh =
          LocalMesh.up(Meshes.options().asThrowAway(), Meshes.progress(console))) {
        return run(mesh.running(), lines, false);
      }
    } catch (MeshException e) {
      throw Meshes.failure(e);
    }
  }

  private Path file() {
    return events == null ? Meshes.options().root().resolve("samples/events.ndjson") : events;
  }

  private int run(RunningMesh mesh, List<EventLine> lines, boolean stays)
      throws InterruptedException {
    try (Session session = Session.open(LocalMeshConfig.of(mesh.info()))) {
      long rowsBefore = EventRows.count(mesh);
      long lettersBefore = openLetters(session);
      long begun = System.nanoTime();
      EventSender.Sent sent = session.sender(CallOptions.target("ingester"), console).send(lines);
      double seconds = (System.nanoTime() - begun) / 1e9;
      DemoReport report =
          new DemoReport(
              sent.totals(),
              EventRows.count(mesh) - rowsBefore,
              openLetters(session) - lettersBefore,
              seconds);
      sent.reasons().forEach(console::fail);
      switch (output) {
        case JSON -> console.out(report.json());
        case TEXT -> {
          report.print(console);
          new DemoStory(console, session, mesh.traces()).tell();
          places(mesh.info(), stays);
        }
      }
      if (LocalMesh.isRecorded()) {
        train(session, lines);
      }
      return (report.totals().failed() == 0 ? ExitCode.DONE : ExitCode.FAILED).number();
    }
  }

  private void train(Session session, List<EventLine> lines) throws InterruptedException {
    Training.Trained trained =
        new Training(session.client(), CallOptions.target("ingester"), lines).run();
    console.say(
        "trained by %,d events, of which %,d were answered"
            .formatted(trained.sent(), trained.answered()));
  }

  /** Waits for agents that are being restarted: that is part of what a demo may show. */
  private static long openLetters(Session session) throws InterruptedException {
    long end = System.nanoTime() + RESTART_PATIENCE.toNanos();
    while (true) {
      try {
        return openLettersNow(session);
      } catch (Failure e) {
        if (e.code() != ExitCode.REFUSED || System.nanoTime() > end) {
          throw e;
        }
        Thread.sleep(500);
      }
    }
  }

  private static long openLettersNow(Session session) {
    long open = 0;
    for (String agent : AGENTS) {
      open +=
          session
              .ask(
                  agent,
                  "dlq_list",
                  JsonNodeFactory.instance.objectNode().put("limit", 1),
                  CALL_TIMEOUT)
              .path("open")
              .asLong();
    }
    return open;
  }

  private void places(MeshInfo info, boolean stays) {
    console.out("");
    console.out(console.paintOut(Console.Colour.BOLD, "Where to look"));
    for (MeshInfo.Agent agent : info.agents()) {
      console.out("  metrics of " + agent.name() + ": " + agent.metrics() + "/metrics");
    }
    console.out("  database: " + info.jdbcUrl() + ", user " + info.databaseUser());
    console.out("  audit logs: " + info.home().resolve("agents"));
    if (!stays) {
      console.out("  (gone with this mesh; --stay, or 'agentweave up' before, keeps it)");
    }
  }
}
