package io.agentweave.validation;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Times as RFC 3339 section 5.6 writes them, with at most nine decimals of a second. A time without
 * an offset is not a moment, so it is refused by name; so is one that no calendar has.
 */
final class Times {
  private static final String LOCAL =
      "[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?";
  private static final Pattern WITHOUT_OFFSET = Pattern.compile(LOCAL);
  private static final Pattern WITH_OFFSET =
      Pattern.compile(LOCAL + "([Zz]|[+-][0-9]{2}:[0-9]{2})");
  private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");

  private Times() {}

  static ValueReader offsetDateTime() {
    return Times::moment;
  }

  static ValueReader instant() {
    return (node, place, findings) -> {
      OffsetDateTime moment = moment(node, place, findings);
      return moment == null ? null : moment.toInstant();
    };
  }

  static OffsetDateTime quickMoment(QuickJson in) {
    OffsetDateTime moment = moment(in.string());
    if (moment == null) {
      throw new QuickJson.GivesUp();
    }
    return moment;
  }

  static Instant quickInstant(QuickJson in) {
    return quickMoment(in).toInstant();
  }

  static ValueReader date() {
    return ValueReaders.parsed("must be a date such as 2026-11-21 that exists", Times::date);
  }

  private static LocalDate date(String text) {
    try {
      LocalDate date = LocalDate.parse(text);
      if (DATE.matcher(text).matches() && date.getYear() > 0) {
        return date;
      }
    } catch (DateTimeException e) {
      // falls through
    }
    throw new IllegalArgumentException("not a date");
  }

  /** Four digits have to do for the year, there and in UTC, where the next reader finds it. */
  private static boolean isWritable(OffsetDateTime moment) {
    int inUtc = moment.withOffsetSameInstant(ZoneOffset.UTC).getYear();
    return moment.getYear() > 0 && inUtc > 0 && inUtc < 10_000;
  }

  private static @Nullable OffsetDateTime moment(String text) {
    OffsetDateTime usual = UtcTime.parse(text);
    if (usual != null) {
      return usual;
    }
    if (WITH_OFFSET.matcher(text).matches()) {
      try {
        OffsetDateTime moment = OffsetDateTime.parse(text);
        return isWritable(moment) ? moment : null;
      } catch (DateTimeException e) {
        // falls through
      }
    }
    return null;
  }

  private static @Nullable OffsetDateTime moment(JsonNode node, Place place, Findings findings) {
    String text = node.isTextual() ? node.textValue() : "";
    OffsetDateTime moment = moment(text);
    if (moment != null) {
      return moment;
    }
    if (WITH_OFFSET.matcher(text).matches()) {
      findings.add(place, "must be a date and time that exist", Shape.of(node));
    } else if (WITHOUT_OFFSET.matcher(text).matches()) {
      findings.add(place, "must have an offset such as Z or +01:00", Shape.of(node));
    } else {
      findings.add(place, "must be an RFC 3339 time such as 2026-11-21T10:00:00Z", Shape.of(node));
    }
    return null;
  }
}
