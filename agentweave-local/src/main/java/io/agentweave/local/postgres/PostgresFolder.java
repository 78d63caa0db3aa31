package io.agentweave.local.postgres;

import io.agentweave.local.process.PrivateFiles;
import io.agentweave.local.process.ProcessCommand;
import io.agentweave.local.process.ProcessEnd;
import io.agentweave.local.process.ProcessRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The files of one PostgreSQL server: data, passwords, log. */
record PostgresFolder(Path home) {
  private static final Duration INITDB_END = Duration.ofSeconds(5);
  private static final Pattern WRONG = Pattern.compile("FATAL|PANIC|ERROR|error:");

  /** Opens the folder; initialises it when it is new; ends a server that a crash left behind. */
  static PostgresFolder open(Path home, Path programs) throws IOException {
    PrivateFiles.folder(home);
    PostgresFolder folder = new PostgresFolder(home.toRealPath());
    if (Files.exists(folder.data().resolve("PG_VERSION"))) {
      folder.endOrphan();
    } else {
      folder.initialise(programs);
    }
    return folder;
  }

  Path data() {
    return home.resolve("data");
  }

  Path passwordFile(String user) {
    return home.resolve(user + ".password");
  }

  /** The password of {@code user}, made up when there is none yet. */
  String password(String user) throws IOException {
    Path file = passwordFile(user);
    if (!Files.exists(file)) {
      byte[] random = new byte[24];
      new SecureRandom().nextBytes(random);
      PrivateFiles.write(file, HexFormat.of().formatHex(random));
    }
    return Files.readString(file).strip();
  }

  String lastLogLine() {
    try (var lines = Files.lines(home.resolve("postgres.log"))) {
      return lines.reduce((first, last) -> last).orElse("it logged nothing");
    } catch (IOException none) {
      return "it logged nothing";
    }
  }

  private void initialise(Path programs) throws IOException {
    password("postgres");
    Path unfinished = home.resolve("data.unfinished");
    PrivateFiles.deleteAll(unfinished);
    List<String> command = new ArrayList<>(Unprivileged.prefix());
    command.addAll(
        List.of(
            programs.resolve("bin/initdb").toString(),
            "--pgdata=" + unfinished,
            "--username=postgres",
            "--pwfile=" + passwordFile("postgres"),
            // Passwords from the first moment on: there is no time in which anybody gets in.
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--text-search-config=english",
            "--no-instructions"));
    if (System.getProperty("os.name").startsWith("Linux")) {
      // Still durable, with one call for the file system in place of one for each of 1000 files.
      command.add("--sync-method=syncfs");
    }
    Path log = home.resolve("initdb.log");
    Process initdb =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      int code = initdb.waitFor();
      if (code != 0) {
        throw new IOException(
            "PostgreSQL could not initialise " + home + ": " + complaint(Files.readAllLines(log)));
      }
      Files.move(unfinished, data(), StandardCopyOption.ATOMIC_MOVE);
    } catch (InterruptedException interrupted) {
      end(initdb);
      PrivateFiles.deleteAll(unfinished);
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while PostgreSQL was initialised", interrupted);
    }
  }

  /** What went wrong among all that was done: each line that says so, or else the last. */
  static String complaint(List<String> printed) {
    String wrong =
        printed.stream()
            .filter(line -> WRONG.matcher(line).find())
            .map(String::strip)
            .collect(Collectors.joining("; "));
    return !wrong.isEmpty() ? wrong : printed.isEmpty() ? "it said nothing" : printed.getLast();
  }

  /**
   * Asked to, it ends what it started. Waits for it on a thread that nobody interrupts: who stops a
   * start interrupts it until it has ended.
   */
  private static void end(Process initdb) {
    CompletableFuture.runAsync(
            () ->
                ProcessRef.of(initdb.pid())
                    .ifPresent(ref -> ProcessEnd.end(ref, ProcessEnd.Signal.TERM, INITDB_END)),
            ending -> Thread.ofPlatform().daemon().name("initdb-stop").start(ending))
        .join();
  }

  /**
   * PostgreSQL takes any living process with the id in its pid file for a server, so a leftover
   * file whose id went to another program would stop it for ever.
   */
  private void endOrphan() throws IOException {
    Path pidFile = data().resolve("postmaster.pid");
    if (!Files.exists(pidFile)) {
      return;
    }
    Optional<ProcessRef> process =
        Files.readAllLines(pidFile).stream()
            .findFirst()
            .filter(line -> line.strip().matches("[0-9]{1,18}"))
            .flatMap(line -> ProcessRef.of(Long.parseLong(line.strip())));
    boolean server =
        process.flatMap(ProcessCommand::of).filter(this::isServerOfThisFolder).isPresent();
    if (server) {
      ProcessEnd.end(process.get(), ProcessEnd.Signal.INT, Duration.ofSeconds(20));
    }
    Files.deleteIfExists(pidFile);
  }

  private boolean isServerOfThisFolder(ProcessCommand command) {
    Path program = command.executable().getFileName();
    return program != null
        && program.toString().equals("postgres")
        && command.arguments().contains(data().toString());
  }
}
