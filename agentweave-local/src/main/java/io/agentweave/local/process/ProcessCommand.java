package io.agentweave.local.process;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a process runs.
 *
 * @param executable the program, links resolved
 * @param arguments its arguments, the program's own name not among them
 */
public record ProcessCommand(Path executable, List<String> arguments) {
  private static final Set<String> CLASS_PATH = Set.of("-cp", "-classpath", "--class-path");

  /** How the JVM reads and writes the names of files. */
  private static final Charset PATHS =
      Charset.forName(System.getProperty("sun.jnu.encoding"), StandardCharsets.UTF_8);

  /** Options of the java launcher whose value is the next argument. */
  private static final Set<String> TAKES_VALUE =
      Set.of(
          "-p",
          "--module-path",
          "--upgrade-module-path",
          "--add-modules",
          "--enable-native-access",
          "--limit-modules",
          "--describe-module",
          "-d",
          "--add-reads",
          "--add-exports",
          "--add-opens",
          "--patch-module",
          "--source");

  /** What {@code process} runs, if it still runs and this user may look at it. */
  public static Optional<ProcessCommand> of(ProcessRef process) {
    Optional<ProcessCommand> command = read(process.pid());
    // Asked again afterwards, so that what was read belongs to this process and to no later one.
    return process.alive() ? command : Optional.empty();
  }

  private static Optional<ProcessCommand> read(long pid) {
    Path proc = Path.of("/proc", Long.toString(pid));
    if (!Files.exists(Path.of("/proc/self/exe"))) {
      return ProcessHandle.of(pid)
          .map(ProcessHandle::info)
          .flatMap(
              info ->
                  info.command()
                      .map(
                          program ->
                              new ProcessCommand(
                                  Path.of(program),
                                  List.of(info.arguments().orElse(new String[0])))));
    }
    try {
      return Optional.of(
          new ProcessCommand(
              Files.readSymbolicLink(proc.resolve("exe")),
              arguments(Files.readAllBytes(proc.resolve("cmdline")), PATHS)));
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  /** The words after the first of {@code cmdline}, where each ends with a zero. */
  static List<String> arguments(byte[] cmdline, Charset paths) {
    List<String> words = Arrays.asList(new String(cmdline, paths).split("\0", -1));
    return List.copyOf(words.subList(Math.min(1, words.size()), words.size()));
  }

  /** What a java launcher was asked to run; empty when this is no java launcher. */
  public Optional<JavaProgram> java() {
    Path name = executable.getFileName();
    if (name == null || !name.toString().equals("java")) {
      return Optional.empty();
    }
    List<Path> classPath = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i++) {
      String word = arguments.get(i);
      if (CLASS_PATH.contains(word)) {
        classPath.clear();
        if (++i < arguments.size()) {
          addEntries(classPath, arguments.get(i));
        }
      } else if (word.startsWith("--class-path=")) {
        classPath.clear();
        addEntries(classPath, word.substring("--class-path=".length()));
      } else if (word.equals("-jar")) {
        if (i + 1 == arguments.size()) {
          return Optional.empty();
        }
        classPath.clear();
        addEntry(classPath, arguments.get(i + 1));
        return Optional.of(new JavaProgram("", List.copyOf(classPath)));
      } else if (TAKES_VALUE.contains(word)) {
        i++;
      } else if (!word.startsWith("-") && !word.startsWith("@")) {
        return Optional.of(new JavaProgram(word, List.copyOf(classPath)));
      }
    }
    return Optional.empty();
  }

  private static void addEntries(List<Path> classPath, String value) {
    for (String entry : value.split(":", -1)) {
      addEntry(classPath, entry);
    }
  }

  private static void addEntry(List<Path> classPath, String entry) {
    try {
      classPath.add(Path.of(entry));
    } catch (InvalidPathException e) {
      // No file of that name can be registered.
    }
  }

  /**
   * A Java program.
   *
   * @param mainClass its main class; empty when started with {@code -jar}
   * @param classPath as written on the command line, wildcards included
   */
  public record JavaProgram(String mainClass, List<Path> classPath) {}
}
