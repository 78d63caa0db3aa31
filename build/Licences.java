import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/**
 * Checks the licences of everything that ships, by the SBOMs of all modules ({@code mvn package}
 * makes them): Apache, MIT and BSD pass, the exceptions below are named with their reason, and
 * anything else, or a part without a licence, is an error.
 */
final class Licences {
  private static final Pattern PERMITTED =
      Pattern.compile(
          "Apache-2\\.0|MIT|MIT-0|BSD-2-Clause|BSD-3-Clause|0BSD|CC0-1\\.0|Go|"
              + "(?i:.*\\b(apache|mit|bsd)\\b.*)");

  /** Group and name to why it may ship all the same. */
  private static final Map<String, String> EXCEPTIONS =
      Map.of(
          "ch.qos.logback:.*", "EPL-1.0 or LGPL-2.1, unchanged: the logging back end of the stack",
          "org.glassfish.expressly:.*",
              "EPL-2.0, unchanged: Hibernate Validator's messages need it",
          "jakarta\\..*", "EPL-2.0, unchanged: the Jakarta interfaces",
          "org.hdrhistogram:.*|org.latencyutils:.*", "public domain (CC0) or BSD",
          "org.bouncycastle:.*", "the Bouncy Castle licence is MIT's text",
          "org.junit\\..*", "EPL-2.0, unchanged: the published test kit is a JUnit extension",
          "javax.annotation:.*", "CDDL or GPL with class path exception: java-spiffe brings it");

  private Licences() {}

  public static void main(String[] args) throws Exception {
    Map<String, String> parts = new TreeMap<>();
    try (Stream<Path> modules = Files.list(Path.of(""))) {
      for (Path module : modules.filter(Licences::ships).toList()) {
        Path bom = module.resolve("target/bom.xml");
        if (Files.exists(bom)) {
          read(bom, parts);
        }
      }
    }
    if (parts.isEmpty()) {
      System.err.println("licences: no target/bom.xml; run mvn package first");
      System.exit(1);
    }
    List<String> wrong = new ArrayList<>();
    int excepted = 0;
    for (Map.Entry<String, String> part : parts.entrySet()) {
      boolean permitted =
          !part.getValue().isEmpty()
              && Stream.of(part.getValue().split(" \\| "))
                  .anyMatch(licence -> PERMITTED.matcher(licence).matches());
      if (!permitted && EXCEPTIONS.keySet().stream().anyMatch(part.getKey()::matches)) {
        excepted++;
      } else if (!permitted) {
        wrong.add(part.getKey() + ": " + (part.getValue().isEmpty() ? "none" : part.getValue()));
      }
    }
    wrong.forEach(line -> System.err.println("licences: " + line + " is not permitted"));
    System.out.printf(
        "licences: %d parts, %d by a named exception, %d not permitted%n",
        parts.size(), excepted, wrong.size());
    System.exit(wrong.isEmpty() ? 0 : 1);
  }

  /** What measures and what tries the whole from outside goes to nobody. */
  private static boolean ships(Path module) {
    return Files.isDirectory(module) && !List.of("bench", "e2e").contains(module.toString());
  }

  private static void read(Path bom, Map<String, String> parts) throws Exception {
    NodeList components =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(bom.toFile())
            .getElementsByTagName("component");
    for (int i = 0; i < components.getLength(); i++) {
      Element one = (Element) components.item(i);
      String group = text(one, "group");
      if (group.startsWith("io.agentweave")
          || group.equals("org.cyclonedx")
          || one.getParentNode().getNodeName().equals("metadata")) {
        continue;
      }
      List<String> licences = new ArrayList<>();
      for (Node child = one.getFirstChild(); child != null; child = child.getNextSibling()) {
        if (child instanceof Element element && element.getTagName().equals("licenses")) {
          for (String tag : List.of("id", "name", "expression")) {
            NodeList said = element.getElementsByTagName(tag);
            for (int n = 0; n < said.getLength(); n++) {
              licences.add(said.item(n).getTextContent().trim());
            }
          }
        }
      }
      parts.merge(group + ":" + text(one, "name"), String.join(" | ", licences), (a, b) -> a);
    }
  }

  private static String text(Element parent, String tag) {
    for (Node child = parent.getFirstChild(); child != null; child = child.getNextSibling()) {
      if (child instanceof Element element && element.getTagName().equals(tag)) {
        return element.getTextContent().trim();
      }
    }
    return "";
  }
}
