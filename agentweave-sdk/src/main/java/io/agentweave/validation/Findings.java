package io.agentweave.validation;

import io.agentweave.call.Violation;
import java.util.ArrayList;
import java.util.List;

/** Violations of one document, in the order found; a bounded number of them. For one thread. */
public final class Findings {
  static final int MOST = 100;

  private final List<Violation> found = new ArrayList<>();
  private int more;

  public void add(Place place, String rule, String shape) {
    add(place.toString(), rule, shape);
  }

  void add(String field, String rule, String shape) {
    if (found.size() < MOST) {
      found.add(new Violation(field, rule, shape));
    } else {
      more++;
    }
  }

  int count() {
    return found.size() + more;
  }

  boolean none() {
    return found.isEmpty();
  }

  /** Empty when there are none. */
  public List<Violation> all() {
    List<Violation> all = new ArrayList<>(found);
    if (more > 0) {
      all.add(new Violation("", "must be mended above first", more + " further violations"));
    }
    return List.copyOf(all);
  }
}
