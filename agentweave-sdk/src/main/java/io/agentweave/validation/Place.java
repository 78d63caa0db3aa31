package io.agentweave.validation;

import org.jspecify.annotations.Nullable;

/** Where in a document something stands; becomes text only when it is asked. */
public final class Place {
  private static final int LONGEST = 300;
  private static final Place ROOT = new Place(null, "", -1);

  private final @Nullable Place within;
  private final String name;
  private final int index;

  private Place(@Nullable Place within, String name, int index) {
    this.within = within;
    this.name = name;
    this.index = index;
  }

  static Place root() {
    return ROOT;
  }

  /** The place with this path; {@code ""} is the root. */
  public static Place of(String path) {
    return path.isEmpty() ? ROOT : new Place(ROOT, path, -1);
  }

  public Place member(String memberName) {
    return new Place(this, memberName, -1);
  }

  public Place element(int at) {
    return new Place(this, "", at);
  }

  /** {@code events[3].properties.plan}; cut in the middle of nowhere when it is too long. */
  @Override
  public String toString() {
    StringBuilder path = new StringBuilder();
    write(path);
    if (path.length() > LONGEST) {
      path.setLength(LONGEST);
      path.append("...");
    }
    return path.toString();
  }

  private void write(StringBuilder path) {
    if (within == null) {
      return;
    }
    within.write(path);
    if (index >= 0) {
      path.append('[').append(index).append(']');
    } else {
      path.append(path.isEmpty() ? "" : ".").append(name);
    }
  }
}
