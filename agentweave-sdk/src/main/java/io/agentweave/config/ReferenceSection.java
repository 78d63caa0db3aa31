package io.agentweave.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A part of a documentation page that is generated from code. A test of the module that owns it
 * compares, and writes it anew when it is run with {@code -Dagentweave.regenerate=true}.
 *
 * @param name unique on its page, normally the module
 * @param markdown its content
 */
public record ReferenceSection(String name, String markdown) {

  /** Whether the page holds exactly this. */
  public boolean isIn(Path page) throws IOException {
    return Files.exists(page) && Files.readString(page).contains(marked());
  }

  /** Replaces the section of this name, or adds it at the end of the page. */
  public void writeInto(Path page) throws IOException {
    String before = Files.exists(page) ? Files.readString(page) : "";
    int start = before.indexOf(opening());
    int end = before.indexOf(closing());
    String after =
        start >= 0 && end > start
            ? before.substring(0, start) + marked() + before.substring(end + closing().length())
            : before + (before.isEmpty() ? "" : "\n") + marked() + "\n";
    Files.createDirectories(page.toAbsolutePath().getParent());
    Files.writeString(page, after);
  }

  private String marked() {
    return opening() + "\n" + markdown.strip() + "\n" + closing();
  }

  private String opening() {
    return "<!-- generated: " + name + " -->";
  }

  private String closing() {
    return "<!-- end of " + name + " -->";
  }
}
