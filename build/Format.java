import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Runs google-java-format over every source file of the checkout.
 *
 * <p>Usage: {@code java build/Format.java [--check] PATH_TO_FORMATTER_JAR}. With {@code --check} it
 * changes nothing, names the files that differ and exits with 1.
 */
final class Format {
  private static final List<String> EXPORTS =
      List.of("api", "code", "file", "main", "parser", "tree", "util");

  private static final int OLDEST_JDK = 21;

  private Format() {}

  /** Of a JDK that the formatter runs on: the one on the PATH may be older than Maven's. */
  private static String home() {
    String named = System.getenv("JAVA_HOME");
    return Runtime.version().feature() < OLDEST_JDK && named != null
        ? named
        : System.getProperty("java.home");
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    boolean check = args.length == 2 && args[0].equals("--check");
    String jar = args[args.length - 1];
    if (!new File(jar).isFile()) {
      System.err.println("No formatter at " + jar + "; run: mvn -q validate");
      System.exit(2);
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(home(), "bin", "java").toString());
    EXPORTS.forEach(
        name ->
            command.add("--add-exports=jdk.compiler/com.sun.tools.javac." + name + "=ALL-UNNAMED"));
    command.addAll(List.of("-jar", jar));
    command.addAll(check ? List.of("--dry-run", "--set-exit-if-changed") : List.of("--replace"));
    try (Stream<Path> files = Files.walk(Path.of("."))) {
      files
          .map(Path::toString)
          .filter(file -> file.endsWith(".java"))
          .filter(file -> !file.contains("/target/") && !file.contains("/."))
          .sorted()
          .forEach(command::add);
    }
    int exit = new ProcessBuilder(command).inheritIO().start().waitFor();
    if (check && exit != 0) {
      System.err.println("The files above are not formatted; run: java build/Format.java " + jar);
    }
    System.exit(exit);
  }
}
