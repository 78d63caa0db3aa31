package io.agentweave.pipeline.processor;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Finds users, most of them in memory. A bounded number is remembered; that somebody is unknown is
 * remembered for a shorter time, so that new users are found soon. Safe for use by many threads.
 */
final class UserDirectory {
  private final Function<Collection<String>, Map<String, User>> source;
  private final Cache<String, User> remembered;

  /**
   * A directory over a source.
   *
   * @param source answers for many ids at once, leaving out those it does not know
   */
  UserDirectory(
      Function<Collection<String>, Map<String, User>> source,
      ProcessorConfig.Users settings,
      Ticker clock) {
    this.source = source;
    this.remembered =
        Caffeine.newBuilder()
            .maximumSize(settings.cacheSize())
            .ticker(clock)
            .executor(Runnable::run)
            .expireAfter(
                Expiry.<String, User>creating(
                    (id, user) ->
                        user.equals(User.UNKNOWN) ? settings.unknown() : settings.known()))
            .build();
  }

  /** A user for each of the ids; {@link User#UNKNOWN} for those nobody knows. */
  Map<String, User> find(Set<String> ids) {
    Map<String, User> found = new HashMap<>(remembered.getAllPresent(ids));
    Set<String> missing = new LinkedHashSet<>(ids);
    missing.removeAll(found.keySet());
    if (!missing.isEmpty()) {
      Map<String, User> known = source.apply(missing);
      for (String id : missing) {
        User user = known.getOrDefault(id, User.UNKNOWN);
        remembered.put(id, user);
        found.put(id, user);
      }
    }
    return found;
  }

  /** How many are remembered, about. */
  long size() {
    remembered.cleanUp();
    return remembered.estimatedSize();
  }
}
