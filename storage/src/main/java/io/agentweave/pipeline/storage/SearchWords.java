package io.agentweave.pipeline.storage;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes text apart into the words that events are found by: runs of letters and digits, in lower
 * case. What parts words is listed and not asked of a locale, because the database takes a query
 * apart by the same list ({@code search_words} in its migrations).
 */
final class SearchWords {
  /** In bytes of UTF-8. PostgreSQL has no longer ones. */
  private static final int LONGEST = 2_046;

  private SearchWords() {}

  /** The words of plain text, one after another, as often as they stand there. */
  static void ofText(String text, Consumer<String> words) {
    int start = 0;
    for (int i = 0; i <= text.length(); i++) {
      if (i == text.length() || parts(text.charAt(i))) {
        word(text, start, i, words);
        start = i + 1;
      }
    }
  }

  /** The words of all names, texts and numbers in JSON that is known to be well-formed. */
  static void ofJson(String json, Consumer<String> words) {
    if (json.indexOf('\\') < 0) {
      ofText(json, words);
    } else {
      ofText(unescaped(json), words);
    }
  }

  /** Escapes as what they stand for. What that does to the quotes around it is no matter here. */
  private static String unescaped(String json) {
    StringBuilder plain = new StringBuilder(json.length());
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (c == '\\' && json.charAt(i + 1) == 'u') {
        plain.append((char) Integer.parseInt(json, i + 2, i + 6, 16));
        i += 5;
      } else if (c == '\\') {
        plain.append(' ');
        i++;
      } else {
        plain.append(c);
      }
    }
    return plain.toString();
  }

  private static void word(String text, int start, int end, Consumer<String> words) {
    if (end > start && end - start <= LONGEST) {
      String word = inLowerCase(text.substring(start, end));
      if (word.length() <= LONGEST / 3 || word.getBytes(StandardCharsets.UTF_8).length <= LONGEST) {
        words.accept(word);
      }
    }
  }

  /**
   * Letter by letter, as the database does it. {@link String#toLowerCase()} looks at what stands
   * beside a letter, and makes two characters of some.
   */
  private static String inLowerCase(String word) {
    @Nullable StringBuilder lower = null;
    for (int i = 0; i < word.length(); i++) {
      int letter = word.codePointAt(i);
      int small = Character.toLowerCase(letter);
      if (lower == null && small != letter) {
        lower = new StringBuilder(word.length()).append(word, 0, i);
      }
      if (lower != null) {
        lower.appendCodePoint(small);
      }
      i += Character.charCount(letter) - 1;
    }
    return lower == null ? word : lower.toString();
  }

  private static boolean parts(char c) {
    if (c < 0x80) {
      return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'));
    }
    return c <= '\u00bf'
        || c == '\u00d7'
        || c == '\u00f7'
        || (c >= '\u2000' && c <= '\u206f')
        || (c >= '\u3000' && c <= '\u303f');
  }
}
