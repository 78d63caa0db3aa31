package io.agentweave.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.agentweave.validation.QuickJson.GivesUp;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads an object into a record. */
final class RecordValueReader implements ValueReader {
  private final Class<? extends Record> type;
  private final RecordComponent[] components;
  private volatile @Nullable Map<String, Member> members;
  private volatile Member @Nullable [] ordered;
  private volatile boolean prepared;

  /** One component: its name, its place in the constructor, its reader, whether null will do. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Member(byte[] name, int index, ValueReader reader, boolean mayBeNull) {}

  RecordValueReader(Class<? extends Record> type) {
    this.type = type;
    this.components = type.getRecordComponents();
  }

  @Override
  public @Nullable Object read(JsonNode node, Place place, Findings findings) {
    if (!node.isObject()) {
      findings.add(place, "must be an object", Shape.of(node));
      return null;
    }
    Map<String, Member> known = members();
    int before = findings.count();
    @Nullable Object[] values = new @Nullable Object[components.length];
    boolean complete = true;
    for (Map.Entry<String, Member> entry : known.entrySet()) {
      Member member = entry.getValue();
      String name = entry.getKey();
      Object read = value(member, node.path(name), place.member(name), findings);
      values[member.index()] = read;
      complete &= member.mayBeNull() || read != null;
    }
    for (Map.Entry<String, JsonNode> given : node.properties()) {
      if (!known.containsKey(given.getKey())) {
        findings.add(
            place.member(Names.printable(given.getKey())),
            "is unknown" + Suggestion.didYouMean(given.getKey(), known.keySet()),
            Shape.of(given.getValue()));
      }
    }
    if (!complete) {
      checkApart(values, place, findings);
      return null;
    }
    Record made = Records.make(type, values);
    if (made == null) {
      if (findings.count() == before) {
        findings.add(place, "has members that do not fit together", Shape.of(node));
      }
      return null;
    }
    report(Constraints.broken(made), place, findings);
    return findings.count() == before ? made : null;
  }

  @Override
  public Object quick(QuickJson in) {
    Member[] known = inOrder();
    @Nullable Object[] values = new @Nullable Object[known.length];
    boolean[] given = new boolean[known.length];
    in.enter('{');
    if (in.peek() != '}') {
      int next = 0;
      do {
        int index = named(known, next, in);
        if (given[index]) {
          throw new GivesUp();
        }
        given[index] = true;
        Member member = known[index];
        values[index] = member.mayBeNull() && in.takeNull() ? null : member.reader().quick(in);
        next = index + 1;
      } while (in.take(','));
    }
    in.leave('}');
    for (int i = 0; i < known.length; i++) {
      if (!given[i]) {
        values[i] = absent(known[i]);
      }
    }
    Record made = Records.make(type, values);
    if (made == null || !Constraints.surelyHold(made)) {
      throw new GivesUp();
    }
    return made;
  }

  /** Which member comes next; most often the one after the last. */
  private static int named(Member[] known, int expected, QuickJson in) {
    long name = in.name();
    for (int i = 0; i < known.length; i++) {
      int index = (expected + i) % known.length;
      if (in.isNamed(name, known[index].name())) {
        return index;
      }
    }
    throw new GivesUp();
  }

  private static @Nullable Object absent(Member member) {
    if (member.mayBeNull()) {
      return null;
    } else if (member.reader().acceptsAbsence()) {
      return member.reader().read(MissingNode.getInstance(), Place.root(), new Findings());
    }
    throw new GivesUp();
  }

  private Member[] inOrder() {
    Member[] known = ordered;
    if (known == null) {
      known = members().values().toArray(Member[]::new);
      ordered = known;
    }
    return known;
  }

  /** Throws when a component, however deep, has a type that can't be read. */
  void prepare() {
    if (!prepared) {
      prepared = true; // before, not after: a record may hold records of its own type
      try {
        members();
        Constraints.check(type);
      } catch (IllegalArgumentException e) {
        prepared = false;
        throw e;
      }
    }
  }

  Set<String> names() {
    return members().keySet();
  }

  private static @Nullable Object value(
      Member member, JsonNode node, Place place, Findings findings) {
    if (member.mayBeNull() && (node.isMissingNode() || node.isNull())) {
      return null;
    }
    return ValueReaders.required(member.reader(), node, place, findings);
  }

  private void checkApart(@Nullable Object[] values, Place place, Findings findings) {
    for (int i = 0; i < values.length; i++) {
      if (values[i] != null) {
        report(Constraints.broken(type, components[i].getName(), values[i]), place, findings);
      }
    }
  }

  private static void report(List<Constraints.Broken> broken, Place place, Findings findings) {
    for (Constraints.Broken rule : broken) {
      Place at =
          rule.component().isEmpty()
              ? place
              : place.member(Names.snakeCase(rule.component()) + rule.inside());
      findings.add(at, rule.rule(), Shape.of(rule.found()));
    }
  }

  private Map<String, Member> members() {
    Map<String, Member> known = members;
    if (known == null) {
      known = new LinkedHashMap<>();
      for (int i = 0; i < components.length; i++) {
        RecordComponent component = components[i];
        boolean mayBeNull = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
        known.put(
            Names.snakeCase(component.getName()),
            new Member(
                Names.snakeCase(component.getName()).getBytes(StandardCharsets.UTF_8),
                i,
                ValueReaders.of(component.getGenericType()),
                mayBeNull));
      }
      members = known;
    }
    return known;
  }
}
