package io.agentweave.pipeline.storage;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** A place that stored events go on to, through the outbox. */
interface Destination {

  Name name();

  /**
   * Whether all that {@link #take} does becomes lasting with its transaction, and by nothing else.
   * Then a batch that was interrupted need not be the same when it is tried again.
   */
  boolean endsWithTransaction();

  /**
   * Takes a batch. May be asked again with the same batch when the transaction did not commit, and
   * then has to come to the same end.
   *
   * @param connection in the transaction that takes the batch out of the outbox
   * @throws java.io.UncheckedIOException when it can't be reached at the moment
   */
  void take(Connection connection, long batch, List<String> eventIds) throws SQLException;

  /** The destinations that there are. */
  enum Name {
    WAREHOUSE("warehouse", StorageSpan.WAREHOUSE_WRITE),
    SEARCH("search", StorageSpan.SEARCH_INDEX),
    ANALYTICS("analytics", StorageSpan.ANALYTICS_TRIGGER);

    private final String word;
    private final StorageSpan span;

    Name(String word, StorageSpan span) {
      this.word = word;
      this.span = span;
    }

    String word() {
      return word;
    }

    StorageSpan span() {
      return span;
    }
  }
}
