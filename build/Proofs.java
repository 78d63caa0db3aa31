import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Writes docs/proofs.md from the results of the tests: which attack or fault was tried, what
 * happened, where it is written down. Reads build/proofs.txt for the subjects, the surefire reports
 * of all modules and the logs of the e2e scripts. A subject without a run is an error, as is a test
 * that failed. Of the e2e scripts, those that did not run are left out, unless {@code --all} is
 * given.
 */
final class Proofs {
  private record Subject(String section, String name, String recorded) {}

  private record Row(String attack, String outcome, String recorded, String test) {}

  private static final List<String> wrong = new ArrayList<>();

  public static void main(String[] args) throws Exception {
    boolean all = List.of(args).contains("--all");
    Map<String, Path> reports = reports();
    Map<String, List<Row>> sections = new LinkedHashMap<>();
    int count = 0;
    for (Subject subject : subjects()) {
      boolean script = subject.name().startsWith("e2e/");
      List<Row> rows = script ? ofScript(subject) : ofTests(subject, reports.get(subject.name()));
      if (rows.isEmpty() && script && !all) {
        continue;
      }
      if (rows.isEmpty()) {
        wrong.add(subject.name() + " has no run");
      }
      sections.computeIfAbsent(subject.section(), none -> new ArrayList<>()).addAll(rows);
      count += rows.size();
    }
    if (!wrong.isEmpty()) {
      wrong.forEach(line -> System.err.println("proofs: " + line));
      System.exit(1);
    }
    Files.writeString(Path.of("docs/proofs.md"), page(sections, count));
    System.out.println("docs/proofs.md: " + count + " rows");
  }

  private static List<Subject> subjects() throws IOException {
    List<Subject> subjects = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("build/proofs.txt"))) {
      if (!line.isBlank() && !line.startsWith("#")) {
        String[] cells = line.split(" \\| ", 3);
        subjects.add(new Subject(cells[0], cells[1], cells[2]));
      }
    }
    return subjects;
  }

  private static Map<String, Path> reports() throws IOException {
    Map<String, Path> found = new TreeMap<>();
    try (Stream<Path> modules = Files.list(Path.of(""))) {
      for (Path module : modules.filter(Files::isDirectory).toList()) {
        Path folder = module.resolve("target/surefire-reports");
        if (Files.isDirectory(folder)) {
          try (Stream<Path> files = Files.list(folder)) {
            files
                .filter(file -> file.getFileName().toString().matches("TEST-.*\\.xml"))
                .forEach(
                    file -> {
                      String name = file.getFileName().toString();
                      found.put(name.substring(5, name.length() - 4), file);
                    });
          }
        }
      }
    }
    return found;
  }

  private static List<Row> ofTests(Subject subject, Path report) throws Exception {
    List<Row> rows = new ArrayList<>();
    if (report == null) {
      return rows;
    }
    NodeList cases =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(report.toFile())
            .getElementsByTagName("testcase");
    for (int i = 0; i < cases.getLength(); i++) {
      Element one = (Element) cases.item(i);
      String name = one.getAttribute("name");
      if (one.getElementsByTagName("failure").getLength() > 0
          || one.getElementsByTagName("error").getLength() > 0
          || one.getElementsByTagName("skipped").getLength() > 0) {
        wrong.add(subject.name() + " " + name + " did not pass");
      }
      rows.add(row(subject, name));
    }
    rows.sort((a, b) -> a.test().compareTo(b.test()));
    return rows;
  }

  /** Test names are sentences: the attack stands before the first underscore, the outcome after. */
  private static Row row(Subject subject, String name) {
    String method = name.replaceAll("[({\\[].*", "");
    String given = name.substring(method.length()).replaceAll("^\\([^)]*\\)", "").trim();
    String[] parts = method.split("_", 2);
    String attack = words(parts[0]) + (given.isEmpty() ? "" : ": " + given);
    String outcome =
        parts.length > 1 ? words(parts[1].replace("_", ", ")) : "cut off, others served";
    String simple = subject.name().substring(subject.name().lastIndexOf('.') + 1);
    return new Row(attack, outcome, subject.recorded(), simple + "." + name);
  }

  private static String words(String camel) {
    String spaced = camel.replaceAll("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ").trim();
    return spaced.toLowerCase(Locale.ROOT);
  }

  private static List<Row> ofScript(Subject subject) throws IOException {
    List<Row> rows = new ArrayList<>();
    Path log = Path.of("target").resolve(subject.name() + ".log");
    if (!Files.exists(log)) {
      return rows;
    }
    String step = "";
    for (String line : Files.readAllLines(log)) {
      if (line.startsWith("--- ")) {
        step = line.substring(4);
      } else if (line.startsWith("passed: ")) {
        rows.add(new Row(step, line.substring(8), subject.recorded(), subject.name()));
      } else if (line.startsWith("FAILED")) {
        wrong.add(subject.name() + ": " + line);
      }
    }
    return rows;
  }

  private static String page(Map<String, List<Row>> sections, int count) {
    StringBuilder page = new StringBuilder();
    page.append(
        """
        # Proofs

        What was tried against AgentWeave, what happened, and where it is written down. Made by
        `build/proofs` from the results of a run (`mvn -B verify` and the scripts in `e2e/`);
        every row is a test that ran and passed. %d rows. [threat-model.md](threat-model.md) says why these.
        """
            .formatted(count));
    sections.forEach(
        (section, rows) -> {
          page.append("\n## ").append(section).append("\n\n");
          page.append("| attack or fault | what happened | written down in | test |\n");
          page.append("|---|---|---|---|\n");
          for (Row row : rows) {
            page.append(
                "| %s | %s | %s | `%s` |\n"
                    .formatted(
                        cell(row.attack()), cell(row.outcome()), row.recorded(), cell(row.test())));
          }
        });
    return page.toString();
  }

  private static String cell(String text) {
    StringBuilder safe = new StringBuilder();
    text.codePoints()
        .limit(160)
        .forEach(
            c -> {
              if (c == '|') {
                safe.append("\\|");
              } else if (c < ' ' || c > 126) {
                safe.append("\\u%04x".formatted(c));
              } else {
                safe.appendCodePoint(c);
              }
            });
    return safe.toString().replace("`", "'");
  }
}
